import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/database.ts';
import { waitingNotices } from '../../db/notices/list.ts';
import type { NoticeState } from '../../domain/notices/notice.ts';

/** What the sender of notices counts. */
export interface NoticeCounters {
  onEnded: (state: NoticeState) => void;
}

/** Notices that wait, counted when the metrics are read, and how attempts ended. */
export function noticeMetrics(db: Db, registry: Registry, log: Logger): NoticeCounters {
  const gauge = (name: string, help: string, read: (waiting: { count: number; late: number }) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        try {
          this.set(read(await waitingNotices(db.query)));
        } catch (error) {
          log.warn({ err: error }, 'the notices could not be counted');
        }
      },
    });
  gauge('notices_waiting', 'Notices to receivers that wait to be sent', ({ count }) => count);
  gauge('notices_late_seconds', 'For how long the first of them should have been sent', ({ late }) => late);
  const ended = new Counter({
    name: 'notices_ended_total',
    help: 'Attempts to send a notice, by the state they ended in',
    labelNames: ['state'],
    registers: [registry],
  });
  // From 0 on, so that the first one is an increase.
  for (const state of ['sent', 'skipped', 'failed', 'unknown'] satisfies NoticeState[]) ended.inc({ state }, 0);
  return { onEnded: (state) => ended.inc({ state }) };
}
