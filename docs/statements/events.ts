import { eventsOfSubject, findEvents, hasEvent, lastEventId, oldestEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import { findDeliveries, findWebhook, findWebhooks } from '../../db/webhooks/list.ts';
import type { Example } from './example.ts';

/** The partition that is always there stands for those of the days, whose indexes have the day in their names. */
export const eventExamples: readonly Example[] = [
  {
    of: 'db/events/list.ts findEvents',
    what: 'a further page of the feed',
    run: (query) => findEvents(query, { after: 1_000, upTo: 2_000, types: null, limit: 50 }),
    indexes: ['events_rest_id_idx'],
  },
  {
    of: 'db/events/list.ts findEvents',
    what: 'some types',
    run: (query) => findEvents(query, { after: 1_000, upTo: 51_000, types: ['delivery.shipped'], limit: 50 }),
    indexes: ['events_rest_id_idx'],
  },
  {
    of: 'db/events/list.ts eventsOfSubject',
    what: 'of one line',
    run: (query) => eventsOfSubject(query, 'D261123000001/1', 50),
    indexes: ['events_rest_subject_key_idx'],
  },
  { of: 'db/events/list.ts lastEventId', what: 'the last in order', run: lastEventId, indexes: [] },
  { of: 'db/events/list.ts oldestEventId', what: 'the oldest that is kept', run: oldestEventId, indexes: ['events_rest_id_idx'] },
  {
    of: 'db/events/list.ts hasEvent',
    what: 'whether one is kept',
    run: (query) => hasEvent(query, 1_001),
    indexes: ['events_rest_id_idx'],
  },
  {
    of: 'db/events/order.ts orderEvents',
    what: 'the next that are committed',
    run: orderEvents,
    indexes: ['events_rest_key_idx'],
  },
  {
    of: 'db/webhooks/list.ts findWebhooks',
    what: 'all, with what waits',
    run: findWebhooks,
    indexes: ['webhook_deliveries_state'],
  },
  {
    of: 'db/webhooks/list.ts findWebhook',
    what: 'one',
    run: (query) => findWebhook(query, 3),
    indexes: ['webhooks_pkey', 'webhook_deliveries_state'],
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
];
