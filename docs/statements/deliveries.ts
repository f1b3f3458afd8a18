import { countLines } from '../../db/deliveries/count.ts';
import { findDeliveries, findLines, type PageRequest } from '../../db/deliveries/list.ts';
import { REACH } from '../../db/deliveries/numbered.ts';
import { linesOfDeliveries } from '../../db/deliveries/shown.ts';
import { compile, type Query, type Statement } from '../../db/statement.ts';
import type { Example } from './example.ts';

const by = (asked: Partial<PageRequest>): PageRequest => ({
  filter: {},
  sort: 'orderedAt',
  descending: true,
  limit: 51,
  ...asked,
});
const from = new Date('2026-11-01T00:00:00+09:00');
const to = new Date('2026-12-01T00:00:00+09:00');
const last = { value: '2026-11-23T00:00:00.000Z', deliveryNo: 'D261123000001', lineNo: 2 };

const lastDue = { ...last, value: '2026-11-24' };
const late = { status: 'late', today: '2026-11-28' } as const;

/** By which `q` finds deliveries. */
const NUMBERED = ['deliveries_delivery_no_key', 'orders_order_no_key', 'deliveries_order_no', 'delivery_lines_waybill'];

const lines = (what: string, asked: Partial<PageRequest>, ...indexes: string[]): Example => ({
  of: 'db/deliveries/list.ts findLines',
  what,
  run: (query) => findLines(query, by(asked)),
  indexes,
});
const deliveries = (what: string, asked: Partial<PageRequest>, ...indexes: string[]): Example => ({
  of: 'db/deliveries/list.ts findDeliveries',
  what,
  run: (query) => findDeliveries(query, by(asked)),
  indexes,
});

/** As where `q` finds more numbers than are looked up. */
const short = { ...REACH, few: -1, many: -1 };

/** Asked for a part of a product's name, where these products were sold under one. */
const named = (query: Query, found: { product_id: number; names: string[]; otherwise: string[] | null }[]): Query =>
  (async (statement: Statement<object>) => {
    const answer = await query(statement);
    return compile(statement).sql.includes('product_names') ? found : answer;
  }) as Query;
const chairs: Partial<PageRequest> = { filter: { productName: '의자' } };
const always = { product_id: 43897, names: ['의자'], otherwise: null };
const once = { product_id: 43898, names: ['캠핑 의자'], otherwise: ['캠핑 체어'] };

export const deliveryExamples: readonly Example[] = [
  lines('the newest orders first', {}, 'delivery_lines_ordered'),
  lines('one state, a further page', { filter: { states: ['released'] }, after: last }, 'delivery_lines_state_ordered'),
  lines('two states, each in order of its own', { filter: { states: ['released', 'shipped'] } }, 'delivery_lines_state_ordered'),
  lines('by the day of order', { filter: { from, to }, descending: false }, 'delivery_lines_ordered'),
  lines('the latest 배송지시 first, then the lines without one', { sort: 'instructedAt' }, 'delivery_lines_instructed_at'),
  lines('the latest 출고지시 first', { sort: 'releasedAt', after: last }, 'delivery_lines_released_at'),
  lines(
    'shipped within some days',
    { filter: { dateField: 'shippedAt', from, to }, sort: 'shippedAt', after: last },
    'delivery_lines_shipped_at',
  ),
  lines('the latest 배송완료 first', { sort: 'deliveredAt', after: last }, 'delivery_lines_delivered_at'),
  lines(
    'what is due first, then what has no day',
    { sort: 'dispatchDueOn', descending: false, after: lastDue },
    'delivery_lines_due',
  ),
  lines(
    'of one state what is due first, a further page',
    { filter: { states: ['ordered'] }, sort: 'dispatchDueOn', descending: false, after: lastDue },
    'delivery_lines_now_due',
    'delivery_lines_now_undated',
  ),
  lines('late', { filter: { due: late }, sort: 'dispatchDueOn', descending: false, after: lastDue }, 'delivery_lines_now_due'),
  lines(
    'a promise missed',
    { filter: { due: { status: 'notice-missed', today: '2026-11-28' } }, sort: 'dispatchDueOn', descending: false },
    'delivery_lines_delayed',
  ),
  lines(
    'due within some days, shipped or not',
    { filter: { dueFrom: '2026-11-01', dueTo: '2026-11-30' }, sort: 'dispatchDueOn', after: lastDue },
    'delivery_lines_due',
  ),
  lines('by number, a further page', { sort: 'deliveryNo', after: { ...last, value: null } }, 'delivery_lines_pkey'),
  lines('one place', { filter: { placeNo: 176042 } }, 'delivery_lines_place'),
  lines('one way of delivery', { filter: { methodCode: '20' } }, 'delivery_lines_method'),
  lines('one carrier', { filter: { carrierCode: '04' } }, 'delivery_lines_carrier'),
  lines('exchanges', { filter: { kind: 'exchange' } }, 'delivery_lines_exchange'),
  lines(
    'some orders, as people write their numbers',
    { filter: { orderNo: ['S202611230001', 'S202611230002'] } },
    'orders_order_no_key',
    'delivery_lines_order_no_line_no_key',
  ),
  lines('some deliveries', { filter: { deliveryNo: ['D261123000001'] } }, 'deliveries_delivery_no_key', 'delivery_lines_pkey'),
  lines('some waybills', { filter: { waybillNo: ['681234567890', '681234567891'] } }, 'delivery_lines_waybill'),
  lines(
    'one batch of work',
    { filter: { workBatch: 12 } },
    'work_batch_lines_pkey',
    'delivery_lines_pkey',
    'work_batch_lines_line',
  ),
  lines('the beginning of a number', { filter: { q: 'D2611' } }, ...NUMBERED, 'delivery_lines_pkey'),
  lines(
    'one product that waits for stock',
    { filter: { states: ['awaitingShipment'], productId: 43897 } },
    'delivery_lines_waiting',
  ),
  lines('a part of a product name: the names', chairs, 'product_names_pairs'),
  {
    of: 'db/deliveries/list.ts findLines',
    what: 'a part of a product name: lines of products that are called so',
    run: (query) => findLines(named(query, [always]), by(chairs)),
    indexes: ['delivery_lines_product'],
  },
  {
    of: 'db/deliveries/list.ts findLines',
    what: 'a part of a product name: lines of a product that was also called otherwise',
    run: (query) => findLines(named(query, [always, once]), by(chairs)),
    indexes: ['order_lines_named', 'delivery_lines_product'],
  },
  deliveries('the newest orders first', {}, 'delivery_lines_ordered'),
  deliveries('two states', { filter: { states: ['released', 'shipped'] } }, 'delivery_lines_state_ordered'),
  deliveries('the latest shipped first', { sort: 'shippedAt', after: last }, 'delivery_lines_shipped_at'),
  deliveries(
    'what is due today first',
    { filter: { due: { ...late, status: 'today' } }, sort: 'dispatchDueOn', descending: false },
    'delivery_lines_now_due',
  ),
  deliveries('a receiver by name', { filter: { receiverName: '홍길동' } }, 'orders_receiver_name'),
  deliveries('an orderer by name', { filter: { ordererName: '김주문' } }, 'orders_orderer_name'),
  deliveries('a telephone number', { filter: { phone: '010-1234-5678' } }, 'orders_receiver_phone', 'orders_orderer_phone'),
  deliveries('the end of a telephone number', { filter: { phone: '5678' } }, 'orders_receiver_phone', 'orders_orderer_phone'),
  deliveries('the beginning of a number', { filter: { q: 'S2026' } }, ...NUMBERED, 'delivery_lines_pkey'),
  deliveries(
    'the beginning of a number, of one state',
    { filter: { q: 'S2026', states: ['released'] }, after: last },
    ...NUMBERED,
  ),
  {
    of: 'db/deliveries/count.ts countLines',
    what: 'lines whose number begins so',
    run: (query) => countLines(query, { q: '6812' }, 10_001, false),
    indexes: [...NUMBERED, 'delivery_lines_pkey'],
  },
  {
    of: 'db/deliveries/count.ts countLines',
    what: 'lines of one state, counted up to a bound',
    run: (query) => countLines(query, { states: ['delivered'] }, 10_001, false),
    indexes: ['delivery_lines_state_ordered'],
  },
  {
    of: 'db/deliveries/list.ts findLines',
    what: 'lines of one state whose number begins as very many do',
    run: (query) => findLines(query, by({ filter: { q: '6812', states: ['released'] } }), short),
    indexes: ['delivery_lines_state_ordered', ...NUMBERED],
  },
  {
    of: 'db/deliveries/count.ts countLines',
    what: 'such lines of one state, counted up to a bound',
    run: (query) => countLines(query, { q: '6812', states: ['delivered'] }, 10_001, false, short),
    indexes: NUMBERED,
  },
  {
    of: 'db/deliveries/count.ts countLines',
    what: 'late lines of one state, counted up to a bound',
    run: (query) => countLines(query, { states: ['released'], due: late }, 10_001, false),
    indexes: ['delivery_lines_now_due'],
  },
  {
    of: 'db/deliveries/count.ts countLines',
    what: 'deliveries with a line in one state',
    run: (query) => countLines(query, { states: ['delivered'] }, 10_001, true),
    indexes: ['delivery_lines_state_ordered'],
  },
  {
    of: 'db/deliveries/shown.ts linesOfDeliveries',
    what: 'all lines of some deliveries',
    run: (query) => linesOfDeliveries(query, ['D261123000001', 'D261123000002'], false),
    indexes: ['delivery_lines_pkey'],
  },
];
