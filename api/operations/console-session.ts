import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { SignJWT } from 'jose';
import { Problem } from '../../domain/problems.ts';
import type { ApiConfig } from '../../process/config/api.ts';
import { type Permission, permissions } from '../http/auth.ts';
import type { ApiDeps, ApiEnv, App } from '../http/deps.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';
import { LOOPBACK, notOfThisMachine } from './local-request.ts';

const HOURS = 12;

interface Persona {
  sub: string;
  name: string;
  permissions: readonly Permission[];
  memberId?: number;
}

const operatorMay = permissions.filter(
  (each) => !['pii.read', 'audit.read', 'batch.run', 'policy.write', 'event.write'].includes(each),
);
/** Sample users for the console. 고객사 is member 70 of the sample data. */
const personas = {
  operator: { sub: 'lee', name: '이운영', permissions: operatorMay },
  viewer: {
    sub: 'park',
    name: '박조회',
    permissions: permissions.filter((each) => each.endsWith('.read') && !/^(pii|audit)/.test(each)),
  },
  privacy: { sub: 'choi', name: '최정보', permissions: [...operatorMay, 'pii.read', 'audit.read'] },
  admin: { sub: 'kim', name: '김관리', permissions },
  logistics: { sub: 'jung', name: '정물류', permissions: ['delivery.read', 'assembly.read', 'assembly.write', 'policy.read'] },
  member: { sub: 'member-70', name: '고객사 70', permissions: ['assembly.read', 'assembly.write'], memberId: 70 },
} satisfies Record<string, Persona>;
type PersonaId = keyof typeof personas;
const personaIds = Object.keys(personas) as PersonaId[];

const settingsSchema = z
  .object({
    signIn: z.enum(['persona', 'oidc', 'none']),
    personas: z.array(z.object({ id: z.enum(personaIds), name: z.string(), permissions: z.array(z.string()) })),
    oidc: z.object({ authority: z.string(), clientId: z.string(), scope: z.string() }).nullable(),
    temporalUiUrl: z.string().nullable(),
    temporalNamespace: z.string(),
  })
  .openapi('ConsoleSettings', {
    example: {
      signIn: 'persona',
      personas: [{ id: 'operator', name: '이운영', permissions: ['delivery.read', 'delivery.write'] }],
      oidc: null,
      temporalUiUrl: 'http://127.0.0.1:8233',
      temporalNamespace: 'default',
    },
  });
const tokenSchema = z
  .object({ token: z.string(), expiresAt: z.iso.datetime() })
  .openapi('PersonaToken', { example: { token: 'eyJhbGciOiJIUzI1NiJ9…', expiresAt: '2026-11-23T21:00:00.000Z' } });

/** Only under `npm start`, listening on this machine only, with our own secret. */
const hasPersonas = ({ LOCAL_STACK, HOST, AUTH_JWKS_URL }: ApiConfig): boolean =>
  LOCAL_STACK && LOOPBACK.test(HOST) && AUTH_JWKS_URL === undefined;

/**
 * What the console needs before sign-in. Tokens of sample users exist only under `npm start` on a loopback address, and only for a
 * request that comes straight from this machine: through a proxy, or by a foreign name that leads here, nobody gets one.
 */
export function consoleSessionRoutes(app: App, { config, temporal, log }: ApiDeps): void {
  const { OIDC_AUTHORITY, OIDC_CLIENT_ID, OIDC_SCOPE, TEMPORAL_UI_URL } = config;
  const oidc =
    OIDC_AUTHORITY && OIDC_CLIENT_ID ? { authority: OIDC_AUTHORITY, clientId: OIDC_CLIENT_ID, scope: OIDC_SCOPE } : null;
  const mayUsePersonas = (c: Context<ApiEnv>): boolean => {
    if (!hasPersonas(config)) return false;
    const why = notOfThisMachine(c);
    if (why !== null) log.info({ reqId: c.get('traceId'), why }, 'no sample users for a request from elsewhere');
    return why === null;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/console/settings',
      tags: ['콘솔'],
      summary: '콘솔 설정: 로그인 방법, Temporal UI 주소',
      responses: { 200: jsonAnswer(settingsSchema, '설정') },
    }),
    (c) => {
      const local = mayUsePersonas(c);
      c.header('cache-control', 'no-store');
      return c.json(
        {
          signIn: oidc ? ('oidc' as const) : local ? ('persona' as const) : ('none' as const),
          personas: local
            ? personaIds.map((id) => ({ id, name: personas[id].name, permissions: [...personas[id].permissions] }))
            : [],
          oidc,
          temporalUiUrl: TEMPORAL_UI_URL ?? null,
          temporalNamespace: temporal.options.namespace,
        },
        200,
      );
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/console/personas/{persona}/token',
      tags: ['콘솔'],
      summary: '시험용 사용자의 토큰 (npm start의 이 컴퓨터에서만)',
      request: { params: z.object({ persona: z.enum(personaIds).openapi({ example: 'operator' }) }) },
      responses: { 200: jsonAnswer(tokenSchema, `${HOURS}시간 토큰`), ...problemResponses(400, 404) },
    }),
    async (c) => {
      if (!mayUsePersonas(c)) throw new Problem('NOT_FOUND', '없는 주소입니다');
      const persona: Persona = personas[c.req.valid('param').persona];
      const exp = Math.floor(Date.now() / 1000) + HOURS * 3600;
      const claims = {
        name: persona.name,
        permissions: persona.permissions,
        ...(persona.memberId ? { member_id: persona.memberId } : {}),
      };
      const jwt = new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(persona.sub)
        .setIssuedAt()
        .setExpirationTime(exp);
      if (config.AUTH_ISSUER) jwt.setIssuer(config.AUTH_ISSUER);
      if (config.AUTH_AUDIENCE) jwt.setAudience(config.AUTH_AUDIENCE);
      const token = await jwt.sign(new TextEncoder().encode(config.AUTH_JWT_SECRET));
      c.header('cache-control', 'no-store');
      return c.json({ token, expiresAt: new Date(exp * 1000).toISOString() }, 200);
    },
  );
}
