import type { Claim, DeliveryKind, DeliveryState } from '../../domain/deliveries/line.ts';
import type { MethodCode } from '../../domain/delivery-method.ts';
import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';
import { waybillLevelOf } from '../tracking/timeline.ts';

export const lineDates = {
  orderedAt: 'ordered_at',
  instructedAt: 'instructed_at',
  releasedAt: 'released_at',
  shippedAt: 'shipped_at',
  deliveredAt: 'delivered_at',
} as const;
export type LineDate = keyof typeof lineDates;
export type LineSort = LineDate | 'deliveryNo';

/** The filters of 배송처리목록 and 배송목록; absent = not filtered. Instants are Dates, `to` excluded. */
export interface LineFilter {
  states?: DeliveryState[] | undefined;
  orderNo?: string | undefined;
  deliveryNo?: string | undefined;
  productId?: number | undefined;
  productName?: string | undefined;
  carrierCode?: string | undefined;
  waybillNo?: string | undefined;
  methodCode?: MethodCode | undefined;
  placeNo?: number | undefined;
  kind?: DeliveryKind | undefined;
  dateField?: LineDate | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  updatedFrom?: Date | undefined;
  receiverName?: string | undefined;
  ordererName?: string | undefined;
  phone?: string | undefined;
}

/** Where a page goes on: the sort value of its last row (null = among the rows without one) and its key. */
export interface LineCursor {
  value: string | null;
  deliveryNo: string;
  lineNo: number;
}

export interface PageRequest {
  filter: LineFilter;
  sort: LineSort;
  descending: boolean;
  limit: number;
  after?: LineCursor | undefined;
}

/** A line with what its order knows of it, as the lists show it. */
export interface ListedLine {
  delivery_no: string;
  line_no: number;
  order_no: string;
  kind: DeliveryKind;
  product_id: number;
  place_no: number | null;
  method_code: MethodCode;
  ordered_at: Date;
  state: DeliveryState;
  revision: number;
  quantity: number;
  canceled: number;
  returned: number;
  valid_quantity: number;
  claims: Record<string, Claim>;
  carrier_code: string | null;
  waybill_no: string | null;
  tracking_level: number | null;
  instructed_at: Date | null;
  released_at: Date | null;
  shipped_at: Date | null;
  delivered_at: Date | null;
  stockout_reason: string | null;
  stockout_expected_at: Date | null;
  auto_clear: boolean;
  finished_at: Date | null;
  updated_at: Date;
  product_name: string;
  option_name: string | null;
  unit_price: number;
  receiver_name: string;
  /** What the tracker has told of its waybill; the line's own level holds only what mattered to it. */
  waybill_level: number | null;
}

/** docs/sources/requirements.md#delivery-6: valid quantity only, no 주문취소, 반품취소, 반품완료. The partial indexes say the same. */
const listed = (alias: string) => `${alias}.valid_quantity > 0 and ${alias}.state <> 'canceled'`;

/** Filters on `alias`.delivery_lines. */
function conditions(filter: LineFilter, alias: string, statement: Statement): string[] {
  const found = [listed(alias)];
  const bind = (value: unknown) => statement.bind(value);
  const equal = (column: string, value: unknown) => value !== undefined && found.push(`${alias}.${column} = ${bind(value)}`);
  if (filter.states?.length === 1) equal('state', filter.states[0]);
  else if (filter.states) found.push(`${alias}.state = any(${bind(filter.states)})`);
  equal('order_no', filter.orderNo);
  equal('delivery_no', filter.deliveryNo);
  equal('product_id', filter.productId);
  equal('carrier_code', filter.carrierCode);
  equal('waybill_no', filter.waybillNo);
  equal('method_code', filter.methodCode);
  equal('place_no', filter.placeNo);
  equal('kind', filter.kind);
  const date = lineDates[filter.dateField ?? 'orderedAt'];
  if (filter.from) found.push(`${alias}.${date} >= ${bind(filter.from)}`);
  if (filter.to) found.push(`${alias}.${date} < ${bind(filter.to)}`);
  if (filter.updatedFrom) found.push(`${alias}.updated_at >= ${bind(filter.updatedFrom)}`);
  if (filter.productName !== undefined) {
    const like = `%${filter.productName.replace(/[\\%_]/g, '\\$&')}%`;
    found.push(`exists (select from order_lines p where p.order_no = ${alias}.order_no and p.line_no = ${alias}.line_no
      and letter_pairs(p.product_name) @> letter_pairs(${bind(filter.productName)}) and p.product_name ilike ${bind(like)})`);
  }
  const people: string[] = [];
  if (filter.receiverName !== undefined) people.push(`receiver_name = ${bind(filter.receiverName)}`);
  if (filter.ordererName !== undefined) people.push(`orderer_name = ${bind(filter.ordererName)}`);
  if (filter.phone !== undefined) {
    const phone = bind(filter.phone.replace(/[^0-9]/g, ''));
    people.push(`(digits(receiver_phone) = ${phone} or digits(orderer_phone) = ${phone})`);
  }
  if (people.length > 0) found.push(`${alias}.order_no in (select order_no from orders where ${people.join(' and ')})`);
  return found;
}

const PRODUCT_AND_RECEIVER = `join order_lines p on p.order_no = l.order_no and p.line_no = l.line_no
  join orders r on r.order_no = l.order_no
  left join lateral ${waybillLevelOf('l')} t on true`;
const LISTED_COLUMNS = 'l.*, p.product_name, p.option_name, p.unit_price, r.receiver_name, t.waybill_level';

/**
 * One phase of a keyset walk: the rows that have the sort's date, or the rows without one, which follow in key order.
 * `onePerDelivery` keeps of each delivery the line with the latest date among those within the filter.
 */
function phase(request: PageRequest, hasValue: boolean, onePerDelivery: boolean, limit: number) {
  const { filter, sort, descending, after } = request;
  const statement = new Statement();
  const column = sort === 'deliveryNo' ? null : lineDates[sort];
  const dated = column !== null && hasValue;
  const keys = dated ? [`l.${column}`, 'l.delivery_no'] : ['l.delivery_no'];
  const order = [...keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`), 'l.line_no'].join(', ');

  const select = (own: LineFilter): string => {
    const where = conditions(own, 'l', statement);
    if (onePerDelivery) {
      const date = (alias: string) => (column === null ? '' : `coalesce(${alias}.${column}, '-infinity'), `);
      where.push(`not exists (select from delivery_lines o where o.delivery_no = l.delivery_no
        and (${date('o')}-o.line_no) > (${date('l')}-l.line_no) and ${conditions(filter, 'o', statement).join(' and ')})`);
    }
    // ordered_at is never null; the other dates' indexes hold only the rows that have the date.
    if (column !== null && column !== 'ordered_at') where.push(`l.${column} is ${hasValue ? 'not ' : ''}null`);
    if (after && (column === null || (after.value !== null) === hasValue)) {
      const marks = [...(dated ? [`${statement.bind(after.value)}::timestamptz`] : []), statement.bind(after.deliveryNo)];
      const row = `(${keys.join(', ')})`;
      const last = `(${marks.join(', ')})`;
      where.push(
        `${row} ${descending ? '<=' : '>='} ${last} and (${row} <> ${last} or l.line_no > ${statement.bind(after.lineNo)})`,
      );
    }
    return `(select * from delivery_lines l where ${where.join(' and ')} order by ${order} limit ${statement.bind(limit)})`;
  };
  // Each state's rows stand in order of their dates in one index, those of several states do not.
  const states = column === 'ordered_at' ? [...new Set(filter.states)] : [];
  const rows =
    states.length > 1
      ? `(select * from (${states.map((state) => select({ ...filter, states: [state] })).join(' union all ')}) l
           order by ${order} limit ${statement.bind(limit)})`
      : select(filter);
  const text = `select ${LISTED_COLUMNS} from ${rows} l ${PRODUCT_AND_RECEIVER} order by ${order}`;
  return { text, values: statement.values };
}

async function page(query: Query, request: PageRequest, onePerDelivery: boolean): Promise<ListedLine[]> {
  const nullable = request.sort !== 'deliveryNo' && request.sort !== 'orderedAt';
  const phases = !nullable ? [true] : request.after?.value === null ? [false] : [true, false];
  const rows: ListedLine[] = [];
  for (const hasValue of phases) {
    if (rows.length >= request.limit) break;
    const { text, values } = phase(request, hasValue, onePerDelivery, request.limit - rows.length);
    rows.push(...(await query<ListedLine>(text, values)));
  }
  return rows;
}

/** 배송처리목록: a page of lines, at most `limit`. */
export const findLines = (query: Query, request: PageRequest): Promise<ListedLine[]> => page(query, request, false);

/** 배송목록: one line for each delivery with a line within the filter, so that deliveries page by keyset like lines. */
export const findDeliveries = (query: Query, request: PageRequest): Promise<ListedLine[]> => page(query, request, true);

/** How many rows the filter has, counted up to `most`. */
export async function countLines(query: Query, filter: LineFilter, most: number, onePerDelivery: boolean): Promise<number> {
  const statement = new Statement();
  const where = conditions(filter, 'l', statement).join(' and ');
  const what = onePerDelivery ? 'distinct l.delivery_no' : '1';
  const rows = await query<{ count: number }>(
    `select count(*) from (select ${what} from delivery_lines l where ${where} limit ${statement.bind(most)}) counted`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}

/** All lines of these deliveries by number; `onlyListed` leaves out canceled and wholly returned ones. */
export function linesOfDeliveries(query: Query, deliveryNos: string[], onlyListed: boolean): Promise<ListedLine[]> {
  return query<ListedLine>(
    `select ${LISTED_COLUMNS} from delivery_lines l ${PRODUCT_AND_RECEIVER}
      where l.delivery_no = any($1) ${onlyListed ? `and ${listed('l')}` : ''} order by l.delivery_no, l.line_no`,
    [deliveryNos],
  );
}
