import { defineEntity, p } from '@mikro-orm/core';

/** One owner per open waybill: unique (carrier, number) while `closedAt` is null; claimed and freed by `record`. */
export const WaybillEntity = defineEntity({
  name: 'WaybillEntity',
  tableName: 'waybills',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    carrierCode: p.text(),
    waybillNo: p.text(),
    /** The delivery that claimed it first; others may share it by 합포장. */
    deliveryNo: p.text().nullable(),
    /** Or the pickup that carries it. */
    pickupNo: p.text().nullable(),
    openedAt: p.datetime(),
    closedAt: p.datetime().nullable(),
  },
});
