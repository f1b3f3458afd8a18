import { z } from 'zod';
import { base, port, text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const path = z.string().regex(/^\/[^?#\s]*$/, 'must be a path that begins with /');
const SIMULATOR = 'http://127.0.0.1:8300';

/**
 * The keys `delivery.api.*` of docs/sources/requirements.md#tracker-settings. Without DELIVERY_API_URL they all have local defaults
 * that fit the simulator; a real tracker needs the keys it issued and an address at which it can reach this API.
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

export type TrackerConfig = z.infer<typeof tracker>;
export const trackerConfig = (environment: Environment): TrackerConfig => parse(tracker, environment);
