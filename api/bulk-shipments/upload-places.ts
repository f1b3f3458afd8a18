import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../../domain/problems.ts';

/** Uploads that one process holds at once: each is 20 MiB in memory, and a process that reads it. */
export const UPLOADS_AT_ONCE = 2;
const MOST_WAITING = 6;
const WAIT_MS = 20_000;
const RETRY_AFTER_SECONDS = '10';

/**
 * Lets two uploads in at a time. Some others wait with their bodies unread, so that they cost no memory here; the rest are told to
 * come back.
 */
export function uploadPlaces(): MiddlewareHandler {
  let held = 0;
  const waiting: (() => void)[] = [];

  const place = async (client: IncomingMessage): Promise<void> => {
    if (held < UPLOADS_AT_ONCE) {
      held++;
      return;
    }
    const busy = () =>
      new Problem(
        'UNAVAILABLE',
        '다른 파일을 읽는 중입니다. 잠시 뒤에 다시 올려 주세요',
        {},
        { 'retry-after': RETRY_AFTER_SECONDS },
      );
    if (waiting.length >= MOST_WAITING) throw busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push(resolve);
    const giveUp = () => {
      const at = waiting.indexOf(resolve);
      if (at < 0) return;
      waiting.splice(at, 1);
      reject(busy());
    };
    const timer = setTimeout(giveUp, WAIT_MS);
    // Its place in the queue is for somebody who is still there.
    client.once('close', giveUp);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      client.off('close', giveUp);
    }
  };
  /** Whoever waits longest has the place next; without one it is free. */
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else held--;
  };

  return async (c, next) => {
    await place((c.env as { incoming: IncomingMessage }).incoming);
    try {
      await next();
    } finally {
      leave();
    }
  };
}
