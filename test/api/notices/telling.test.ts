import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { koreanClock } from '../../../domain/korea.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import {
  NOTICES,
  noticeEnvironment,
  noticeIn,
  noticesOf,
  orderFor,
  ruleFor,
  setRule,
  startTelling,
  uniquePhone,
} from '../../support/notices/telling.ts';
import { orderBody, placeOrder, receiver, take } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let simulator: Simulator;
let telling: ReturnType<typeof startTelling>;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
  stack = await startStack();
  await setRule(stack, ruleFor());
});
beforeEach(async () => {
  telling = startTelling(stack.db, noticeEnvironment(simulator.url));
  // What happens from now on is heard.
  await eventually(async () => (await stack.db.query(sql`select from notice_head where event_id is not null`)).length > 0);
});
afterEach(() => telling.stop());
afterAll(async () => {
  await stack.stop();
  await simulator.stop();
});

const sentTo = (digits: string) => simulator.control.notices({ to: digits });

describe('a receiver', () => {
  test('is told once of an event that has a rule', async () => {
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written);
    const notice = await noticeIn(stack, orderNo, 'sent');
    expect(sentTo(digits)).toEqual([
      expect.objectContaining({
        templateCode: 'T-1',
        variables: { '#{고객}': receiver.name, '#{주문}': orderNo, '#{상품}': '캠핑 의자' },
      }),
    ]);
    expect(notice).toMatchObject({
      ...{ type: 'delivery.ordered', typeName: '주문완료', orderNo, stateName: '보냄', reason: null, attempts: 1 },
      ...{ provider: 'solapi', templateCode: 'T-1', messageId: sentTo(digits)[0]?.messageId },
    });
    expect(await noticesOf(stack, orderNo)).toHaveLength(1);
  });

  test('is told with what the order says at that moment', async () => {
    await telling.stop();
    const [before, after] = [uniquePhone(), uniquePhone()];
    const orderNo = await orderFor(stack, before.written);
    await stack.put(`/api/order/v1/orders/${orderNo}/receiver`, { ...receiver, name: '새수령', phone: after.written });
    telling = startTelling(stack.db, noticeEnvironment(simulator.url));
    await noticeIn(stack, orderNo, 'sent');
    expect(sentTo(before.digits)).toEqual([]);
    expect(sentTo(after.digits)).toEqual([
      expect.objectContaining({ variables: expect.objectContaining({ '#{고객}': '새수령' }) }),
    ]);
  });

  test('of a shipment: with carrier and waybill', async () => {
    const text = '#{택배사} #{송장} #{배송} #{수량} #{날짜}';
    const variables = { 택배사: 'carrierName', 송장: 'waybillNo', 배송: 'deliveryNo', 수량: 'quantity', 날짜: 'happenedOn' };
    await setRule(stack, ruleFor('delivery.shipped', { text, variables }));
    const { written, digits } = uniquePhone();
    const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, phone: written } });
    if (!line) throw new Error('no line');
    const { waybillNo } = await take(stack, line, ['instruct', 'release', 'ship']);
    const told = await eventually(async () => sentTo(digits).find((each) => each.variables?.['#{송장}']));
    expect(told.variables).toMatchObject({ '#{송장}': waybillNo, '#{배송}': line.deliveryNo, '#{수량}': '2' });
  });

  test('whose order wants none hears nothing, until it does', async () => {
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written, { notices: false });
    const { id, reasonName } = await noticeIn(stack, orderNo, 'skipped');
    expect(reasonName).toBe('알리지 않기로 한 주문');
    const isTold = async () => (await stack.get(`/api/order/v1/orders/${orderNo}`)).body.order.notices;
    expect(await isTold()).toBe(false);
    const path = `/api/order/v1/orders/${orderNo}/notices`;
    expect(await stack.put(path, { enabled: true })).toMatchObject({ status: 200, body: { orderNo, enabled: true } });
    expect(await isTold()).toBe(true);
    await stack.post(`${NOTICES}/resend`, { ids: [id] });
    await noticeIn(stack, orderNo, 'sent');
    expect(sentTo(digits)).toHaveLength(1);
    expect(await stack.put('/api/order/v1/orders/none/notices', { enabled: true })).toMatchObject({ status: 404 });
  });

  test('without a mobile number is not told, and a person sees why; one behind an 안심번호 is', async () => {
    const orderNo = await orderFor(stack, '02-123-4567');
    expect(await noticeIn(stack, orderNo, 'skipped')).toMatchObject({ reason: 'NO_MOBILE' });
    const safe = `0504${uniquePhone().digits.slice(3)}`;
    await noticeIn(stack, await orderFor(stack, safe), 'sent');
    expect(sentTo(safe)).toHaveLength(1);
  });
});

test('an order that comes again is the same; with notices: true as without; with false it is another', async () => {
  const body = orderBody();
  const order = async (more: object) => (await stack.post('/api/order/v1/orders', { ...body, ...more })).status;
  expect([await order({}), await order({ notices: true }), await order({ notices: false })]).toEqual([201, 200, 409]);
});

describe('what un-happened is not told', () => {
  test('an event that a repair has taken back', async () => {
    await telling.stop();
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written);
    await stack.db.query(sql`insert into events (type, at, subject, data, corrects)
      select type, now(), subject, data, key from events where data ->> 'orderNo' = ${orderNo}`);
    telling = startTelling(stack.db, noticeEnvironment(simulator.url));
    expect(await noticeIn(stack, orderNo, 'skipped')).toMatchObject({ reason: 'TAKEN_BACK' });
    expect(await noticesOf(stack, orderNo)).toHaveLength(1);
    expect(sentTo(digits)).toEqual([]);
  });

  test('sent before it was taken back: a person sees that', async () => {
    const orderNo = await orderFor(stack, uniquePhone().written);
    await noticeIn(stack, orderNo, 'sent');
    await stack.db.query(sql`insert into events (type, at, subject, data, corrects)
      select type, now(), subject, data, key from events where data ->> 'orderNo' = ${orderNo}`);
    await eventually(async () => (await noticesOf(stack, orderNo))[0]?.reason === 'TAKEN_BACK');
    expect(await noticesOf(stack, orderNo)).toMatchObject([{ state: 'sent' }]);
  });

  test('a shipment that a person has undone before it was told', async () => {
    await setRule(stack, ruleFor('delivery.shipped'));
    const { written, digits } = uniquePhone();
    const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, phone: written } });
    if (!line) throw new Error('no line');
    await noticeIn(stack, line.orderNo, 'sent');
    await telling.stop();
    await take(stack, line, ['instruct', 'release', 'ship']);
    await take(stack, line, ['undo']);
    telling = startTelling(stack.db, noticeEnvironment(simulator.url));
    expect(await noticeIn(stack, line.orderNo, 'skipped')).toMatchObject({ type: 'delivery.shipped', reason: 'UNDONE' });
    expect(sentTo(digits)).toHaveLength(1);
  });
});

test('what is older than three days is not told', async () => {
  await telling.stop();
  const orderNo = await orderFor(stack, uniquePhone().written);
  await stack.db.query(sql`update events set at = at - interval '73 hours' where data ->> 'orderNo' = ${orderNo}`);
  telling = startTelling(stack.db, noticeEnvironment(simulator.url));
  expect(await noticeIn(stack, orderNo, 'skipped')).toMatchObject({ reason: 'TOO_OLD' });
});

test('in quiet hours it waits for their end, also one that a person sends again', async () => {
  await telling.stop();
  const hour = Number(koreanClock(new Date()).slice(0, 2));
  const until = (hour + 3) % 24;
  telling = startTelling(stack.db, noticeEnvironment(simulator.url, 'solapi', { NOTICE_QUIET_HOURS: `${hour}-${until}` }));
  const { written, digits } = uniquePhone();
  const orderNo = await orderFor(stack, written);
  const held = await eventually(async () => {
    const [notice] = await noticesOf(stack, orderNo);
    return notice?.state === 'waiting' && new Date(notice.dueAt) > new Date() && notice;
  });
  expect(koreanClock(new Date(held.dueAt))).toBe(`${String(until).padStart(2, '0')}:00:00.000`);
  expect(sentTo(digits)).toEqual([]);
  await telling.stop();
  telling = startTelling(stack.db, noticeEnvironment(simulator.url));
  await stack.db.query(sql`update notices set due_at = now() where order_no = ${orderNo}`);
  await noticeIn(stack, orderNo, 'sent');
});

test('a rule that is off tells nobody, and what happened before it was there is not told later', async () => {
  await setRule(stack, ruleFor('delivery.ordered', { enabled: false }));
  const first = await orderFor(stack, uniquePhone().written);
  await eventually(async () => {
    const [heard] = await stack.db.query(sql<{ done: boolean }>`
      select h.event_id >= e.id as done from notice_head h, events e where e.data ->> 'orderNo' = ${first} and e.id is not null`);
    return heard?.done;
  });
  await setRule(stack, ruleFor());
  const second = await orderFor(stack, uniquePhone().written);
  await noticeIn(stack, second, 'sent');
  expect(await noticesOf(stack, first)).toEqual([]);
});
