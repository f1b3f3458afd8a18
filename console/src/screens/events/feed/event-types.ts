import type { Schemas } from '../../../api/api.ts';

type EventType = Schemas['Event']['type'];

/** Whatever can be told of, in the order in which it happens. A test (`webhook.test`) needs no choice: it goes to whom it is for. */
const known: Record<Exclude<EventType, 'webhook.test'>, 'delivery' | 'pickup' | 'other'> = {
  'delivery.ordered': 'delivery',
  'delivery.instructed': 'delivery',
  'delivery.released': 'delivery',
  'delivery.shipped': 'delivery',
  'delivery.delivered': 'delivery',
  'delivery.stockout-reported': 'delivery',
  'delivery.stockout-cleared': 'delivery',
  'delivery.canceled': 'delivery',
  'delivery.waybill-corrected': 'delivery',
  'delivery.undone': 'delivery',
  'delivery.reopened': 'delivery',
  'delivery.split': 'delivery',
  'delivery.merged': 'delivery',
  'delivery.delay-noticed': 'delivery',
  'delivery.overdue': 'delivery',
  'delivery.closed': 'delivery',
  'pickup.requested': 'pickup',
  'pickup.instructed': 'pickup',
  'pickup.arrived': 'pickup',
  'pickup.confirmed': 'pickup',
  'pickup.completed': 'pickup',
  'pickup.refused': 'pickup',
  'pickup.withdrawn': 'pickup',
  'pickup.held': 'pickup',
  'pickup.resumed': 'pickup',
  'pickup.converted': 'pickup',
  'tracking.exception': 'other',
  'bulk-shipment.completed': 'other',
  'waybill-range.low': 'other',
};

/** Names of events, by what they are about. */
export const typesBy = Map.groupBy(Object.keys(known), (type) => Reflect.get(known, type) as 'delivery' | 'pickup' | 'other');
export const eventTypes = Object.keys(known);
export const isAll = (types: readonly string[]): boolean => types.includes('*');
