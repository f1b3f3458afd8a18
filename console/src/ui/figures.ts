import { languageNow } from './language.ts';

const long = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' });
/** An instant as shown to the user, in Seoul time. */
export const when = (at: string | null | undefined): string => exactly(at).slice(5, 16);
export const exactly = (at: string | null | undefined): string => (at ? long.format(new Date(at)) : '');
export const won = (amount: number): string => `${amount.toLocaleString(languageNow())}${languageNow() === 'ko' ? '원' : ' KRW'}`;

/** `1분 20초`: how long something takes. */
export function span(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  const ko = languageNow() === 'ko';
  return `${minutes > 0 ? `${minutes}${ko ? '분 ' : ' min '}` : ''}${rest}${ko ? '초' : ' s'}`;
}

/** `3일`, `5시간`, `12분`: how long ago. */
export function age(at: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 60_000));
  const ko = languageNow() === 'ko';
  if (minutes === 0) return ko ? '방금' : 'just now';
  if (minutes >= 2_880) return `${Math.floor(minutes / 1_440)}${ko ? '일 전' : 'd ago'}`;
  if (minutes >= 60) return `${Math.floor(minutes / 60)}${ko ? '시간 전' : 'h ago'}`;
  return `${minutes}${ko ? '분 전' : 'min ago'}`;
}

/** `2시간 5분`: how long it is until something. */
export function hoursAndMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const ko = languageNow() === 'ko';
  const parts = [hours > 0 && `${hours}${ko ? '시간' : ' h'}`, (rest > 0 || hours === 0) && `${rest}${ko ? '분' : ' min'}`];
  return parts.filter(Boolean).join(' ');
}
