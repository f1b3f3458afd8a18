import { defineEntity, p } from '@mikro-orm/core';
import type { FrozenTerms } from '../../domain/bundle-fee.ts';
import type { DeliveryKind, MethodCode } from '../../domain/delivery.ts';

/** An order as it was paid: the only home of orderer and receiver. */
export const OrderEntity = defineEntity({
  name: 'OrderEntity',
  tableName: 'orders',
  properties: {
    orderNo: p.text().primary(),
    bodyHash: p.text(),
    channel: p.text().nullable(),
    orderedAt: p.datetime(),
    ordererName: p.text(),
    ordererPhone: p.text(),
    ordererEmail: p.text().nullable(),
    receiverName: p.text(),
    receiverPhone: p.text(),
    receiverZipCode: p.text(),
    receiverAddress1: p.text(),
    receiverAddress2: p.text().nullable(),
    receiverMemo: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What was bought, line by line: facts that no command changes. */
export const OrderLineEntity = defineEntity({
  name: 'OrderLineEntity',
  tableName: 'order_lines',
  properties: {
    orderNo: p.text().primary(),
    lineNo: p.integer().primary(),
    deliveryNo: p.text(),
    productId: p.bigint('number'),
    productName: p.text(),
    optionName: p.text().nullable(),
    quantity: p.integer(),
    unitPrice: p.bigint('number'),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.text().$type<MethodCode>(),
    policyNo: p.bigint('number').nullable(),
  },
});

/** A delivery (배송번호): lines of one order that leave from one place by one method, with the fee as it was when ordered. */
export const DeliveryEntity = defineEntity({
  name: 'DeliveryEntity',
  tableName: 'deliveries',
  properties: {
    deliveryNo: p.text().primary(),
    orderNo: p.text(),
    kind: p.text().$type<DeliveryKind>(),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.text().$type<MethodCode>(),
    orderedAt: p.datetime(),
    feePolicyNo: p.bigint('number').nullable(),
    feeType: p.integer().nullable(),
    baseFee: p.bigint('number'),
    surcharge: p.bigint('number'),
    fee: p.bigint('number'),
    payment: p.text().$type<'prepaid' | 'collect' | 'none'>(),
    /** What the fee was reckoned from, frozen when ordered; null = no policy. */
    feeTerms: p.json<FrozenTerms>().nullable(),
    createdAt: p.datetime(),
  },
});
