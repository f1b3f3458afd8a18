import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { lastEventId } from '../../../db/events/list.ts';
import { orderEvents } from '../../../db/events/order.ts';
import { distribute } from '../../../db/webhooks/distribute.ts';
import { daysAgo } from '../../support/clock.ts';
import { placeOrder, unique } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { heardFrom } from './hearing.ts';
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

/** Hands out to the endpoint what has happened, as a sender does. */
const handOut = async () => {
  await orderEvents(stack.db);
  await distribute(stack.db, id, await lastEventId(stack.db.query));
};
const told = async (query = '') => {
  const { status, body } = await stack.get(`${one}/deliveries?${query}`);
  expect(status).toBe(200);
  return body as { items: any[]; nextCursor: string | null };
};
const finish = (eventId: string, state: string) =>
  stack.db.query(sql`update webhook_deliveries set state = ${state}, tries = 10, finished_at = now(),
    attempts = ${JSON.stringify([{ at: new Date().toISOString(), status: 500, ms: 12, answer: 'oops', error: null }])}::jsonb
    where webhook_id = ${id} and event_id = ${eventId}::bigint`);
const lines = () =>
  stack.db.query(
    sql<any>`select subject, version, next_at <= now() as due from webhook_lines where webhook_id = ${id} order by subject`,
  );
const act = (path: string, body?: unknown, key?: string) =>
  stack.post(`${one}/${path}`, body, key ? { headers: { 'idempotency-key': key } } : {});

describe('what an endpoint is told', () => {
  test('is listed newest first, page by page, by state, each with the body that is sent', async () => {
    await placeOrder(stack, [{}, {}, {}]);
    await handOut();
    const heard = (await heardFrom(stack)).slice(-3);
    const all = await told();
    expect(all).toEqual({
      items: heard.toReversed().map(({ id: eventId, type, at, data }) => ({
        ...{ eventId, type, subject: `${data.deliveryNo}/${data.lineNo}`, state: 'waiting', tries: 0, attempts: [] },
        nextAttemptAt: expect.any(String),
        body: JSON.stringify({ type, timestamp: at, data }),
      })),
      nextCursor: null,
    });
    expect((await stack.get(one)).body.waiting).toBe(3);
    const first = await told('limit=2');
    expect(first.items).toEqual(all.items.slice(0, 2));
    expect(await told(`limit=2&cursor=${first.nextCursor}`)).toEqual({ items: all.items.slice(2), nextCursor: null });
    const [newest] = all.items;
    await finish(newest.eventId, 'failed');
    const [failed, ...none] = (await told('state=failed')).items;
    expect(none).toEqual([]);
    expect(failed).toMatchObject({ eventId: newest.eventId, state: 'failed', tries: 10, nextAttemptAt: null });
    expect(failed.attempts).toEqual([{ at: expect.any(String), status: 500, ms: 12, answer: 'oops', error: null }]);
    expect((await told('state=waiting')).items).toEqual(all.items.slice(1));
    expect((await told('state=succeeded')).items).toEqual([]);
  });

  test('of a line the next alone has a time, of an endpoint that is disabled none', async () => {
    await act('test');
    await act('test');
    await handOut();
    const times = async () => (await told()).items.map(({ nextAttemptAt }) => nextAttemptAt !== null);
    expect(await times()).toEqual([false, true]);
    await act('disable');
    expect(await times()).toEqual([false, false]);
  });

  test.each(['state=gone', 'cursor=x', 'limit=0', 'limit=501', 'before=1'])('%s is 400', async (query) => {
    const { status, body } = await stack.get(`${one}/deliveries?${query}`);
    expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('is of one that is there', async () => {
    expect((await stack.get(`${WEBHOOKS}/999999/deliveries`)).body.code).toBe('WEBHOOK_NOT_FOUND');
  });
});

describe('a test', () => {
  test('is an event in order, with the endpoint’s number, once per key', async () => {
    const key = unique('test');
    const first = await act('test', undefined, key);
    expect([first.status, first.body]).toEqual([202, { eventId: expect.stringMatching(/^\d+$/) }]);
    expect((await act('test', undefined, key)).body).toEqual(first.body);
    const event = (await heardFrom(stack)).find((each) => each.id === first.body.eventId);
    expect(event).toMatchObject({ type: 'webhook.test', data: { webhookId: id } });
    await handOut();
    expect((await told()).items.map(({ eventId, subject }) => [eventId, subject])).toEqual([
      [first.body.eventId, `webhook/${id}`],
    ]);
  });
});

describe('an event once more', () => {
  test('waits again with what was tried before, and its line is due', async () => {
    await placeOrder(stack, [{}]);
    await handOut();
    const [{ eventId, subject }] = (await told()).items as [any];
    for (const state of ['succeeded', 'failed']) {
      await finish(eventId, state);
      await stack.db.query(sql`delete from webhook_lines where webhook_id = ${id}`);
      const { status, body } = await act(`deliveries/${eventId}/resend`);
      expect([status, body]).toEqual([202, { eventId }]);
      expect((await told()).items[0]).toMatchObject({ state: 'waiting', tries: 0, attempts: [{ status: 500 }] });
      expect(await lines()).toEqual([{ subject, version: 1, due: true }]);
    }
    await stack.db.query(sql`update webhook_lines set next_at = now() + interval '1 hour' where webhook_id = ${id}`);
    expect((await act(`deliveries/${eventId}/resend`)).status).toBe(202);
    expect(await lines()).toEqual([{ subject, version: 2, due: true }]);
  });

  test('must be one that it was told, of an endpoint that is enabled', async () => {
    await placeOrder(stack, [{}]);
    await orderEvents(stack.db);
    const untold = String(await lastEventId(stack.db.query));
    for (const eventId of [untold, '999999999']) {
      const { status, body } = await act(`deliveries/${eventId}/resend`);
      expect([status, body.code]).toEqual([404, 'WEBHOOK_DELIVERY_NOT_FOUND']);
    }
    await act('disable');
    const refused = [
      await act(`deliveries/${untold}/resend`),
      await act('test'),
      await act('replay', { from: daysAgo(1), to: new Date().toISOString() }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [409, 'WEBHOOK_DISABLED']));
  });
});

test('an endpoint that is enabled again tries what waits at once', async () => {
  await placeOrder(stack, [{}, {}]);
  await handOut();
  await act('disable');
  await stack.db.query(sql`update webhook_lines set next_at = now() + interval '1 day' where webhook_id = ${id}`);
  expect((await lines()).map(({ due }) => due)).toEqual([false, false]);
  await act('enable');
  expect((await lines()).map(({ due }) => due)).toEqual([true, true]);
});

test('with an endpoint all that it was told is deleted, however much', async () => {
  await placeOrder(stack, [{}]);
  await handOut();
  await act('replay', { from: daysAgo(1), to: new Date().toISOString() });
  await stack.db.query(sql`insert into webhook_deliveries (webhook_id, event_id, stored_at, subject)
    select ${id}::bigint, 1000000 + n, now(), 'D' || n || '/1' from generate_series(1, 10001) n`);
  expect((await stack.get(one)).body.waiting).toBe(10_000);
  expect((await stack.delete(one)).status).toBe(200);
  for (const table of ['webhooks', 'webhook_deliveries', 'webhook_lines', 'webhook_replays'])
    expect(await stack.db.query(sql`select 1 from ${sql.table(table)} limit 1`)).toEqual([]);
});
