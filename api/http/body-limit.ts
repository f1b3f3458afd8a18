import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../../domain/problems.ts';

const DROPPED_FOR_MS = 2_000;

/**
 * Reads what still comes of a refused body and drops it, for a moment at most: a connection that is closed while its client sends
 * breaks, and the client never sees the answer.
 */
export async function dropBody(c: Context): Promise<void> {
  const { incoming } = c.env as { incoming: IncomingMessage };
  if (incoming.readableEnded || incoming.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DROPPED_FOR_MS);
  incoming.once('end', resolve).once('error', resolve).once('close', resolve).resume();
  await promise;
  clearTimeout(timer);
}

/** Hono's own limit makes Node create a web stream of the body; here only a body of unknown length is counted while it arrives. */
export function limited(maxSize: number, detail: string): MiddlewareHandler {
  const onError = () => {
    throw new Problem('BODY_TOO_LARGE', detail);
  };
  const counted = bodyLimit({ maxSize, onError });
  return async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    if (Number(c.req.header('content-length') ?? 0) <= maxSize) return next();
    await dropBody(c);
    return onError();
  };
}
