import { defineEntity, p } from '@mikro-orm/core';
import { type PrintKind, printKinds } from '../../../domain/printing/print.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from '../columns.ts';
import { DeliveryEntity } from '../order.ts';

/** What was printed of which delivery, by whom and when: one row for each delivery on the paper, of a label for each waybill. */
export const PrintEntity = defineEntity({
  name: 'PrintEntity',
  tableName: 'prints',
  properties: {
    id: identity().primary(),
    kind: oneOf<PrintKind>(namesOf(printKinds)),
    deliveryNo: references(p.text(), 'prints.delivery_no', () => DeliveryEntity),
    /** The waybill on the label; null = a list. */
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    /** 1 = the first time, 2 = 재출력 1. */
    copy: p.integer(),
    at: now(),
    by: p.text(),
    /** Of the request, which may be repeated, and of what it asked for. */
    requestKey: p.text(),
    bodyHash: p.text(),
  },
  checks: [
    isOneOf('prints_kind', 'kind', namesOf(printKinds)),
    { name: 'prints_copy_check', property: 'copy', expression: 'copy >= 1' },
    {
      name: 'prints_label_has_waybill',
      expression: "(kind = 'label') = (waybill_no is not null) and (kind = 'label') = (carrier_code is not null)",
    },
  ],
  indexes: [
    { name: 'prints_delivery', properties: ['deliveryNo', 'id'] },
    { name: 'prints_waybill', properties: ['waybillNo', 'carrierCode'], where: 'waybill_no is not null' },
    { name: 'prints_request', properties: ['requestKey'] },
  ],
});
