import { countPickups, findPickups, itemsOfPickups, type PickupPage, pickupsOfOrder } from '../../db/pickups/list.ts';
import type { Example } from './example.ts';

const from = new Date('2026-11-01T00:00:00+09:00');
const to = new Date('2026-12-01T00:00:00+09:00');
const last = { value: '2026-11-23T00:00:00.000Z', pickupNo: 'P261123000001' };

/** By which `q` finds pickups. */
const NUMBERED = [
  ...['pickup_no', 'claim_no', 'order_no', 'original_delivery_no'].map((column) => `pickups_${column}_key`),
  'pickups_waybill',
];

const pickups = (what: string, asked: Partial<PickupPage>, ...indexes: string[]): Example => ({
  of: 'db/pickups/list.ts findPickups',
  what,
  run: (query) => findPickups(query, { filter: {}, sort: 'requestedAt', descending: true, limit: 51, ...asked }),
  indexes,
});

export const pickupExamples: readonly Example[] = [
  pickups('the newest claims first', {}, 'pickups_requested'),
  pickups('one state, a further page', { filter: { states: ['requested'] }, after: last }, 'pickups_state'),
  pickups('two states', { filter: { states: ['requested', 'instructed'] } }, 'pickups_requested'),
  pickups('exchanges', { filter: { kind: 'exchange' } }, 'pickups_kind'),
  pickups('claimed within some days', { filter: { from, to }, descending: false }, 'pickups_requested'),
  pickups('the latest 회수지시 first, then the pickups without one', { sort: 'instructedAt' }, 'pickups_instructed_at'),
  pickups(
    'confirmed within some days',
    { filter: { dateField: 'confirmedAt', from, to }, sort: 'confirmedAt', after: last },
    'pickups_confirmed_at',
  ),
  pickups('the latest 회수완료 first', { sort: 'completedAt', after: last }, 'pickups_completed_at'),
  pickups('by number, a further page', { sort: 'pickupNo', after: { ...last, value: null } }, 'pickups_pkey'),
  pickups('some orders, as people write their numbers', { filter: { orderNo: ['S202611230001'] } }, 'pickups_order_no_key'),
  pickups('some claims', { filter: { claimNo: ['C202611230001'] } }, 'pickups_claim_no_key'),
  pickups('some numbers', { filter: { pickupNo: ['P261123000001', 'P261123000002'] } }, 'pickups_pickup_no_key'),
  pickups('some waybills', { filter: { waybillNo: ['681234567890'] } }, 'pickups_waybill'),
  pickups('the beginning of a number, a further page', { filter: { q: 'P2611' }, after: last }, ...NUMBERED),
  {
    of: 'db/pickups/list.ts countPickups',
    what: 'pickups whose number begins so',
    run: (query) => countPickups(query, { q: '6812' }, 10_001),
    indexes: NUMBERED,
  },
  {
    of: 'db/pickups/list.ts countPickups',
    what: 'pickups of one state, counted up to a bound',
    run: (query) => countPickups(query, { states: ['confirmed'] }, 10_001),
    indexes: ['pickups_state'],
  },
  {
    of: 'db/pickups/list.ts pickupsOfOrder',
    what: 'all pickups of an order',
    run: (query) => pickupsOfOrder(query, 'S20261123-0001'),
    indexes: ['pickups_order_no'],
  },
  {
    of: 'db/pickups/list.ts itemsOfPickups',
    what: 'what some pickups bring back',
    run: (query) => itemsOfPickups(query, ['P261123000001', 'P261123000002']),
    indexes: ['pickup_items_pkey'],
  },
];
