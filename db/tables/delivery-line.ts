import { defineEntity, p } from '@mikro-orm/core';
import type { Claim, DeliveryKind, DeliveryState, MethodCode } from '../../domain/delivery.ts';

/** The projection people list: one row per order line's delivery, written by `record` alone. */
export const DeliveryLineEntity = defineEntity({
  name: 'DeliveryLineEntity',
  tableName: 'delivery_lines',
  properties: {
    deliveryNo: p.text().primary(),
    lineNo: p.integer().primary(),
    orderNo: p.text(),
    kind: p.text().$type<DeliveryKind>(),
    productId: p.bigint('number'),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.text().$type<MethodCode>(),
    orderedAt: p.datetime(),
    state: p.text().$type<DeliveryState>(),
    revision: p.integer(),
    quantity: p.integer(),
    canceled: p.integer(),
    returned: p.integer(),
    validQuantity: p.integer().generated('(quantity - canceled - returned) stored'),
    claims: p.json<Record<string, Claim>>(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    trackingLevel: p.integer().nullable(),
    instructedAt: p.datetime().nullable(),
    releasedAt: p.datetime().nullable(),
    shippedAt: p.datetime().nullable(),
    deliveredAt: p.datetime().nullable(),
    stockoutReason: p.text().nullable(),
    stockoutExpectedAt: p.datetime().nullable(),
    autoClear: p.boolean(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
