import { createHash } from 'node:crypto';

/** A revoked key is trusted this much longer than by the key set's own cache. */
const KEEP_MS = 60_000;
const MOST = 1_000;

interface Verified<Who> {
  who: Who;
  until: number;
}

/**
 * Remembers whose a token is, for at most a minute and never after `expiresAt` (ms), so that its signature is not checked with every
 * request. The key is a hash: no token is stored. A refused token is checked again each time.
 */
export function remembered<Who>(
  verify: (token: string) => Promise<{ who: Who; expiresAt: number }>,
  now: () => number = Date.now,
): (token: string) => Promise<Who> {
  const known = new Map<string, Verified<Who>>();
  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64');
    const found = known.get(key);
    if (found && now() < found.until) return found.who;
    known.delete(key);
    const { who, expiresAt } = await verify(token);
    for (const oldest of known.keys()) {
      if (known.size < MOST) break;
      known.delete(oldest);
    }
    known.set(key, { who, until: Math.min(expiresAt, now() + KEEP_MS) });
    return who;
  };
}
