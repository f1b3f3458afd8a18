import type { Logger } from 'pino';
import type { Db } from '../../db/database.ts';
import { factsOfNotice } from '../../db/notices/facts.ts';
import { endAttempt, type NoticeEnd, type TakenNotice } from '../../db/notices/take.ts';
import { pauseBeforeNext } from '../../domain/notices/notice.ts';
import { afterQuiet, type QuietHours } from '../../domain/notices/quiet.ts';
import { judgeNotice } from '../../domain/notices/verdict.ts';
import type { NoticeProvider, Sent } from './providers/port.ts';

export interface SendOptions {
  db: Db;
  provider: NoticeProvider;
  log: Logger;
  quiet: QuietHours | null;
  retryMs: number;
  leaseMs: number;
  onEnded: (state: NoticeEnd['state']) => void;
}

/**
 * Sends one notice that this process has taken. Whoever dies in here leaves it marked as being sent: nobody sends it again by itself,
 * because to be told twice is worse for a receiver than to wait for a person who looks (at most once over a crash). For the same reason
 * an answer that never came makes it `unknown`; only what the provider has surely not taken is tried again.
 */
export async function sendNotice(options: SendOptions, taken: TakenNotice): Promise<void> {
  const { db, provider, log, leaseMs, onEnded } = options;
  const takenAt = performance.now();
  const facts = await factsOfNotice(db.query, taken.id);
  // Deleted by hand in the meantime.
  if (!facts) return;
  const verdict = judgeNotice(facts);
  let end: NoticeEnd;
  if (verdict.kind === 'send') {
    // A process that stood still for so long may have lost the notice to a person, who has sent it again.
    if (performance.now() - takenAt > leaseMs / 2) return;
    const { templateCode } = verdict.rule;
    const sent = await provider.send({ to: verdict.to, templateCode, ...verdict.message });
    end = { ...endOf(options, taken, sent), provider: provider.name, templateCode };
  } else end = { state: verdict.kind, reason: verdict.reason };
  // Not stored: the mark stays, and a person will look at it.
  if (!(await endAttempt(db.query, taken, end))) log.warn({ notice: taken.id }, 'a notice was sent again by hand meanwhile');
  onEnded(end.state);
  if (end.state === 'failed' || end.state === 'unknown' || end.state === 'waiting')
    log.warn({ notice: taken.id, state: end.state, reason: end.reason, attempts: taken.attempts }, 'a notice was not sent');
}

/** What the provider's answer makes of the notice. */
function endOf({ provider, quiet, retryMs }: SendOptions, { attempts_left }: TakenNotice, sent: Sent): NoticeEnd {
  if (sent.kind === 'sent') return { state: 'sent', reason: null, messageId: sent.messageId };
  const reason = sent.code === 'NOT_REACHED' || sent.code === 'NO_ANSWER' ? sent.code : `${provider.name}:${sent.code}`;
  switch (sent.kind) {
    case 'refused':
      return { state: 'failed', reason };
    case 'unknown':
      return { state: 'unknown', reason };
    case 'later': {
      if (attempts_left <= 0) return { state: 'failed', reason };
      const next = new Date(Date.now() + pauseBeforeNext(retryMs, attempts_left));
      return { state: 'waiting', reason, dueAt: afterQuiet(quiet, next) };
    }
    default:
      return sent satisfies never;
  }
}
