import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_TASK_QUEUE } from '../workflows/messages/names.ts';

/** The environment could not be used: one line per variable. */
export class ConfigError extends Error {}

const text = z.string().min(1);
const port = z.coerce.number().int().min(1).max(65_535);
const count = (least: number) => z.coerce.number().int().min(least);
/** An address without the slash at its end: paths begin with one. */
const base = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

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
    /** Set by `npm start` alone: the console may offer people to try it as. */
    LOCAL_STACK: z
      .enum(['1'])
      .optional()
      .transform((value) => value === '1'),
    /** Where the console's links to a workflow lead. */
    TEMPORAL_UI_URL: base.optional(),
    /** The console's sign-in: authorization code with PKCE, a public client. */
    OIDC_AUTHORITY: base.optional(),
    OIDC_CLIENT_ID: text.optional(),
    OIDC_SCOPE: text.default('openid profile'),
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
  /** A workflow bundle made beforehand, as an image may carry one. */
  WORKFLOW_BUNDLE: text.optional(),
  /** Checked here, read by worker/fast-path/preload.ts before anything is loaded. */
  WORKFLOW_FAST_PATH: z.enum(['on', 'off']).default('on'),
  WORKFLOW_STACK_TRACES: z.enum(['on', 'off']).default('off'),
  /** Rows of a bulk shipment in flight; half of it while admins' commands wait. */
  BULK_CONCURRENCY: count(1).default(16),
  /** How often an idle relay looks for callbacks, and for parcels that nothing is heard of. */
  TRACKING_RELAY_INTERVAL_MS: count(10).default(200),
  TRACKING_SILENCE_INTERVAL_MS: count(100).default(60_000),
  TRACKING_NO_SCAN_DAYS: z.coerce.number().positive().default(3),
  TRACKING_STALLED_DAYS: z.coerce.number().positive().default(10),
});

const path = z.string().regex(/^\/[^?#\s]*$/, 'must be a path that begins with /');
const SIMULATOR = 'http://127.0.0.1:8300';

/**
 * The keys `delivery.api.*` of docs/sources/requirements.md#tracker-settings. Without DELIVERY_API_URL all of them have local defaults that
 * fit the simulator; a tracker that is named needs the keys it gave out and an address under which it reaches us.
 */
const tracker = z
  .object({
    DELIVERY_API_EXTERNAL_URL: base.optional(),
    DELIVERY_API_PROVIDER: text.max(50).default('tracker'),
    DELIVERY_API_URL: base.optional(),
    DELIVERY_API_TIER: text.optional(),
    DELIVERY_API_KEY: text.optional(),
    DELIVERY_API_TYPE: text.default('json'),
    DELIVERY_TRACKING_PATH: path.default('/api/v1/trackingInfo'),
    DELIVERY_TRACKING_METHOD: z.enum(['POST', 'GET']).default('POST'),
    DELIVERY_REGISTER_PATH: path.default('/add_invoice'),
    DELIVERY_CALLBACK_PATH: path.default('/api/order/v1/delivery/tracker/trackerCallback'),
    TRACKING_CALLBACK_SECRET: z.string().min(32, 'must have at least 32 characters'),
    PORT: port.default(3000),
  })
  .superRefine((env, check) => {
    if (env.DELIVERY_API_URL === undefined) return;
    for (const name of ['DELIVERY_API_EXTERNAL_URL', 'DELIVERY_API_TIER', 'DELIVERY_API_KEY'] as const)
      if (env[name] === undefined) check.addIssue({ code: 'custom', path: [name], message: 'is required with DELIVERY_API_URL' });
  })
  .transform(({ PORT, ...env }) => ({
    ...env,
    DELIVERY_API_URL: env.DELIVERY_API_URL ?? SIMULATOR,
    DELIVERY_API_EXTERNAL_URL: env.DELIVERY_API_EXTERNAL_URL ?? `http://127.0.0.1:${PORT}`,
    DELIVERY_API_TIER: env.DELIVERY_API_TIER ?? 'local',
    DELIVERY_API_KEY: env.DELIVERY_API_KEY ?? 'local',
  }));

const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;
/** Five fields of numbers, ranges, lists and steps: minute, hour, day, month, day of the week. */
const cron = z.string().refine((value) => {
  const fields = value.trim().split(/\s+/);
  return (
    fields.length === CRON_RANGES.length &&
    fields.every((field, at) => {
      const [least, most] = CRON_RANGES[at] ?? [0, 0];
      const inRange = (number: string) => Number(number) >= least && Number(number) <= most;
      return (
        /^(\*|\d+(-\d+)?)(\/[1-9]\d*)?(,(\*|\d+(-\d+)?)(\/[1-9]\d*)?)*$/.test(field) &&
        [...field.replace(/\/\d+/g, '').matchAll(/\d+/g)].every(([number]) => inRange(number))
      );
    })
  );
}, 'must be a cron expression of five fields');

/** The two batches (docs/sources/requirements.md#배송관리-배치), Asia/Seoul. */
const batches = z.object({
  WAYBILL_REGISTRATION_CRON: cron.default('*/10 * * * *'),
  AUTO_COMPLETE_CRON: cron.default('0 * * * *'),
  /** Only rows older than this are read: one that is ahead of its workflow is repaired by then. */
  BATCH_ROW_AGE_SECONDS: count(0).default(60),
  /** Parcels of untrackable carriers are delivered after so many days; unset = left alone. */
  AUTO_COMPLETE_UNTRACKED_AFTER_DAYS: z.coerce.number().min(0).optional(),
  /** Calls to the tracker a second, registrations and questions each, of one worker. */
  DELIVERY_API_RATE_PER_SECOND: count(1).default(50),
  DELIVERY_API_TIMEOUT_MS: count(50).default(8_000),
  /** 99 and network faults of a registration are tried again for so long in one run, counted from its first. */
  DELIVERY_API_RETRY_MS: count(0).default(30_000),
  /** Questions a day (Seoul); unset = until the tracker says 103. */
  DELIVERY_TRACKING_DAILY_QUOTA: count(0).optional(),
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
export type TrackerConfig = z.infer<typeof tracker>;
export type BatchConfig = z.infer<typeof batches>;

export const databaseConfig = (environment: Environment) => parse(database, environment);
export const temporalConfig = (environment: Environment): TemporalConfig => parse(temporal, environment);
export const lineConfig = (environment: Environment) => parse(line, environment);
export const apiConfig = (environment: Environment): ApiConfig => parse(api, environment);
export const workerConfig = (environment: Environment): WorkerConfig => parse(worker, environment);
export const trackerConfig = (environment: Environment): TrackerConfig => parse(tracker, environment);
export const batchConfig = (environment: Environment): BatchConfig => parse(batches, environment);
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
