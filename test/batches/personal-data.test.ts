import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { runBatch } from '../support/scenes/batches.ts';
import { cancel, orderBody, placeIn, placeOrder, unique } from '../support/scenes/orders.ts';
import {
  isErased,
  peopleOf,
  returnedOrder,
  secretPeople,
  secrets,
  shiftBack,
  TERM_DAYS,
  tablesWith,
} from '../support/scenes/personal-data.ts';
import { openClaim, placedLine, postClaim, takePickup } from '../support/scenes/pickups.ts';
import { callback, outcomesOf } from '../support/scenes/tracking.ts';
import { type Stack, startStack, withoutPii } from '../support/stack.ts';

const ID = 'personal-data';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ PERSONAL_DATA_DAYS: String(TERM_DAYS) });
});
afterAll(() => stack.stop());

const run = () => runBatch(stack, ID);
const unmasked = async () => ({ token: await stack.token([...withoutPii, 'pii.read']) });

const { orderer, receiver, pickupFrom, reason, courier } = secretPeople;

describe('the people of an order, after the end of its last line', () => {
  test('nothing in the database names them any more, in whatever table it stood', async () => {
    const body = orderBody([{}, {}], { orderer, receiver });
    const { kept, gone, pickupNo, waybillNo } = await returnedOrder(stack, body, pickupFrom, reason);
    await callback(stack, kept.deliveryNo, waybillNo, 5, courier);
    await callback(stack, kept.deliveryNo, '599999999999', 4, { details: `${receiver.name} 님 부재` });
    await outcomesOf(stack, kept.deliveryNo);
    const { body: found } = await stack.get(`/api/bo/v1/tracking-exceptions?deliveryNo=${kept.deliveryNo}`);
    for (const { id } of found.items) await stack.post(`/api/bo/v1/tracking-exceptions/${id}/resolve`, { reason });
    expect(await tablesWith(stack, receiver.name)).toEqual(expect.arrayContaining(['orders', 'tracking_journal']));
    expect(await tablesWith(stack, reason)).toEqual(
      expect.arrayContaining(['delivery_history', 'pickup_items', 'tracking_exceptions']),
    );

    await shiftBack(stack, kept.orderNo, TERM_DAYS + 1);
    const { succeeded } = await run();
    expect(succeeded).toBeGreaterThanOrEqual(1);
    // Stored requests have their own term.
    await stack.db.query(sql`delete from requests`);
    const left = await Promise.all(secrets.map(async (secret) => [secret, await tablesWith(stack, secret)]));
    expect(left.filter(([, tables]) => tables?.length)).toEqual([]);

    // What happened stays, and everything can still be shown.
    const detail = await stack.get(`/api/bo/v1/deliveries/${kept.deliveryNo}`, await unmasked());
    expect(detail).toMatchObject({
      status: 200,
      body: {
        masked: false,
        orderer: { name: '(삭제됨)', phone: '', email: null },
        receiver: { name: '(삭제됨)', phone: '', zipCode: '', address1: '', address2: null, memo: null },
        tracking: [{ level: 5, where: '서울강남', details: null }],
      },
    });
    expect(detail.body.history.map(({ command }: { command: string }) => command)).toContain('ship');
    expect((await stack.get(`/api/bo/v1/pickups/${pickupNo}`)).body).toMatchObject({
      masked: true,
      state: 'completed',
      orderer: { name: '(삭제됨)', phone: '' },
      pickupFrom: { name: '(삭제됨)', phone: '', zipCode: '', address1: '', address2: null, memo: null },
      items: [{ reasonCode: 'OTHER', reason: null }],
    });
    const order = await stack.get(`/api/order/v1/orders/${gone.orderNo}`);
    expect(order.body.order).toMatchObject({ receiver: { name: '(삭제됨)' }, orderer: { name: '(삭제됨)' } });
    for (const asked of [{ receiverName: receiver.name }, { ordererName: orderer.name }, { phone: receiver.phone }])
      expect((await stack.post('/api/bo/v1/deliveries/search', asked)).body.items).toEqual([]);

    // The order system repeats itself, or asks for more.
    expect((await stack.post('/api/order/v1/orders', body)).status).toBe(200);
    expect(await stack.post('/api/order/v1/orders', { ...body, orderer: { ...orderer, name: '다른이' } })).toMatchObject({
      status: 409,
      body: { code: 'ORDER_EXISTS' },
    });
    const claim = { kind: 'return', orderNo: kept.orderNo, items: [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT' }] };
    expect(await postClaim(stack, { claimNo: unique('C'), ...claim })).toMatchObject({
      status: 409,
      body: { code: 'NOT_CLAIMABLE' },
    });
  });

  test('the lists show the mark, masked or not, and tell it to whoever reads by updatedFrom', async () => {
    const line = await placeIn(stack, 'delivered');
    await stack.db.query(sql`update delivery_lines set finished_at = now() where order_no = ${line.orderNo}`);
    await shiftBack(stack, line.orderNo, TERM_DAYS + 1);
    const [before] = await stack.db.query(sql<{ at: Date }>`select clock_timestamp() as at`);
    await run();
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?updatedFrom=${before?.at.toISOString()}&limit=500`);
    expect(body.items).toContainEqual(expect.objectContaining({ deliveryNo: line.deliveryNo, receiverName: '(삭제됨)' }));
    const again = await run();
    expect([again.succeeded, again.failed]).toEqual([0, 0]);
  });

  test('not before the term, and looked at once: the order is not due again until its end is that long ago', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    await cancel(stack, [line]);
    await shiftBack(stack, line.orderNo, TERM_DAYS - 1);
    await stack.db.query(sql`update orders set created_at = created_at - interval '5 days' where order_no = ${line.orderNo}`);
    expect((await run()).skipped).toBeGreaterThanOrEqual(1);
    const { people_erased_at, open_until } = await peopleOf(stack, line.orderNo);
    expect([people_erased_at, open_until?.getTime()]).toEqual([null, (await endOf(line.orderNo))?.getTime()]);
    expect(await run()).toMatchObject({ examined: 0 });
    // Two days later.
    await stack.db.query(sql`update orders set open_until = open_until - interval '2 days' where order_no = ${line.orderNo}`);
    await shiftBack(stack, line.orderNo, 2);
    expect(await run()).toMatchObject({ examined: 1, succeeded: 1, skipped: 0 });
    expect(await isErased(stack, line.orderNo)).toBe(true);
  });

  test('without a term nobody is erased', async () => {
    const other = await startStack();
    try {
      const line = await placeIn(other, 'canceled');
      await shiftBack(other, line.orderNo, 10_000);
      expect(await runBatch(other, ID)).toMatchObject({ examined: 0, succeeded: 0 });
      expect(await peopleOf(other, line.orderNo)).toMatchObject({ receiver_name: '홍길동', people_erased_at: null });
    } finally {
      await other.stop();
    }
  });

  test.each([
    [
      'a line is open',
      async () => {
        const [open, ended] = await placeOrder(stack, [{}, {}]);
        await cancel(stack, [ended as NonNullable<typeof ended>]);
        return open;
      },
    ],
    [
      'a pickup is open',
      async () => {
        const line = await placedLine(stack);
        await openClaim(stack, 'return', line, 1);
        await stack.db.query(sql`update delivery_lines set finished_at = now() where order_no = ${line.orderNo}`);
        return line;
      },
    ],
    [
      'an exchange is on its way',
      async () => {
        const line = await placedLine(stack);
        const pickupNo = await openClaim(stack, 'exchange', line, 2);
        await takePickup(stack, pickupNo, ['instruct', 'confirm', 'complete']);
        return line;
      },
    ],
    [
      'a claim is being opened',
      async () => {
        const line = await placeIn(stack, 'canceled');
        await stack.db.query(sql`insert into claims (claim_no, order_no, kind, body_hash, status, request_id, pickup_nos)
        values (${unique('C')}, ${line.orderNo}, 'return', '', 'reserving', '', '{}')`);
        return line;
      },
    ],
    [
      'the row of a line is lost',
      async () => {
        const [lost, ended] = await placeOrder(stack, [{}, {}]);
        await cancel(stack, [ended as NonNullable<typeof ended>]);
        await stack.db.query(sql`delete from delivery_lines where order_no = ${lost?.orderNo} and line_no = ${lost?.lineNo}`);
        return lost;
      },
    ],
  ])('never while %s, however old the order is', async (_what, place) => {
    const line = await place();
    if (!line) throw new Error('no line');
    await shiftBack(stack, line.orderNo, 10 * TERM_DAYS);
    await run();
    expect(await peopleOf(stack, line.orderNo)).toMatchObject({
      people_erased_at: null,
      open_until: expect.any(Date),
      receiver_name: '홍길동',
    });
  });
});

const endOf = async (orderNo: string) =>
  (
    await stack.db.query(sql<{ at: Date | null }>`select max(finished_at) as at from delivery_lines where order_no = ${orderNo}`)
  )[0]?.at;
