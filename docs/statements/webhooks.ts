import { enabledWebhooks, handOut, handOutAgain, openReplays } from '../../db/webhooks/distribute.ts';
import { pruneDeliveries, storeTold } from '../../db/webhooks/finish.ts';
import { webhookHealth } from '../../db/webhooks/health.ts';
import { findDeliveries, findWebhook, findWebhooks } from '../../db/webhooks/list.ts';
import { takeLines, waitingEvents } from '../../db/webhooks/take.ts';
import type { Example } from './example.ts';

const attempt = { at: '2026-11-23T02:00:00.000Z', status: 204, ms: 12, answer: '', error: null };

export const webhookExamples: readonly Example[] = [
  {
    of: 'db/webhooks/list.ts findWebhooks',
    what: 'all, with what waits',
    run: findWebhooks,
    indexes: ['webhook_deliveries_waiting', 'webhook_deliveries_state'],
  },
  {
    of: 'db/webhooks/list.ts findWebhook',
    what: 'one',
    run: (query) => findWebhook(query, 3),
    indexes: ['webhooks_pkey', 'webhook_deliveries_waiting', 'webhook_deliveries_state'],
  },
  {
    of: 'db/webhooks/list.ts findDeliveries',
    what: 'the newest of an endpoint',
    run: (query) => findDeliveries(query, { webhookId: 3, limit: 51 }),
    indexes: ['webhook_deliveries_pkey', 'webhook_deliveries_waiting', 'webhook_lines_pkey', 'events_rest_id_idx'],
  },
  {
    of: 'db/webhooks/list.ts findDeliveries',
    what: 'a further page of one state',
    run: (query) => findDeliveries(query, { webhookId: 3, state: 'failed', before: 1_042, limit: 51 }),
    indexes: ['webhook_deliveries_state', 'webhook_lines_pkey', 'events_rest_id_idx'],
  },
  {
    of: 'db/webhooks/distribute.ts enabledWebhooks',
    what: 'who may be told',
    run: enabledWebhooks,
    indexes: ['webhooks_pkey'],
  },
  {
    of: 'db/webhooks/distribute.ts handOut',
    what: 'the next events for an endpoint',
    run: (query) => handOut(query, 3, 1_042, 2_042),
    indexes: ['events_rest_id_idx', 'webhooks_pkey'],
  },
  {
    of: 'db/webhooks/distribute.ts openReplays',
    what: 'ranges asked for once more',
    run: openReplays,
    indexes: ['webhooks_pkey'],
  },
  {
    of: 'db/webhooks/distribute.ts handOutAgain',
    what: 'the next events of such a range',
    run: (query) => handOutAgain(query, { id: 7, webhook_id: 3, replayed_until: 1_042 }),
    indexes: ['events_rest_id_idx', 'webhook_replays_pkey'],
  },
  {
    of: 'db/webhooks/take.ts takeLines',
    what: 'lines that are due',
    run: (query) => takeLines(query, 3, 32),
    indexes: ['webhook_lines_due'],
  },
  {
    of: 'db/webhooks/take.ts waitingEvents',
    what: 'what waits on them',
    run: (query) => waitingEvents(query, 3, ['D261123000001/1']),
    indexes: ['webhook_deliveries_waiting', 'events_rest_id_idx'],
  },
  {
    of: 'db/webhooks/finish.ts storeTold',
    what: 'what became of an event',
    run: (query) => storeTold(query, [{ webhookId: 3, eventId: 1_042, state: 'succeeded', tries: 1, attempt }]),
    indexes: ['webhook_deliveries_pkey'],
  },
  {
    of: 'db/webhooks/finish.ts pruneDeliveries',
    what: 'what is no longer kept',
    run: (query) => pruneDeliveries(query, 1_042),
    indexes: ['webhook_deliveries_pkey'],
  },
  { of: 'db/webhooks/health.ts webhookHealth', what: 'how they do', run: webhookHealth, indexes: ['webhook_lines_due'] },
];
