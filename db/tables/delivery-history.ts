import { defineEntity, p } from '@mikro-orm/core';
import type { DeliveryLine } from '../../domain/delivery.ts';

/** Append-only: who did what to a line and when. A repair sets `voidedAt`, nothing else is ever changed. */
export const DeliveryHistoryEntity = defineEntity({
  name: 'DeliveryHistoryEntity',
  tableName: 'delivery_history',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deliveryNo: p.text(),
    lineNo: p.integer(),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().nullable(),
    toState: p.text(),
    /** The line's revision after the command; null when it was refused. */
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    /** The whole line after the command, so that a row can be rebuilt when its workflow is gone. */
    snapshot: p.json<DeliveryLine>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
});
