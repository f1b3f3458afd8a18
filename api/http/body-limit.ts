import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../../domain/problems.ts';

/** Hono's own limit makes Node create a web stream of the body; here only a body of unknown length is counted while it arrives. */
export function limited(maxSize: number, detail: string): MiddlewareHandler {
  const onError = () => {
    // The rest of the body is not read, so this connection cannot be used any more.
    throw new Problem('BODY_TOO_LARGE', detail, {}, { connection: 'close' });
  };
  const counted = bodyLimit({ maxSize, onError });
  return (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    return Number(c.req.header('content-length') ?? 0) > maxSize ? onError() : next();
  };
}
