import { z } from 'zod';
import { count } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const SHORT = 'must have at least 32 characters';

/** Webhooks: read by the API, which keeps their secrets, and by the worker, which sends them. Both need the same key. */
const webhooks = z
  .object({
    /** Seals the endpoints' secrets in the database; unset = a key from TRACKING_CALLBACK_SECRET. With another key they cannot be read. */
    WEBHOOK_SECRET_KEY: z.string().min(32, SHORT).optional(),
    TRACKING_CALLBACK_SECRET: z.string().min(32, SHORT),
    /** Whether endpoints may be http, and at private or loopback addresses. */
    WEBHOOK_ALLOW_PRIVATE: z
      .enum(['on', 'off'])
      .default('off')
      .transform((value) => value === 'on'),
    /** Webhooks that a worker sends at once. */
    WEBHOOK_CONCURRENCY: count(1).default(32),
  })
  .transform(({ TRACKING_CALLBACK_SECRET, WEBHOOK_SECRET_KEY, ...env }) => ({
    ...env,
    WEBHOOK_SECRET_KEY: WEBHOOK_SECRET_KEY ?? TRACKING_CALLBACK_SECRET,
  }));

export type WebhookConfig = z.infer<typeof webhooks>;
export const webhookConfig = (environment: Environment): WebhookConfig => parse(webhooks, environment);
