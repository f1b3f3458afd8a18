import { ApiError, api, get } from '../../api/api.ts';
import { getSession } from '../../api/session.ts';
import { problemText } from '../../ui/problem-texts.ts';
import { t } from '../../ui/texts.ts';
import { keepLabel, type LastLabel, lastLabel, printLabel, printsLabels } from './label.ts';
import { type Bench, closeParcel, drawingCarrier, shipParcel, VERIFICATIONS, type Verification } from './verifying.ts';

export const EMPTY: Bench = { parcel: null, asks: null, told: null };
export const right = (text: string) => ({ right: true, text });
export const wrong = (text: string) => ({ right: false, text });
export const sentence = ({ code, title }: { code: string; title: string }) => problemText(code, title);
export const reasonOf = (error: unknown): string =>
  error instanceof ApiError && error.status !== 0 ? problemText(error.code, error.message) : t('unreachable');

/** How much of a line was canceled after it was scanned, and lies in the box. */
export const excessOf = ({ counted, needed, state }: Verification['lines'][number]): number =>
  state === 'shipped' || state === 'delivered' ? 0 : Math.max(0, counted - needed);

/** What has to come out of the box; empty = nothing. */
export const toTakeOut = ({ lines }: Verification): string =>
  lines
    .filter((line) => excessOf(line) > 0)
    .map((line) => `${[line.productName, line.optionName].filter(Boolean).join(' ')} ×${excessOf(line)}`)
    .join(', ');

/** A parcel in hand, with what was said of it, unless something has to come out of it. */
export function inHand(parcel: Verification, told: Bench['told']): Bench {
  const out = toTakeOut(parcel);
  return { parcel, asks: null, told: out === '' ? told : wrong(t('packingOut', { what: out })) };
}

/** The parcel that the caller has in hand now. */
export const mine = async (): Promise<Verification | null> => (await get(api.GET(`${VERIFICATIONS}/mine`))).verification;

/** A parcel as it is now. */
export async function current(parcel: Verification): Promise<Verification> {
  const now = await mine();
  return now?.verificationId === parcel.verificationId ? now : parcel;
}

/** Why a parcel that is complete did not leave, and what goes on from there by the keyboard. */
async function refusal(parcel: Verification, { code, title }: { code: string; title: string }): Promise<Bench> {
  if (/^(WAYBILL|CARRIER)_/.test(code)) return { parcel, asks: 'waybill', told: wrong(sentence({ code, title })) };
  // Something was canceled between the last scan and the shipment: what is true now says what has to come out.
  return inHand(await current(parcel), wrong(`${sentence({ code, title })} · ${t('packingAgain')}`));
}

/** Prints a label where this bench prints; what is told of it, if anything. */
export async function printed(label: LastLabel, isAsked = false): Promise<Bench['told']> {
  if (!isAsked && !printsLabels()) return null;
  if (!getSession().permissions.has('pii.read')) return isAsked ? wrong(t('packingNoLabel')) : right(t('packingNoLabel'));
  try {
    await printLabel(label);
    return right(t('packingPrinted', { waybill: label.waybillNo }));
  } catch (error) {
    return wrong(t('packingLabelFailed', { why: reasonOf(error) }));
  }
}

/** Ships a parcel that is complete and prints its label, then closes it: ready for the next. */
export async function finish(parcel: Verification, waybillNo?: string, isAnew = false): Promise<Bench> {
  const { number, verificationId } = parcel;
  if (parcel.closedAt !== null || verificationId === null)
    return { ...EMPTY, told: right(t('packingConfirmed', { no: number })) };
  const mustPick = parcel.isParcel && parcel.carriers.length > 1 && drawingCarrier(parcel) === null;
  if (mustPick && waybillNo === undefined) return { parcel, asks: 'carrier', told: wrong(t('packingPick')) };
  const results = await shipParcel(parcel, waybillNo, isAnew);
  const drawn = results.find((result) => result.waybillNo !== undefined)?.waybillNo;
  const shipped = results.filter(({ ok }) => ok).map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo: lineNo ?? 0 }));
  const refused = results.find(({ error }) => error)?.error;
  const stopped = refused && (await refusal(parcel, refused));
  const label = drawn === undefined ? null : await labelOf({ lines: shipped, waybillNo: drawn, isPrinted: false });
  if (stopped) return label ? { ...stopped, told: wrong(`${stopped.told?.text ?? ''} · ${label.text}`) } : stopped;
  await closeParcel(verificationId);
  const left = t(drawn === undefined ? 'packingShipped' : 'packingDrawn', { no: number, waybill: drawn ?? '' });
  return { ...EMPTY, told: label ? { right: label.right, text: `${left} · ${label.text}` } : right(left) };
}

/** Prints the label of what was just shipped, unless that was done before a reload; it is remembered before it is printed. */
async function labelOf(label: LastLabel): Promise<Bench['told']> {
  const last = lastLabel();
  if (last?.isPrinted && last.waybillNo === label.waybillNo) return null;
  keepLabel(label);
  return printed(label);
}
