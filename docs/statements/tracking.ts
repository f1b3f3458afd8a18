import { countExceptions, type ExceptionPage, findExceptions } from '../../db/tracking/list.ts';
import type { Example } from './example.ts';

const by = (asked: Partial<ExceptionPage>): ExceptionPage => ({
  filter: {},
  sort: 'lastAt',
  descending: true,
  limit: 51,
  ...asked,
});
const last = { value: '2026-11-23T00:00:00.000Z', id: 12 };

const exceptions = (what: string, asked: Partial<ExceptionPage>, ...indexes: string[]): Example => ({
  of: 'db/tracking/list.ts findExceptions',
  what,
  run: (query) => findExceptions(query, by(asked)),
  indexes,
});

export const trackingExamples: readonly Example[] = [
  exceptions('the latest first, a further page', { after: last }, 'tracking_exceptions_by_last'),
  exceptions('open ones, the latest first', { filter: { state: 'open' } }, 'tracking_exceptions_list'),
  exceptions('open ones, the oldest first', { filter: { state: 'open' }, sort: 'firstAt' }, 'tracking_exceptions_by_state_first'),
  exceptions('by their first day', { sort: 'firstAt', descending: false, after: last }, 'tracking_exceptions_by_first'),
  exceptions('one kind', { filter: { kind: 'scan-error' } }, 'tracking_exceptions_by_kind'),
  exceptions('of one delivery', { filter: { deliveryNo: 'D261123000001' } }, 'tracking_exceptions_by_delivery'),
  exceptions('of one pickup', { filter: { pickupNo: 'P261123000001' } }, 'tracking_exceptions_by_pickup'),
  exceptions('of one waybill', { filter: { waybillNo: '681234567890' } }, 'tracking_exceptions_by_waybill_no'),
  {
    of: 'db/tracking/list.ts countExceptions',
    what: 'open ones, counted up to a bound',
    run: (query) => countExceptions(query, { state: 'open' }, 10_001),
    indexes: ['tracking_exceptions'],
  },
];
