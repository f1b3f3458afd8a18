import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { command, type PlacedLine, placeIn, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { secretPeople, secrets } from '../../support/scenes/personal-data.ts';
import { commandPickup } from '../../support/scenes/pickups.ts';
import { callback } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { FEED, heardFrom } from './hearing.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const all = (query?: string) => heardFrom(stack, query);

describe('the feed', () => {
  test('pages by id, without a gap; some types, several ways', async () => {
    await placeIn(stack, 'shipped');
    const everything = await all();
    expect(everything.map(({ id }) => Number(id))).toEqual(everything.map((_, at) => at + 1));
    const { body } = await stack.get(`${FEED}?after=${everything[0]?.id}&limit=2`);
    expect(body).toEqual({ items: everything.slice(1, 3), nextAfter: '3' });
    const shipped = everything.filter(({ type }) => type === 'delivery.shipped' || type === 'delivery.ordered');
    expect(await all('&types=delivery.shipped,delivery.ordered')).toEqual(shipped);
    expect(await all('&types=delivery.shipped&types=delivery.ordered')).toEqual(shipped);
    expect(await all('&types=*')).toEqual(everything);
    expect((await all('&types=webhook.test')).length).toBe(0);
    const last = everything.at(-1)?.id;
    expect((await stack.get(`${FEED}?after=${last}`)).body).toEqual({ items: [], nextAfter: last });
  });

  test.each(['types=delivery.eaten', 'types=', 'after=x', 'after=-1', 'limit=0', 'limit=501', 'before=1', 'after=999999999'])(
    '%s is 400',
    async (query) => {
      const { status, body } = await stack.get(`${FEED}?${query}`);
      expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
    },
  );

  test('who comes back after events were dropped is told', async () => {
    const other = await startStack({}, { hasWorker: false });
    try {
      await placeOrder(other, [{}, {}, {}]);
      expect((await other.get(FEED)).body.nextAfter).toBe('3');
      await other.db.query(sql`delete from events where id < 3`);
      const { status, body } = await other.get(`${FEED}?after=1`);
      expect([status, body.code]).toEqual([410, 'EVENTS_GONE']);
      expect((await other.get(`${FEED}?after=2`)).body.items).toHaveLength(1);
      expect((await other.get(FEED)).body.items).toHaveLength(1);
    } finally {
      await other.stop();
    }
  });
});

test('no name, phone, address or text of anybody', async () => {
  const { orderer, receiver, pickupFrom, reason, courier } = secretPeople;
  const [line] = (await placeOrder(stack, [{ quantity: 2 }], { orderer, receiver })) as [PlacedLine];
  for (const name of ['instruct', 'release', 'report-stockout', 'clear-stockout'])
    await command(
      stack,
      name,
      [line].map(({ deliveryNo }) => ({ deliveryNo })),
      { reason },
    );
  const { waybillNo } = await take(stack, line, ['ship']);
  await callback(stack, line.deliveryNo, waybillNo ?? '', -99, courier);
  await callback(stack, line.deliveryNo, '010-6262-1313', 2, courier);
  await take(stack, line, ['deliver']);
  const claim = {
    claimNo: unique('C'),
    kind: 'return',
    orderNo: line.orderNo,
    pickupFrom,
    items: [{ lineNo: 1, quantity: 1, reasonCode: 'OTHER', reason }],
  };
  const { pickupNo } = (await stack.post('/api/order/v1/claims', claim)).body.pickups[0];
  for (const name of ['instruct', 'confirm', 'hold']) await commandPickup(stack, name, pickupNo, {}, { reason });
  await eventually(
    async () => (await stack.db.query(sql`select 1 from tracking_exceptions where delivery_no = ${line.deliveryNo}`)).length > 1,
  );
  const rows = await stack.db.query(sql<{ text: string }>`select e::text as text from events e`);
  const heard = rows.map(({ text }) => text).join('\n');
  expect(heard).toContain(line.deliveryNo);
  expect(secrets.filter((secret) => heard.includes(secret))).toEqual([]);
});
