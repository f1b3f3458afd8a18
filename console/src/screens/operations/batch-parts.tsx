import type { Schemas } from '../../api/api.ts';
import { t } from '../../ui/texts.ts';

export type Batch = Schemas['AnyBatch'];
export type Run = NonNullable<Batch['lastRun']>;

/** Whether the batch is running, scheduled, or paused. */
export function BatchState({ batch }: { batch: Batch }) {
  if (batch.lastRun && batch.lastRun.finishedAt === null)
    return <span className="state state-released">{t('batchRunning')}</span>;
  if (batch.paused) return <span className="state state-awaitingShipment">{t('paused')}</span>;
  if (batch.cron === null) return <span className="state">{t('noSchedule')}</span>;
  return <span className="state state-delivered">{t('batchWaiting')}</span>;
}

const two = (value: string) => value.padStart(2, '0');

/** A simple cron expression in words; nothing for others. */
export function cronWords(cron: string): string {
  const [minute = '', hour = '', ...days] = cron.trim().split(/\s+/);
  if (days.join(' ') !== '* * *') return '';
  const every = /^\*\/(\d+)$/;
  const [, minutes] = every.exec(minute) ?? [];
  const [, hours] = every.exec(hour) ?? [];
  if (minute === '*' && hour === '*') return t('cron.minute');
  if (minutes && hour === '*') return t('cron.minutes', { n: Number(minutes) });
  if (!/^\d+$/.test(minute)) return '';
  if (hour === '*') return minute === '0' ? t('cron.hour') : t('cron.hourAt', { n: Number(minute) });
  if (hours) return t('cron.hours', { n: Number(hours), at: two(minute) });
  return /^\d+$/.test(hour) ? t('cron.day', { at: `${two(hour)}:${two(minute)}` }) : '';
}
