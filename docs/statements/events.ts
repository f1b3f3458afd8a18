import { eventsOfSubject, findEvents, hasEvent, lastEventId, oldestEventId } from '../../db/events/list.ts';
import { hasUnordered, orderSome } from '../../db/events/order.ts';
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
    of: 'db/events/order.ts hasUnordered',
    what: 'whether there are any',
    run: hasUnordered,
    indexes: ['events_rest_key_idx'],
  },
  {
    of: 'db/events/order.ts orderSome',
    what: 'the next that are committed',
    run: orderSome,
    indexes: ['events_rest_key_idx', 'events_rest_pkey'],
  },
];
