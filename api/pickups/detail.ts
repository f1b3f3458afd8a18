import { z } from '@hono/zod-openapi';
import { deliveriesByNo } from '../../db/deliveries/find.ts';
import { linesOfDeliveries } from '../../db/deliveries/shown.ts';
import { withNames } from '../../db/operations/callers.ts';
import { findOrder } from '../../db/orders/find.ts';
import { findPickup, historyOf } from '../../db/pickups/find.ts';
import { itemsOfPickups } from '../../db/pickups/list.ts';
import { timelinesOf } from '../../db/tracking/timeline.ts';
import { maskName, maskPhone, maskText } from '../../domain/masking.ts';
import { oldZipCodeMark } from '../../domain/shipping/postal-areas.ts';
import { deliveryRow, deliveryRowSchema } from '../deliveries/delivery-row.ts';
import { historySchema, refusalOf } from '../deliveries/history.ts';
import { ordererSchema, peopleOf, shownReceiverSchema } from '../deliveries/people.ts';
import { trackingEntry, trackingSchema } from '../deliveries/timeline.ts';
import type { ApiDeps } from '../http/deps.ts';
import { pickupRow, pickupRowSchema } from './rows.ts';

const pickupHistorySchema = historySchema.omit({ lineNo: true }).openapi('PickupHistoryEntry');

export const pickupDetailSchema = pickupRowSchema
  .extend({
    masked: z.boolean(),
    orderer: ordererSchema,
    pickupFrom: shownReceiverSchema,
    originalDelivery: deliveryRowSchema.nullable(),
    history: z.array(pickupHistorySchema),
    tracking: z.array(trackingSchema),
  })
  .openapi('PickupDetail');

/** Names of the personal fields in a pickup's detail, for the access row. */
export const PICKUP_PERSONAL_FIELDS = [
  'orderer.name',
  'orderer.phone',
  'orderer.email',
  // From the original delivery.
  'receiver.name',
  'pickupFrom.name',
  'pickupFrom.phone',
  'pickupFrom.address',
  'pickupFrom.memo',
];

/** 회수상세팝업: the pickup with its people, original delivery and history; null when there is none. */
export async function pickupDetail(
  { db }: ApiDeps,
  pickupNo: string,
  mask: boolean,
): Promise<z.output<typeof pickupDetailSchema> | null> {
  const row = await findPickup(db.query, pickupNo);
  if (!row) return null;
  const [items, order, deliveries, lines, history, timelines] = await Promise.all([
    itemsOfPickups(db.query, [pickupNo]),
    findOrder(db.query, row.order_no),
    deliveriesByNo(db.query, [row.original_delivery_no]),
    linesOfDeliveries(db.query, [row.original_delivery_no], false),
    historyOf(db.query, pickupNo).then((rows) => withNames(db.query, rows)),
    timelinesOf(db.query, 'pickups', [pickupNo]),
  ]);
  const [delivery] = deliveries;
  if (!order) return null;
  return {
    ...pickupRow(row, items.get(pickupNo) ?? []),
    masked: mask,
    orderer: peopleOf(order, mask).orderer,
    pickupFrom: {
      name: mask ? (maskName(row.pickup_name) ?? '') : row.pickup_name,
      phone: mask ? (maskPhone(row.pickup_phone) ?? '') : row.pickup_phone,
      zipCode: row.pickup_zip_code,
      ...oldZipCodeMark(row.pickup_zip_code),
      address1: row.pickup_address1,
      address2: mask ? maskText(row.pickup_address2) : row.pickup_address2,
      memo: mask ? maskText(row.pickup_memo) : row.pickup_memo,
    },
    originalDelivery: delivery ? deliveryRow(delivery, lines, mask) : null,
    history: history.map((entry) => ({
      at: entry.at.toISOString(),
      by: entry.by,
      byName: entry.byName,
      command: entry.command,
      from: entry.from_state,
      to: entry.to_state,
      revision: entry.revision,
      ...(entry.reason === null ? {} : { reason: entry.reason }),
      ...refusalOf(entry.refused),
    })),
    tracking: (timelines.get(pickupNo) ?? []).map(trackingEntry),
  };
}
