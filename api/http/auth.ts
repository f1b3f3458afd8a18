import { createMiddleware } from 'hono/factory';
import { errors as joseErrors, jwtVerify } from 'jose';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Problem } from '../../domain/problems.ts';
import type { ApiConfig } from '../../process/config/api.ts';
import type { ApiEnv, Caller } from './deps.ts';
import { isStorable } from './schemas.ts';
import { keySet, remembered } from './token-cache.ts';

export const permissions = [
  'order.write',
  'delivery.read',
  'delivery.write',
  'delivery.undo',
  'pickup.read',
  'pickup.write',
  'pii.read',
  'batch.read',
  'batch.run',
  'policy.read',
  'policy.write',
  'assembly.read',
  'assembly.write',
  'audit.read',
  'event.read',
  'event.write',
] as const;
export type Permission = (typeof permissions)[number];

const LEEWAY_SECONDS = 60;

const claimsSchema = z.object({
  sub: z.string().min(1).max(200).refine(isStorable),
  permissions: z.array(z.string()),
  // Nothing depends on it, so no form of it makes a token bad.
  name: z.unknown().optional(),
  // Any other value makes the whole token bad: read as "absent" it would turn a 고객사 into the shop.
  member_id: z.union([z.int().positive(), z.string().regex(/^[1-9]\d{0,14}$/)]).optional(),
});

type VerifyToken = (token: string) => Promise<Caller>;

/** What a verified token says of a person, for those who keep names. */
interface SignedIn extends Pick<Caller, 'sub' | 'memberId'> {
  name: unknown;
}

/**
 * Verifies a bearer token: HS256 by the shared secret or RS256/ES256 by the key set; each key allows only its own algorithms. Tells
 * `signedIn` of every token it has verified, not of one it remembers.
 */
export function createVerifier(
  config: ApiConfig,
  log: Pick<Logger, 'warn'>,
  signedIn: (who: SignedIn) => void = () => {},
): VerifyToken {
  const { AUTH_JWT_SECRET, AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE } = config;
  const common = {
    clockTolerance: LEEWAY_SECONDS,
    requiredClaims: ['exp'],
    ...(AUTH_ISSUER ? { issuer: AUTH_ISSUER } : {}),
    ...(AUTH_AUDIENCE ? { audience: AUTH_AUDIENCE } : {}),
  };
  const secret = AUTH_JWT_SECRET ? new TextEncoder().encode(AUTH_JWT_SECRET) : undefined;
  const keys = AUTH_JWKS_URL ? keySet(new URL(AUTH_JWKS_URL), log) : undefined;
  return remembered(async (token) => {
    const { payload } = keys
      ? await jwtVerify(token, keys, { ...common, algorithms: ['RS256', 'ES256'] })
      : await jwtVerify(token, secret as Uint8Array, { ...common, algorithms: ['HS256'] });
    const claims = claimsSchema.parse(payload);
    const who: Caller = {
      sub: claims.sub,
      permissions: new Set(claims.permissions),
      memberId: claims.member_id === undefined ? null : Number(claims.member_id),
    };
    signedIn({ sub: who.sub, memberId: who.memberId, name: claims.name });
    return { who, expiresAt: (Number(payload.exp) + LEEWAY_SECONDS) * 1000 };
  });
}

const unauthenticated = (detail: string) => new Problem('UNAUTHENTICATED', detail, {}, { 'www-authenticate': 'Bearer' });

/**
 * What a route adds to its definition: the permission for its documentation, and the middleware that checks it; null = it is enough
 * to be signed in. It also keeps a 고객사's token to the wire that knows whose is what (docs/sources/contract.md#conventions): all
 * other routes show everybody's.
 */
export function createAuth(verify: VerifyToken) {
  return (permission: Permission | null) => ({
    security: [{ bearer: permission === null ? [] : [permission] }],
    middleware: createMiddleware<ApiEnv>(async (c, next) => {
      const token = /^Bearer +([^ ]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
      if (token === undefined) throw unauthenticated('Authorization: Bearer 토큰이 필요합니다');
      const caller = await verify(token).catch((error: unknown) => {
        if (error instanceof joseErrors.JWTExpired) throw unauthenticated('토큰이 만료되었습니다');
        if (error instanceof joseErrors.JOSEError || error instanceof z.ZodError)
          throw unauthenticated('토큰이 올바르지 않습니다');
        throw error;
      });
      if (caller.memberId !== null && !c.get('wire')?.knowsMembers)
        throw new Problem('PERMISSION_DENIED', '고객사 토큰으로는 /v2만 쓸 수 있습니다');
      if (permission !== null && !caller.permissions.has(permission))
        throw new Problem('PERMISSION_DENIED', `권한 ${permission}이(가) 필요합니다`, { permission });
      c.set('caller', caller);
      await next();
    }),
  });
}

export type Auth = ReturnType<typeof createAuth>;
