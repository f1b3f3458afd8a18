import { join, resolve } from 'node:path';
import { z } from 'zod';
import { apiConfig } from '../../process/config/api.ts';
import { batchConfig } from '../../process/config/batches.ts';
import { databaseConfig } from '../../process/config/database.ts';
import { logConfig } from '../../process/config/log.ts';
import { noticeConfig } from '../../process/config/notices.ts';
import { ConfigError, type Environment } from '../../process/config/reading.ts';
import { temporalConfig } from '../../process/config/temporal.ts';
import { tracingConfig } from '../../process/config/tracing.ts';
import { trackerConfig } from '../../process/config/tracker.ts';
import { webhookConfig } from '../../process/config/webhooks.ts';
import { workerConfig } from '../../process/config/worker.ts';
import { noticeKeys } from '../simulator/notices/model.ts';
import { apiUrl, simulatorUrl } from './announce.ts';
import { localSecret } from './secrets.ts';

const port = (preset: number) => z.coerce.number().int().min(1).max(65_535).default(preset);

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port(3000),
  DATA_DIR: z.string().default('.data'),
  // Below the range from which outgoing connections get their ports.
  PG_PORT: port(15432),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  /** Of Temporal's metrics; unset = any that is free. */
  TEMPORAL_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  SIMULATOR_PORT: port(8300),
  RECEIVER_PORT: port(8400),
  SIMULATOR_SPEED: z.coerce.number().min(0).optional(),
  SAMPLE_DATA: z.enum(['on', 'off']).optional(),
  DATABASE_URL: z.string().optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  AUTH_JWT_SECRET: z.string().optional(),
  AUTH_JWKS_URL: z.string().optional(),
  TRACKING_CALLBACK_SECRET: z.string().optional(),
  WEBHOOK_SECRET_KEY: z.string().optional(),
  DELIVERY_API_URL: z.string().optional(),
  NOTICE_PROVIDER: z.enum(['solapi', 'aligo']).optional(),
  NOTICE_URL: z.string().optional(),
});

/** What `npm start` itself reads from its environment, with defaults filled in. */
export type Settings = z.infer<typeof schema> & { files: ReturnType<typeof filesIn> };

/** Reads the settings; throws `ConfigError` with a line per variable, also for those that only API and worker read. */
export function readSettings(environment: Environment): Settings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { data, error } = schema.safeParse(set);
  const lines = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  // Values created later only need the right form here.
  const secret = 'x'.repeat(64);
  const notices = data && simulatesNotices(data) ? simulatedNotices(data) : {};
  const trial = { AUTH_JWT_SECRET: secret, TRACKING_CALLBACK_SECRET: secret, DATABASE_URL: 'x', ...set, ...notices };
  for (const read of [
    databaseConfig,
    temporalConfig,
    apiConfig,
    workerConfig,
    trackerConfig,
    webhookConfig,
    batchConfig,
    tracingConfig,
    logConfig,
    noticeConfig,
  ]) {
    try {
      read(trial);
    } catch (problem) {
      if (!(problem instanceof ConfigError)) throw problem;
      lines.push(...problem.message.split('\n'));
    }
  }
  const told = lines.filter((line, index) => lines.findIndex((other) => variableOf(other) === variableOf(line)) === index);
  if (!data || told.length > 0) throw new ConfigError(told.join('\n'));
  return { ...data, files: filesIn(resolve(data.DATA_DIR)) };
}

const variableOf = (line: string): string | undefined => line.split(':')[0];

/** The environment of API and worker, with the addresses of what was started for them. */
export function childEnvironment(
  settings: Settings,
  servers: { databaseUrl: string; temporalAddress: string },
): NodeJS.ProcessEnv {
  const { files } = settings;
  return {
    ...process.env,
    DATABASE_URL: servers.databaseUrl,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: settings.TEMPORAL_NAMESPACE,
    HOST: settings.HOST,
    PORT: String(settings.PORT),
    DATA_DIR: files.dataDir,
    AUTH_JWT_SECRET: settings.AUTH_JWT_SECRET ?? localSecret(files.dataDir, 'auth-jwt-secret'),
    TRACKING_CALLBACK_SECRET: settings.TRACKING_CALLBACK_SECRET ?? localSecret(files.dataDir, 'tracking-callback-secret'),
    WEBHOOK_SECRET_KEY: settings.WEBHOOK_SECRET_KEY ?? localSecret(files.dataDir, 'webhook-secret-key'),
    // The receiver of this stack, and what somebody tries out, is on this machine.
    WEBHOOK_ALLOW_PRIVATE: process.env.WEBHOOK_ALLOW_PRIVATE || 'on',
    ...(settings.DELIVERY_API_URL === undefined ? simulatedTracker(settings) : {}),
    ...(simulatesNotices(settings) ? simulatedNotices(settings) : {}),
    READY_FILE: files.ready,
    LOCAL_STACK: '1',
    // The stack has one version at a time: this checkout's.
    WORKER_MAKE_CURRENT: process.env.WORKER_MAKE_CURRENT || 'on',
    TEMPORAL_UI_URL: process.env.TEMPORAL_UI_URL || embeddedUi(settings),
  };
}

/** The embedded server's own UI; the operator of another server sets its UI. */
const embeddedUi = ({ TEMPORAL_ADDRESS, TEMPORAL_UI_PORT }: Settings) =>
  TEMPORAL_ADDRESS ? undefined : `http://127.0.0.1:${TEMPORAL_UI_PORT}`;

/** The simulator as tracker: where API and worker find it, and how it calls back. */
function simulatedTracker(settings: Settings): NodeJS.ProcessEnv {
  const { env } = process;
  return {
    DELIVERY_API_URL: simulatorUrl(settings),
    DELIVERY_API_EXTERNAL_URL: env.DELIVERY_API_EXTERNAL_URL || apiUrl(settings),
    DELIVERY_API_TIER: env.DELIVERY_API_TIER || 'local',
    DELIVERY_API_KEY: env.DELIVERY_API_KEY || 'local',
  };
}

/** Whether messages (알림톡) go to the simulator: somebody wants to see them, and has named no provider's address. */
export const simulatesNotices = ({ NOTICE_PROVIDER, NOTICE_URL }: Pick<Settings, 'NOTICE_PROVIDER' | 'NOTICE_URL'>): boolean =>
  NOTICE_PROVIDER !== undefined && NOTICE_URL === undefined;

/** The simulator as provider, with the keys that it takes: no real ones, so that a trial tells nobody. */
const simulatedNotices = ({ SIMULATOR_PORT }: Pick<Settings, 'SIMULATOR_PORT'>) => ({
  NOTICE_URL: `http://127.0.0.1:${SIMULATOR_PORT}`,
  NOTICE_API_KEY: noticeKeys.apiKey,
  NOTICE_API_SECRET: noticeKeys.apiSecret,
  NOTICE_USER_ID: noticeKeys.userId,
  NOTICE_SENDER_KEY: noticeKeys.senderKey,
  NOTICE_SENDER: noticeKeys.sender,
});

/** The environment of the simulator; its parcels survive a restart. */
export function simulatorEnvironment({ SIMULATOR_PORT, files }: Settings): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOST: '127.0.0.1',
    SIMULATOR_PORT: String(SIMULATOR_PORT),
    SIMULATOR_STATE_FILE: files.simulator,
  };
}

/** The environment of the receiver; its secret survives a restart. */
export function receiverEnvironment({ RECEIVER_PORT, files }: Settings): NodeJS.ProcessEnv {
  return { ...process.env, RECEIVER_PORT: String(RECEIVER_PORT), RECEIVER_SECRET_FILE: files.receiverSecret };
}

function filesIn(dataDir: string) {
  return {
    dataDir,
    run: join(dataDir, 'run.json'),
    logs: join(dataDir, 'logs'),
    postgres: join(dataDir, 'postgres'),
    temporalDb: join(dataDir, 'temporal', 'temporal.db'),
    simulator: join(dataDir, 'simulator.json'),
    /** Of the endpoint that the receiver is. */
    receiverSecret: join(dataDir, 'receiver-secret'),
    /** Exists while the stack is running and its sample data are loaded. */
    ready: join(dataDir, 'ready'),
    /** Records that the sample data are complete, or were declined at the first start. */
    sampleData: join(dataDir, 'sample-data'),
  };
}
