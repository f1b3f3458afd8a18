import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../../domain/problems.ts';

const DROPPED_FOR_MS = 2_000;

/**
 * Reads what still comes of a body that nobody wanted and drops it, for a moment at most: a connection that is closed while its client
 * sends breaks, and the client never sees the answer. What is not read by then ends the connection, and the answer says so. The HTTP
 * library's own 500 ms are too short on a busy machine, and break a connection on which the next request is already under way.
 */
export const dropUnreadBody: MiddlewareHandler = async (c, next) => {
  await next();
  const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
  if (!incoming || incoming.method === 'GET' || incoming.method === 'HEAD' || incoming.readableEnded || incoming.destroyed)
    return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DROPPED_FOR_MS);
  incoming.once('end', resolve).once('error', resolve).once('close', resolve).resume();
  await promise;
  clearTimeout(timer);
  if (!incoming.readableEnded) c.header('connection', 'close');
};

/** Hono's own limit makes Node create a web stream of the body; here only a body of unknown length is counted while it arrives. */
export function limited(maxSize: number, detail: string): MiddlewareHandler {
  const onError = () => {
    throw new Problem('BODY_TOO_LARGE', detail);
  };
  const counted = bodyLimit({ maxSize, onError });
  return (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    return Number(c.req.header('content-length') ?? 0) > maxSize ? onError() : next();
  };
}
