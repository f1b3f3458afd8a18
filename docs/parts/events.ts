import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import type { DeliveryLine, DeliveryState } from '../../domain/deliveries/line.ts';
import { lineEvent, pickupEvent } from '../../domain/events/event.ts';
import { type EventType, eventTypes } from '../../domain/events/types.ts';
import type { PickupCommand } from '../../domain/pickups/commands.ts';
import type { Pickup, PickupState } from '../../domain/pickups/pickup.ts';
import { code, table } from './charts.ts';

const at = '2026-11-23T02:00:00.000Z';
const ordered: DeliveryLine = {
  ...{ deliveryNo: 'D261123000001', lineNo: 1, orderNo: 'S20261123-0001', kind: 'order', productId: 43_897, methodCode: '10' },
  ...{ state: 'ordered', revision: 1, quantity: 2, canceled: 0, returned: 0, claims: {}, carrierCode: null, waybillNo: null },
  ...{ trackingLevel: null, instructedAt: null, releasedAt: null, shippedAt: null, deliveredAt: null, stockoutExpectedAt: null },
  ...{ autoClear: true, delayExpectedOn: null, delayReasonCode: null, delayNoticedAt: null, finishedAt: null },
  ...{ splitFrom: null, lastSplit: null },
};
const parcel = { carrierCode: '04', waybillNo: '681234567890' };
const part = { deliveryNo: 'D261123000009', lineNo: 2, state: 'ordered', validQuantity: 1 } as const;

const line = (command: DeliveryCommand | 'order' | 'close' | 'overdue', state: DeliveryState, more: Partial<DeliveryLine> = {}) =>
  lineEvent({ ...ordered, state, revision: 2, ...more }, command);
const requested: Pickup = {
  ...{ pickupNo: 'P261201000001', claimNo: 'C20261201-0001', orderNo: 'S20261123-0001', originalDeliveryNo: 'D261123000001' },
  ...{ exchangeDeliveryNo: null, kind: 'return', convertedFromExchange: false, convertedFromReturn: false, state: 'requested' },
  ...{ held: false, revision: 1, carrierCode: null, waybillNo: null, trackingLevel: null, arrivedAt: null, instructedAt: null },
  ...{ confirmedAt: null, completedAt: null, finishedAt: null },
  items: [{ lineNo: 1, productId: 43_897, quantity: 1, reasonCode: 'DEFECT', restock: null, dispose: null, fault: null }],
};
const pickup = (command: PickupCommand | 'claim', state: PickupState, more: Partial<Pickup> = {}) =>
  pickupEvent({ ...requested, state, revision: 2, ...more }, command);

/** An event of each type, made as they are. */
const told = [
  line('order', 'ordered', { revision: 1 }),
  line('instruct', 'instructed'),
  line('release', 'released', { revision: 3 }),
  line('ship', 'shipped', { revision: 4, ...parcel }),
  line('deliver', 'delivered', { revision: 5, ...parcel }),
  line('report-stockout', 'awaitingShipment', { revision: 4, stockoutExpectedAt: at }),
  line('clear-stockout', 'released', { revision: 5 }),
  line('cancel', 'ordered', { canceled: 1 }),
  line('correct-waybill', 'shipped', { revision: 5, ...parcel }),
  line('undo', 'ordered', { revision: 3 }),
  line('reopen', 'shipped', { revision: 6, ...parcel }),
  line('split', 'ordered', { quantity: 1, lastSplit: { ...part, revision: 2 } }),
  line('absorb', 'ordered', { revision: 3 }),
  line('notify-delay', 'ordered', { delayExpectedOn: '2026-12-01', delayReasonCode: 'STOCK' }),
  line('overdue', 'ordered', { revision: 1 }),
  line('close', 'delivered', { revision: 6, ...parcel, finishedAt: at }),
  pickup('claim', 'requested', { revision: 1 }),
  pickup('instruct', 'instructed', parcel),
  pickup('track', 'instructed', { revision: 3, ...parcel, arrivedAt: at }),
  pickup('confirm', 'confirmed', { revision: 4, ...parcel }),
  pickup('complete', 'completed', { revision: 5, ...parcel }),
  pickup('refuse', 'refused', { revision: 5, ...parcel }),
  pickup('withdraw', 'withdrawn'),
  pickup('hold', 'confirmed', { revision: 5, held: true, ...parcel }),
  pickup('resume', 'confirmed', { revision: 6, ...parcel }),
  pickup('convert-to-return', 'confirmed', { revision: 5, ...parcel }),
  {
    type: 'tracking.exception',
    data: { exceptionId: 12, kind: 'scan-error', deliveryNo: 'D261123000001', pickupNo: null, ...parcel },
  },
  {
    type: 'bulk-shipment.completed',
    data: {
      ...{ bulkShipmentId: 'b1', state: 'completed', total: 120, valid: 118, invalid: 2, skipped: 0, succeeded: 117, failed: 1 },
    },
  },
  { type: 'waybill-range.low', data: { rangeNo: 3, carrierCode: '08', placeNo: 176042, left: 99 } },
  { type: 'webhook.test', data: { webhookId: 3 } },
];

/** The catalogue of docs/events.md: every type with its data. A type without an example stops it. */
export function eventTable(): string {
  const rows = (Object.entries(eventTypes) as [EventType, string][]).map(([type, name]) => {
    const example = told.find((event) => event?.type === type);
    if (!example) throw new Error(`an event without an example: ${type}`);
    return [code(type), name, code(JSON.stringify(example.data))];
  });
  return table(['type', '', '`data`, for example'], rows);
}
