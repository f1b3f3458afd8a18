import { expressionBuilder, type SqlBool, sql } from 'kysely';
import type { DeliveryKind, DeliveryState } from '../../domain/deliveries/line.ts';
import type { MethodCode } from '../../domain/delivery-method.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { anyOf, type Condition, when } from '../lists.ts';
import { anyDeliveryNumbered, anyOrderNumbered } from '../numbers.ts';
import { isOfWorkBatch } from '../packing/batch-lines.ts';
import { build, type Tables } from '../statement.ts';
import { type DueFilter, isDue } from './due.ts';
import { isListed, line } from './line.ts';
import { isSold, type Sold } from './products.ts';

export const lineDates = {
  orderedAt: 'ordered_at',
  instructedAt: 'instructed_at',
  releasedAt: 'released_at',
  shippedAt: 'shipped_at',
  deliveredAt: 'delivered_at',
} as const;
export type LineDate = keyof typeof lineDates;

/**
 * The filters of 배송처리목록 and 배송목록; absent = not filtered. Instants are Dates, `to` excluded. Numbers are keys (`numberKey` of
 * domain/text.ts), any of which will do; `q` is the beginning of one, of any kind.
 */
export interface LineFilter extends DueFilter {
  states?: DeliveryState[] | undefined;
  q?: string | undefined;
  orderNo?: string[] | undefined;
  deliveryNo?: string[] | undefined;
  productId?: number | undefined;
  productName?: string | undefined;
  carrierCode?: string | undefined;
  waybillNo?: string[] | undefined;
  methodCode?: MethodCode | undefined;
  placeNo?: number | undefined;
  workBatch?: number | undefined;
  kind?: DeliveryKind | undefined;
  dateField?: LineDate | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  updatedFrom?: Date | undefined;
  receiverName?: string | undefined;
  ordererName?: string | undefined;
  phone?: string | undefined;
}

/** The filter with its part of a product's name looked up (`withProducts`). */
export interface FoundFilter extends Omit<LineFilter, 'productName'> {
  productName?: undefined;
  sold?: Sold | undefined;
}

/** Of the orders and deliveries with these numbers, under these waybills, in this batch of work. */
export const numbersOf = ({ orderNo, deliveryNo, waybillNo, workBatch }: FoundFilter): Condition[] => [
  ...when(orderNo, (keys) => line('order_no', '=', anyOrderNumbered(keys))),
  ...when(deliveryNo, (keys) => line('delivery_no', '=', anyDeliveryNumbered(keys))),
  ...when(waybillNo, (keys) => line('waybill_no', '=', anyOf(keys))),
  ...when(workBatch, isOfWorkBatch),
];

/** The lines that the lists show under this filter; `q` is the list's own (list.ts). */
export function isWithin(filter: FoundFilter): Condition {
  const date = lineDates[filter.dateField ?? 'orderedAt'];
  return line.and([
    isListed,
    ...when(filter.states, isInStates),
    ...numbersOf(filter),
    ...when(filter.productId, (productId) => line('product_id', '=', productId)),
    ...when(filter.carrierCode, (code) => line('carrier_code', '=', code)),
    ...when(filter.methodCode, (code) => line('method_code', '=', code)),
    ...when(filter.placeNo, (placeNo) => line('place_no', '=', placeNo)),
    ...when(filter.kind, (kind) => line('kind', '=', sql.lit(kind))),
    ...when(filter.from, (from) => line(date, '>=', from)),
    ...when(filter.to, (to) => line(date, '<', to)),
    ...when(filter.updatedFrom, (from) => line('updated_at', '>=', from)),
    ...isDue(filter),
    ...when(filter.sold, isSold),
    ...isOfPeople(filter),
  ]);
}

/** A single state is compared as a literal: some indexes begin with the state, others contain the rows of one state only. */
const isInStates = (states: DeliveryState[]): Condition =>
  states.length === 1 && states[0] ? line('state', '=', sql.lit(states[0])) : sql<SqlBool>`state = any(${states})`;

/**
 * Orders of these people: by exact name, or by a telephone number of the receiver or orderer, however it is written and also when it
 * stands beside another; four digits are the last ones of a number, which is all that masked lists show of it.
 */
function isOfPeople({ receiverName, ordererName, phone }: FoundFilter): Condition[] {
  const order = expressionBuilder<Tables, 'orders'>();
  const people = [
    ...when(receiverName, (name) => order('receiver_name', '=', name)),
    ...when(ordererName, (name) => order('orderer_name', '=', name)),
    ...when(phone && phoneNumber(phone), (number) =>
      order.or([
        sql<SqlBool>`phone_keys(receiver_phone) @> array[${number}]`,
        sql<SqlBool>`phone_keys(orderer_phone) @> array[${number}]`,
      ]),
    ),
  ];
  if (people.length === 0) return [];
  return [line('order_no', 'in', build.selectFrom('orders').select('order_no').where(order.and(people)))];
}
