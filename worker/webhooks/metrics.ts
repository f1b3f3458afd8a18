import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/database.ts';
import { type WebhookHealth, webhookHealth } from '../../db/webhooks/health.ts';
import type { WebhookOptions } from './sender.ts';

/**
 * Attempts of this sender, and how endpoints do, counted when the metrics are read; while PostgreSQL is away the last count stays.
 * Returns what the sender counts attempts by.
 */
export function webhookMetrics(db: Db, registry: Registry, log: Logger): WebhookOptions['onAttempts'] {
  const attempts = new Counter({
    name: 'webhook_attempts_total',
    help: 'Attempts to tell an endpoint of an event',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // From 0 on, so that the first one is an increase.
  for (const outcome of ['succeeded', 'failed']) attempts.inc({ outcome }, 0);
  const gauge = (name: string, help: string, read: (health: WebhookHealth) => [number, { state?: string }][]) =>
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        try {
          for (const [value, labels] of read(await webhookHealth(db.query))) this.set(labels, value);
        } catch (error) {
          log.warn({ err: error }, 'the endpoints could not be counted');
        }
      },
    });
  gauge('webhook_endpoints', 'Endpoints outside; disabled = by itself, not by a person', ({ enabled, failing, disabled }) => [
    [enabled, { state: 'enabled' }],
    [failing, { state: 'failing' }],
    [disabled, { state: 'disabled' }],
  ]);
  gauge('webhook_due_seconds', 'How long what is due has waited for a sender, of endpoints that work', ({ dueSeconds }) => [
    [dueSeconds, {}],
  ]);
  return (outcome, count) => attempts.inc({ outcome }, count);
}
