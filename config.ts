import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_TASK_QUEUE } from './workflows/messages.ts';

/** The environment could not be used: one line per variable. */
export class ConfigError extends Error {}

const text = z.string().min(1);
const port = z.coerce.number().int().min(1).max(65_535);
const count = (least: number) => z.coerce.number().int().min(least);

const database = z.object({ DATABASE_URL: text });

const temporal = z.object({
  TEMPORAL_ADDRESS: text.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_TLS_CA: text.optional(),
  TEMPORAL_TLS_CERT: text.optional(),
  TEMPORAL_TLS_KEY: text.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
  TEMPORAL_API_KEY: text.optional(),
  TASK_QUEUE: text.default(DEFAULT_TASK_QUEUE),
});

const line = z.object({
  LINE_OPEN_DAYS: z.coerce.number().positive().default(90),
  CONTINUE_AS_NEW_AFTER: count(10).optional(),
  PICKUP_AUTO_CONFIRM: z
    .enum(['on', 'off'])
    .default('off')
    .transform((value) => value === 'on'),
});

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
    /** Behind one reverse proxy: access rows take the address it forwards. */
    TRUST_PROXY: z
      .enum(['on', 'off'])
      .default('off')
      .transform((value) => value === 'on'),
    READY_FILE: text.optional(),
  })
  .refine((env) => env.AUTH_JWT_SECRET || env.AUTH_JWKS_URL, {
    path: ['AUTH_JWT_SECRET'],
    error: 'or AUTH_JWKS_URL is required',
  });

const worker = z.object({
  WORKER_POOL_SIZE: count(1).default(20),
  WORKER_SLOTS: count(10).default(500),
  WORKFLOW_CACHE: count(10).optional(),
  WORKER_PORT: port.optional(),
  /** Rows of a bulk shipment in flight; half of it while admins' commands wait. */
  BULK_CONCURRENCY: count(1).default(16),
});

const log = z.object({ LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info') });

export type Environment = Record<string, string | undefined>;

/** An empty value is an unset one: compose files and shells write `X=`. */
function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

export type TemporalConfig = z.infer<typeof temporal>;
export type ApiConfig = z.infer<typeof api>;
export type WorkerConfig = z.infer<typeof worker>;

export const databaseConfig = (environment: Environment) => parse(database, environment);
export const temporalConfig = (environment: Environment): TemporalConfig => parse(temporal, environment);
export const lineConfig = (environment: Environment) => parse(line, environment);
export const apiConfig = (environment: Environment): ApiConfig => parse(api, environment);
export const workerConfig = (environment: Environment): WorkerConfig => parse(worker, environment);
export const logConfig = (environment: Environment) => parse(log, environment);

type Readers = Record<string, (environment: Environment) => unknown>;

/** Reads several parts, every problem of all of them at once; prints a line per variable and exits with 78 (EX_CONFIG). */
export function readConfig<R extends Readers>(readers: R): { [Part in keyof R]: ReturnType<R[Part]> } {
  const problems = new Set<string>();
  const parts = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read(process.env)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of error.message.split('\n')) problems.add(line);
      return [name, undefined];
    }
  });
  if (problems.size > 0) {
    console.error([...problems].join('\n'));
    process.exit(78);
  }
  return Object.fromEntries(parts);
}

/** What both kinds of connection take: address, TLS and API key. Files are given by path. */
export function temporalOptions(config: TemporalConfig) {
  const { TEMPORAL_TLS_CA, TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY, TEMPORAL_TLS_SERVER_NAME, TEMPORAL_API_KEY } = config;
  const pair =
    TEMPORAL_TLS_CERT && TEMPORAL_TLS_KEY
      ? { crt: readFileSync(TEMPORAL_TLS_CERT), key: readFileSync(TEMPORAL_TLS_KEY) }
      : undefined;
  const tls =
    TEMPORAL_TLS_CA || pair || TEMPORAL_TLS_SERVER_NAME || TEMPORAL_API_KEY
      ? {
          ...(TEMPORAL_TLS_CA ? { serverRootCACertificate: readFileSync(TEMPORAL_TLS_CA) } : {}),
          ...(TEMPORAL_TLS_SERVER_NAME ? { serverNameOverride: TEMPORAL_TLS_SERVER_NAME } : {}),
          ...(pair ? { clientCertPair: pair } : {}),
        }
      : undefined;
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(tls ? { tls } : {}),
    ...(TEMPORAL_API_KEY ? { apiKey: TEMPORAL_API_KEY } : {}),
  };
}
