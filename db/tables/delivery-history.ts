import { defineEntity, p } from '@mikro-orm/core';
import type { DeliveryLine, DeliveryState } from '../../domain/deliveries/line.ts';
import { identity } from './columns.ts';

/** Append-only: who did what to a line and when. A repair sets `voidedAt`, the end of the personal data's term takes the reason. */
export const DeliveryHistoryEntity = defineEntity({
  name: 'DeliveryHistoryEntity',
  tableName: 'delivery_history',
  properties: {
    id: identity().primary(),
    deliveryNo: p.text(),
    lineNo: p.integer(),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().$type<DeliveryState>().nullable(),
    toState: p.text().$type<DeliveryState>(),
    /** The line's revision after the command; null when it was refused. */
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    /** The whole line after the command, so that its row can be rebuilt without its workflow. */
    snapshot: p.json<DeliveryLine>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'delivery_history_delivery', properties: ['deliveryNo', 'at'] }],
  uniques: [
    {
      name: 'delivery_history_request',
      properties: ['requestId', 'deliveryNo', 'lineNo', 'command'],
      where: 'voided_at is null',
    },
    {
      name: 'delivery_history_revision',
      properties: ['deliveryNo', 'lineNo', 'revision'],
      where: 'voided_at is null and revision is not null',
    },
  ],
});
