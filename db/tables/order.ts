import { defineEntity, p } from '@mikro-orm/core';
import type { DeliveryKind } from '../../domain/deliveries/line.ts';
import { methods } from '../../domain/delivery-method.ts';
import type { FrozenTerms, Payment } from '../../domain/shipping/bundle-fee.ts';
import { namesOf, now, references } from './columns.ts';
import { PickupEntity } from './pickup.ts';

/** An order as it was paid; orderer and receiver are stored only here. */
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
    /** Until when it is known to have been open: its end, or a look before that; null = not looked at since it was taken. */
    openUntil: p.datetime().nullable(),
    /** When its people became unreadable (db/orders/erase.ts). */
    peopleErasedAt: p.datetime().nullable(),
    /** When the request that wrote the present receiver was stored; null = the order's own. */
    receiverAskedAt: p.datetime().nullable(),
    /** Whether its receiver wants to be told (알림톡); and when the request that said so last was stored, null = the order's own. */
    notices: p.boolean().default(true),
    noticesAskedAt: p.datetime().nullable(),
    createdAt: now(),
    updatedAt: now(),
  },
  indexes: [
    {
      name: 'orders_order_no_key',
      expression: 'CREATE INDEX orders_order_no_key ON public.orders USING btree (number_key(order_no) text_pattern_ops)',
    },
    { name: 'orders_receiver_name', properties: ['receiverName'] },
    { name: 'orders_orderer_name', properties: ['ordererName'] },
    {
      name: 'orders_receiver_phone',
      expression: 'CREATE INDEX orders_receiver_phone ON public.orders USING gin (phone_keys(receiver_phone))',
    },
    {
      name: 'orders_orderer_phone',
      expression: 'CREATE INDEX orders_orderer_phone ON public.orders USING gin (phone_keys(orderer_phone))',
    },
    {
      name: 'orders_with_people',
      expression:
        'CREATE INDEX orders_with_people ON public.orders USING btree (COALESCE(open_until, created_at), order_no) WHERE (people_erased_at IS NULL)',
    },
  ],
});

/** What was bought, line by line; no command changes it. */
export const OrderLineEntity = defineEntity({
  name: 'OrderLineEntity',
  tableName: 'order_lines',
  properties: {
    orderNo: references(p.text().primary(), 'order_lines.order_no', () => OrderEntity),
    lineNo: p.integer().primary(),
    deliveryNo: p.text(),
    productId: p.bigint('number'),
    productName: p.text(),
    optionName: p.text().nullable(),
    quantity: p.integer(),
    unitPrice: p.bigint('number'),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.enum(namesOf(methods)),
    policyNo: p.bigint('number').nullable(),
    /** The dispatch policy and the day that the order asked for, if any. */
    dispatchPolicyNo: p.bigint('number').nullable(),
    requestedDispatchOn: p.date().nullable(),
    /** As in delivery_lines, for a row that has to be restored. */
    splitFromDeliveryNo: p.text().nullable(),
    splitFromLineNo: p.integer().nullable(),
    rootLineNo: p.integer().nullable(),
  },
  checks: [
    { name: 'order_lines_quantity_check', property: 'quantity', expression: 'quantity >= 1 and quantity <= 9999' },
    { name: 'order_lines_unit_price_check', property: 'unitPrice', expression: 'unit_price >= 0' },
  ],
  indexes: [{ name: 'order_lines_named', properties: ['productName'] }],
});

/** Each name under which a product was sold, once; a trigger on order_lines writes it. */
export const ProductNameEntity = defineEntity({
  name: 'ProductNameEntity',
  tableName: 'product_names',
  properties: {
    productId: p.bigint('number').primary(),
    productName: p.text().primary(),
  },
  indexes: [
    {
      name: 'product_names_pairs',
      expression: 'CREATE INDEX product_names_pairs ON public.product_names USING gin (letter_pairs(product_name))',
    },
  ],
});

/** A delivery (배송번호): lines of one order from one place by one method, with the fee at the time of the order. */
export const DeliveryEntity = defineEntity({
  name: 'DeliveryEntity',
  tableName: 'deliveries',
  properties: {
    deliveryNo: p.text().primary(),
    orderNo: references(p.text(), 'deliveries.order_no', () => OrderEntity),
    kind: p.enum(['order', 'exchange'] satisfies DeliveryKind[]),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.enum(namesOf(methods)),
    orderedAt: p.datetime(),
    feePolicyNo: p.bigint('number').nullable(),
    feeType: p.integer().nullable(),
    baseFee: p.bigint('number').defaultRaw('0'),
    surcharge: p.bigint('number').defaultRaw('0'),
    fee: p.bigint('number').defaultRaw('0'),
    payment: p.enum(['prepaid', 'collect', 'none'] satisfies Payment[]).default('none'),
    /** The pickup, if this is the delivery of its exchange. */
    pickupNo: references(p.text().nullable(), 'deliveries.pickup_no', (): object => PickupEntity),
    /** The terms of the fee, frozen at the time of the order; null = no policy. */
    feeTerms: p.json<FrozenTerms>().nullable(),
    /** The delivery whose line was split, if this is the delivery of a part. */
    splitFromDeliveryNo: p.text().nullable(),
    createdAt: now(),
  },
  checks: [
    { name: 'deliveries_base_fee_check', property: 'baseFee', expression: 'base_fee >= 0' },
    { name: 'deliveries_surcharge_check', property: 'surcharge', expression: 'surcharge >= 0' },
    { name: 'deliveries_fee_check', property: 'fee', expression: 'fee >= 0' },
  ],
  indexes: [
    { name: 'deliveries_order_no', properties: ['orderNo'] },
    {
      name: 'deliveries_delivery_no_key',
      expression:
        'CREATE INDEX deliveries_delivery_no_key ON public.deliveries USING btree (number_key(delivery_no) text_pattern_ops)',
    },
  ],
  uniques: [{ name: 'deliveries_pickup', properties: ['pickupNo'], where: 'pickup_no is not null' }],
});
