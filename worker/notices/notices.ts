import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Db } from '../../db/database.ts';
import { hearEvents } from '../../db/notices/hear.ts';
import { deleteNotices, holdNotices, leaveUnknown, takeNotices } from '../../db/notices/take.ts';
import { MOST_ATTEMPTS } from '../../domain/notices/notice.ts';
import { afterQuiet } from '../../domain/notices/quiet.ts';
import type { NoticeConfig } from '../../process/config/notices.ts';
import type { NoticeCounters } from './metrics.ts';
import { providerOf } from './provider.ts';
import { type SendOptions, sendNotice } from './send.ts';

/** Messages on their way at once. */
const AT_ONCE = 8;
/** Pause after an error of PostgreSQL. */
const PAUSE_MS = 1_000;
const KEPT_DAYS = 90;
const DELETED_AT_ONCE = 1_000;
const DELETE_EVERY_MS = 3_600_000;

export interface NoticeOptions {
  db: Db;
  log: Logger;
  config: NoticeConfig;
  counters: NoticeCounters;
}

/**
 * Tells receivers (알림톡): hears the events in their order, makes a notice of each that has a rule, and sends what is due outside the
 * quiet hours. Several may run at once. Without a provider it does nothing. `stop` waits for the messages on their way.
 */
export function startNotices({ db, log, config, counters }: NoticeOptions): { stop: () => Promise<void> } {
  const provider = providerOf(config);
  if (!provider) return { stop: async () => {} };
  const quiet = config.NOTICE_QUIET_HOURS;
  const options: SendOptions = {
    ...{ db, provider, log, quiet, retryMs: config.NOTICE_RETRY_MS, leaseMs: config.NOTICE_LEASE_MS },
    onEnded: counters.onEnded,
  };
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  const turn = async (): Promise<'more' | 'none'> => {
    const heard = await hearEvents(db, MOST_ATTEMPTS);
    const left = await leaveUnknown(db.query, config.NOTICE_LEASE_MS);
    if (left > 0) log.error({ notices: left }, 'a worker died while it sent notices: nobody knows whether they arrived');
    for (let each = 0; each < left; each++) counters.onEnded('unknown');
    const now = new Date();
    const until = afterQuiet(quiet, now);
    if (until > now) {
      await holdNotices(db.query, until);
      return heard > 0 ? 'more' : 'none';
    }
    const taken = await takeNotices(db.query, AT_ONCE);
    const ended = await Promise.allSettled(taken.map((notice) => sendNotice(options, notice)));
    for (const each of ended)
      if (each.status === 'rejected') log.error({ err: each.reason }, 'what became of a notice could not be stored');
    return heard > 0 || taken.length === AT_ONCE ? 'more' : 'none';
  };
  const tell = async () => {
    while (!stopping.signal.aborted) {
      const found = await turn().catch((error: unknown) => {
        log.warn({ err: error }, 'notices will be tried again');
        return 'trouble' as const;
      });
      if (found !== 'more') await pause(found === 'none' ? config.NOTICE_INTERVAL_MS : PAUSE_MS);
    }
  };
  const tidy = async () => {
    while (!stopping.signal.aborted) {
      const deleted = await deleteNotices(db.query, KEPT_DAYS, DELETED_AT_ONCE).catch((error: unknown) => {
        log.warn({ err: error }, 'old notices will be deleted later');
        return 0;
      });
      if (deleted < DELETED_AT_ONCE) await pause(DELETE_EVERY_MS);
    }
  };
  const running = [tell(), tidy()];
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
