import { z } from 'zod';
import { base, count, port, text } from './fields.ts';
import { line } from './lines.ts';
import { type Environment, parse } from './reading.ts';

const api = z
  .object({
    HOST: text.default('127.0.0.1'),
    PORT: port.default(3000),
    AUTH_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    AUTH_JWKS_URL: z.url().optional(),
    AUTH_ISSUER: text.optional(),
    AUTH_AUDIENCE: text.optional(),
    COMMAND_TIMEOUT_MS: count(100).default(10_000),
    ...line.shape,
    SWEEP_INTERVAL_MS: count(100).default(10_000),
    START_SWEEP_AFTER_MS: count(0).default(30_000),
    REQUEST_SWEEP_AFTER_MS: count(0).default(60_000),
    API_POOL_SIZE: count(1).default(20),
    /** Set behind one reverse proxy: access rows then hold the address the proxy forwards. */
    TRUST_PROXY: z
      .enum(['on', 'off'])
      .default('off')
      .transform((value) => value === 'on'),
    READY_FILE: text.optional(),
    /** Set only by `npm start`: the console may then offer sample users to sign in as. */
    LOCAL_STACK: z
      .enum(['1'])
      .optional()
      .transform((value) => value === '1'),
    /** Base address of the console's links to workflows. */
    TEMPORAL_UI_URL: base.optional(),
    /** The console's sign-in: authorization code with PKCE, as a public client. */
    OIDC_AUTHORITY: base.optional(),
    OIDC_CLIENT_ID: text.optional(),
    OIDC_SCOPE: text.default('openid profile'),
  })
  .refine((env) => env.AUTH_JWT_SECRET || env.AUTH_JWKS_URL, {
    path: ['AUTH_JWT_SECRET'],
    error: 'or AUTH_JWKS_URL is required',
  });

export type ApiConfig = z.infer<typeof api>;
export const apiConfig = (environment: Environment): ApiConfig => parse(api, environment);
