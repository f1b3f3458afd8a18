import { defineEntity, p } from '@mikro-orm/core';
import { disabledReasons, webhookDeliveryStates } from '../../../domain/events/webhook.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from '../columns.ts';

const reasons = namesOf(disabledReasons);
const states = namesOf(webhookDeliveryStates);

/** An endpoint outside that is told of events. */
export const WebhookEntity = defineEntity({
  name: 'WebhookEntity',
  tableName: 'webhooks',
  properties: {
    id: identity().primary(),
    url: p.text(),
    /** Names of events, or `*`. */
    types: p.array().columnType('text[]'),
    description: p.text().nullable(),
    /** Sealed (process/sealed.ts), so that a dump of the table does not give it away. */
    secret: p.text(),
    /** The one before, which signs too until its time is over. */
    oldSecret: p.text().nullable(),
    oldSecretUntil: p.datetime().nullable(),
    enabled: p.boolean().default(true),
    disabledReason: oneOf(reasons).nullable(),
    /** The first failed attempt since the last success; null = it works. */
    failingSince: p.datetime().nullable(),
    lastSuccessAt: p.datetime().nullable(),
    /** The last event that has been looked at for this endpoint; later ones are still to be handed out to it. */
    toldUntil: p.bigint('number'),
    createdAt: now(),
    createdBy: p.text(),
    /** When the last change of it was asked for; an older wish executed later changes nothing. */
    askedAt: now(),
  },
  checks: [
    isOneOf('webhooks_disabled_reason', 'disabledReason', reasons, 'disabled_reason'),
    { name: 'webhooks_enabled', expression: 'enabled = (disabled_reason is null)' },
  ],
});

/** One try to tell an event. */
export interface WebhookAttempt {
  at: string;
  /** Of the answer; null = there was none. */
  status: number | null;
  ms: number;
  /** The first letters of the answer's body. */
  answer: string | null;
  /** Why there was no answer, or why it does not count. */
  error: string | null;
}

/** An event that an endpoint gets, until the event itself is dropped. */
export const WebhookDeliveryEntity = defineEntity({
  name: 'WebhookDeliveryEntity',
  tableName: 'webhook_deliveries',
  properties: {
    webhookId: references(p.bigint('number').primary(), 'webhook_deliveries.webhook_id', () => WebhookEntity, 'cascade'),
    eventId: p.bigint('number').primary(),
    /** The event's partition, so that it is found in one. */
    storedAt: p.datetime(),
    subject: p.text(),
    state: oneOf(states).default('waiting'),
    /** Attempts since it was handed out or asked for again. */
    tries: p.integer().default(0),
    attempts: p.json<WebhookAttempt[]>().defaultRaw(`'[]'`),
    createdAt: now(),
    finishedAt: p.datetime().nullable(),
  },
  checks: [isOneOf('webhook_deliveries_state', 'state', states)],
  indexes: [
    { name: 'webhook_deliveries_waiting', properties: ['webhookId', 'subject', 'eventId'], where: "state = 'waiting'" },
    { name: 'webhook_deliveries_state', properties: ['webhookId', 'state', 'eventId'] },
  ],
});

/** A subject of which events wait for an endpoint: what a sender takes, so that each subject is told in order. */
export const WebhookLineEntity = defineEntity({
  name: 'WebhookLineEntity',
  tableName: 'webhook_lines',
  properties: {
    webhookId: references(p.bigint('number').primary(), 'webhook_lines.webhook_id', () => WebhookEntity, 'cascade'),
    subject: p.text().primary(),
    /** Grows with whatever is added; a sender removes the row only as he took it. */
    version: p.integer().default(1),
    nextAt: now(),
    leasedUntil: p.datetime().nullable(),
  },
  indexes: [{ name: 'webhook_lines_due', properties: ['webhookId', 'nextAt'] }],
});

/** A range of events that an endpoint asked for once more; deleted when all of it has been handed out. */
export const WebhookReplayEntity = defineEntity({
  name: 'WebhookReplayEntity',
  tableName: 'webhook_replays',
  properties: {
    id: identity().primary(),
    webhookId: references(p.bigint('number'), 'webhook_replays.webhook_id', () => WebhookEntity, 'cascade'),
    fromAt: p.datetime(),
    toAt: p.datetime(),
    types: p.array().columnType('text[]'),
    replayedUntil: p.bigint('number'),
    upTo: p.bigint('number'),
  },
  indexes: [{ name: 'webhook_replays_webhook', properties: ['webhookId'] }],
});
