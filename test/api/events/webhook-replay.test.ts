import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { lastEventId } from '../../../db/events/list.ts';
import { daysAgo } from '../../support/clock.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { hook, WEBHOOKS } from './hooks.ts';

let stack: Stack;
let id: number;
let one: string;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.db.query(sql`delete from webhooks`);
  id = (await stack.post(WEBHOOKS, hook({ types: ['*'] }))).body.id;
  one = `${WEBHOOKS}/${id}`;
});
const act = (path: string, body?: unknown) => stack.post(`${one}/${path}`, body);

describe('a range once more', () => {
  const replays = () => stack.db.query(sql<any>`select * from webhook_replays where webhook_id = ${id}`);

  test('is kept for the senders, up to the last event there is', async () => {
    await placeOrder(stack, [{}]);
    const [from, to] = [daysAgo(1), new Date().toISOString()];
    const { status, body } = await act('replay', { from, to });
    expect([status, body]).toEqual([202, { replayId: expect.any(Number) }]);
    const last = await lastEventId(stack.db.query);
    expect(await replays()).toEqual([
      {
        ...{ id: body.replayId, webhook_id: id, from_at: new Date(from), to_at: new Date(to), types: ['*'] },
        ...{ replayed_until: 0, up_to: last },
      },
    ]);
  });

  test('begins at the first event of its time, and is of types that the endpoint wants', async () => {
    await stack.put(one, hook({ types: ['delivery.shipped', 'delivery.delivered'] }));
    const last = async () => lastEventId(stack.db.query);
    const to = new Date(Date.now() + 60_000).toISOString();
    // All of them are older than an hour before it; nothing is to be looked at.
    await stack.db.query(sql`update events set stored_at = stored_at - interval '3 hours'`);
    expect((await act('replay', { from: daysAgo(0), to, types: ['delivery.shipped', 'delivery.shipped'] })).status).toBe(202);
    expect(await replays()).toMatchObject([{ types: ['delivery.shipped'], replayed_until: await last(), up_to: await last() }]);
    const { status, body } = await act('replay', { from: daysAgo(0), to, types: ['delivery.shipped', 'pickup.held'] });
    expect([status, body.errors]).toEqual([400, [{ path: 'types.1', message: '이 웹훅이 받지 않는 이벤트입니다' }]]);
  });

  const soon = () => new Date(Date.now() + 60_000).toISOString();
  test.each<[string, () => object, string]>([
    ['without an end', () => ({ from: daysAgo(1) }), 'to'],
    ['that ends before it begins', () => ({ from: daysAgo(1), to: daysAgo(2) }), 'to'],
    ['of no time', () => ({ from: '2026-11-28T00:00:00Z', to: '2026-11-28T09:00:00+09:00' }), 'to'],
    ['older than 30 days', () => ({ from: daysAgo(30.1), to: daysAgo(1) }), 'from'],
    ['that has not begun', () => ({ from: soon(), to: new Date(Date.now() + 120_000).toISOString() }), 'from'],
    ['of no type', () => ({ from: daysAgo(1), to: soon(), types: [] }), 'types'],
    ['of a type that there is not', () => ({ from: daysAgo(1), to: soon(), types: ['delivery.eaten'] }), 'types.0'],
    ['in words', () => ({ from: '어제', to: soon() }), 'from'],
  ])('%s is refused, and the field is named', async (_what, body, field) => {
    const answer = await act('replay', body());
    expect([answer.status, answer.body.code]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([field]);
    expect(await replays()).toEqual([]);
  });
});
