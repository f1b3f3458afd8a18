import { createHash } from 'node:crypto';

/** So much longer than by the key set's own cache is a withdrawn key believed. */
const KEEP_MS = 60_000;
const MOST = 1_000;

interface Verified<Who> {
  who: Who;
  until: number;
}

/**
 * Remembers who a token turned out to be, for a minute at most and never beyond `expiresAt` (ms), so that its signature is not
 * checked with every request. Keyed by a hash: no token is kept. A token that was refused is looked at anew each time.
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
