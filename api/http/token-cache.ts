import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type ExportedJWKSCache,
  type JWTVerifyGetKey,
  errors as joseErrors,
  jwksCache,
} from 'jose';
import type { Logger } from 'pino';
import { Problem } from '../../domain/problems.ts';

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

/** The whole reading of the key set, to its last byte. */
const READ_WITHIN_MS = 2_000;
/** After a failed reading the next one waits, so that callers do not stand in line behind a server that hangs. */
const AGAIN_AFTER_MS = 5_000;
/** Keys read before are trusted so long while their set is away: longer than an outage, but a revoked key must end. */
const TRUSTED_MS = 24 * 3_600_000;
const FRESH_MS = 600_000;

/** Faults of the token, found with a set that was read; any other failure is one of reading the set. */
const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported } = joseErrors;
const isTokens = (error: unknown) =>
  [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported].some((fault) => error instanceof fault);

/**
 * The keys of AUTH_JWKS_URL. While the set is away, keys that were read before go on working, and a token with another one is
 * UNAVAILABLE: whether it is good is not known. Only a set that answers can call a token bad.
 */
export function keySet(
  url: URL,
  log: Pick<Logger, 'warn'>,
  { freshMs = FRESH_MS, now = () => performance.now() } = {},
): JWTVerifyGetKey {
  const cache: ExportedJWKSCache | Record<string, never> = {};
  const known = (): Partial<ExportedJWKSCache> => cache;
  const remote = createRemoteJWKSet(url, { timeoutDuration: READ_WITHIN_MS, cacheMaxAge: freshMs, [jwksCache]: cache });
  let failedAt = Number.NEGATIVE_INFINITY;
  const readBefore: JWTVerifyGetKey = async (header, token) => {
    const away = new Problem(
      'UNAVAILABLE',
      '로그인 키를 지금 확인할 수 없습니다. 아무것도 처리되지 않았습니다',
      {},
      { 'retry-after': '5' },
    );
    const { jwks, uat = 0 } = known();
    if (!jwks || Date.now() - uat > TRUSTED_MS) throw away;
    try {
      return await createLocalJWKSet(jwks)(header, token);
    } catch (error) {
      throw error instanceof JWKSNoMatchingKey ? away : error;
    }
  };
  return async (header, token) => {
    if (now() - failedAt < AGAIN_AFTER_MS) return readBefore(header, token);
    try {
      return await remote(header, token);
    } catch (error) {
      if (isTokens(error)) throw error;
      failedAt = now();
      log.warn({ err: error, hasKeys: known().jwks !== undefined }, 'the key set cannot be read');
      return readBefore(header, token);
    }
  };
}
