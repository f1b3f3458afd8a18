import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { httpOf } from '../../support/http.ts';
import { command, commandLine, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { instructWithWaybill, openClaim, takePickup } from '../../support/scenes/pickups.ts';
import { callback, outcomesOf, wireTime } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack, withoutPii } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const timelineOf = (orderNo: string) => stack.get(`/api/order/v1/orders/${orderNo}/timeline`);
const timesOf = (items: { at: string }[]) => items.map(({ at }) => at);

test('history of all lines and pickups with their scans, newest first, each thing once, people by name', async () => {
  const sub = unique('kim');
  const kim = httpOf(stack.url, await stack.token(withoutPii, { sub, name: '김관리' }));
  const [parcel, other] = await placeOrder(stack, [{}, { placeNo: 7, methodCode: '20' }]);
  if (!parcel || !other) throw new Error('no lines');
  const { waybillNo } = await take(kim, parcel, ['instruct', 'release', 'ship']);
  await take(kim, other, ['instruct']);
  await callback(stack, parcel.deliveryNo, waybillNo, 2, { time_trans: wireTime(-2) });
  await callback(stack, parcel.deliveryNo, waybillNo, 6, { time_trans: wireTime(-1) });
  await outcomesOf(stack, parcel.deliveryNo);
  await eventually(async () => {
    const { body } = await stack.get(`/api/bo/v1/deliveries/${parcel.deliveryNo}`);
    return body.lines[0].state === 'delivered';
  });
  const pickupNo = await openClaim(stack, 'return', parcel, 1);
  const returned = await instructWithWaybill(kim, pickupNo);
  await callback(stack, pickupNo, returned, 2, { time_trans: wireTime() });
  await outcomesOf(stack, pickupNo);
  await takePickup(kim, pickupNo, ['confirm']);
  await eventually(async () => (await timelineOf(parcel.orderNo)).body.items.some(({ byName }: any) => byName === '김관리'));

  const { status, body } = await timelineOf(parcel.orderNo);
  expect([status, body.truncated]).toEqual([200, false]);
  expect(timesOf(body.items)).toEqual(timesOf(body.items).sort().reverse());

  // The same as the details show, and nothing else.
  const deliveries = await Promise.all(
    [parcel, other].map(async ({ deliveryNo }) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body),
  );
  const pickup = (await stack.get(`/api/bo/v1/pickups/${pickupNo}`)).body;
  const scan = ({ at, level, levelName, waybillNo: no, where, details }: any) => ({
    at,
    level,
    levelName,
    waybillNo: no,
    where,
    details,
  });
  const shown = [
    ...deliveries.flatMap(({ deliveryNo, history, tracking }) => [
      ...history.map((entry: object) => ({ kind: 'history', deliveryNo, ...entry })),
      ...tracking.map((entry: object) => ({ kind: 'tracking', deliveryNo, ...scan(entry) })),
    ]),
    ...pickup.history.map((entry: object) => ({ kind: 'history', pickupNo, ...entry })),
    ...pickup.tracking.map((entry: object) => ({ kind: 'tracking', pickupNo, ...scan(entry) })),
  ];
  const sorted = (entries: object[]) => entries.map((entry) => JSON.stringify(Object.entries(entry).sort())).sort();
  expect(sorted(body.items)).toEqual(sorted(shown));
  expect(body.items.filter(({ kind }: any) => kind === 'tracking')).toHaveLength(3);
  expect(body.items.find(({ command: name }: any) => name === 'ship')).toMatchObject({ by: sub, byName: '김관리', lineNo: 1 });
  expect(body.items.find(({ command: name, pickupNo: no }: any) => name === 'confirm' && no === pickupNo)).toMatchObject({
    by: sub,
  });
});

test('two deliveries in one parcel: its scans once', async () => {
  const [one, two] = await placeOrder(stack, [{}, { methodCode: '20' }]);
  if (!one || !two) throw new Error('no lines');
  const { waybillNo } = await take(stack, one, ['instruct', 'release', 'ship']);
  await take(stack, two, ['instruct', 'release']);
  const fields = { carrierCode: '04', waybillNo };
  expect(await commandLine(stack, 'ship', two, fields, { combine: true })).toMatchObject({ ok: true });
  await callback(stack, one.deliveryNo, waybillNo, 2);
  await outcomesOf(stack, one.deliveryNo);
  const detail = (await stack.get(`/api/bo/v1/deliveries/${two.deliveryNo}`)).body;
  expect(detail.tracking).toHaveLength(1);
  const { items } = (await timelineOf(one.orderNo)).body;
  const scans = items.filter(({ kind }: any) => kind === 'tracking');
  expect(scans.map(({ deliveryNo }: any) => deliveryNo)).toEqual([one.deliveryNo]);
});

test('nothing of people, and no voided row', async () => {
  const [line] = await placeOrder(stack);
  await command(stack, 'instruct', [{ deliveryNo: line?.deliveryNo }]);
  await stack.db.query(
    sql`update delivery_history set voided_at = now() where delivery_no = ${line?.deliveryNo} and command = 'instruct'`,
  );
  const token = await stack.token([...withoutPii, 'pii.read']);
  const { body } = await stack.get(`/api/order/v1/orders/${line?.orderNo}/timeline`, { token });
  expect(body.items.map(({ command: name }: any) => name)).toEqual(['order']);
  expect(JSON.stringify(body)).not.toMatch(/홍길동|김주문|010-|강남구|문 앞/);
});

test('the latest 1,000, and that there is more', async () => {
  const [line] = await placeOrder(stack);
  await stack.db.query(sql`
    insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, refused, request_id)
    select ${line?.deliveryNo}, 1, now() + n * interval '1 ms', 'kim', 'release', 'ordered', 'ordered', 'TRANSITION_NOT_ALLOWED', 'r' || n
      from generate_series(1, 999) n`);
  const whole = (await timelineOf(line?.orderNo ?? '')).body;
  expect([whole.items.length, whole.truncated, whole.items.at(-1).command]).toEqual([1_000, false, 'order']);
  await stack.db.query(sql`
    insert into tracking_journal (fid, waybill_no, level, scanned_at, place, received_at)
    values (${line?.deliveryNo}, '1', 2, now() + interval '1 hour', '서울', now())`);
  const { items, truncated } = (await timelineOf(line?.orderNo ?? '')).body;
  expect([items.length, truncated, items[0].kind, items.at(-1).command]).toEqual([1_000, true, 'tracking', 'release']);
});

test('an order that nobody has taken: ORDER_NOT_FOUND; unknown parameters: 400', async () => {
  const { status, body } = await timelineOf('nobody');
  expect([status, body.code]).toEqual([404, 'ORDER_NOT_FOUND']);
  expect((await stack.get('/api/order/v1/orders/nobody/timeline?limit=5')).status).toBe(400);
});
