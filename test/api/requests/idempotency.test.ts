import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Statement } from '../../../db/statement.ts';
import {
  asked,
  cancel,
  command,
  commandWithKey,
  orderBody,
  type PlacedLine,
  placeIn,
  receiver,
  storedHistory,
  storedRow,
  take,
  unique,
} from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const send = (name: string, line: PlacedLine, key: string, fields: object = {}, more: object = {}) =>
  commandWithKey(stack, name, line, key, fields, more);
const commandsOf = async (line: PlacedLine) => (await storedHistory(stack, line)).map(({ command: name }) => name);

/** Holds a row as another transaction would, until it is let go of. */
async function hold(select: Statement<unknown>): Promise<() => Promise<void>> {
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended = stack.db.transaction(async (query) => {
    await query(select);
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  return async () => {
    letGo.resolve();
    await ended;
  };
}

describe('the first final answer is kept and returned as it was, acting once', () => {
  test('the same key and body again: the same answer, one history row', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    const first = await send('instruct', line, key);
    expect(first).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect(first.headers.get('idempotency-key')).toBe(key);
    const again = await send('instruct', line, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.headers.get('idempotency-key')).toBe(key);
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });

  test('refusals included: what was refused stays refused, though it would be possible now', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    const refused = await send('release', line, key);
    expect(refused.body.results).toMatchObject([{ ok: false, error: { code: 'TRANSITION_NOT_ALLOWED' } }]);
    await take(stack, line, ['instruct']);
    expect((await send('release', line, key)).body).toEqual(refused.body);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
  });

  test('a refused whole too: 409 ALREADY_SHIPPED comes back as problem+json', async () => {
    const line = await placeIn(stack, 'shipped');
    const key = unique('key');
    const path = `/api/order/v1/orders/${line.orderNo}/cancellations`;
    const post = () => stack.post(path, { lines: [{ lineNo: 1, quantity: 1 }] }, { headers: { 'idempotency-key': key } });
    const first = await post();
    await take(stack, line, ['undo']);
    const again = await post();
    expect([first.status, again.status]).toEqual([409, 409]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('content-type')).toBe('application/problem+json');
    expect(await storedRow(stack, line)).toMatchObject({ state: 'released', canceled: 0 });
  });

  test('also after the line has finished', async () => {
    const line = await placeIn(stack, 'ordered');
    const [instructKey, cancelKey] = [unique('key'), unique('key')];
    const instructed = await send('instruct', line, instructKey);
    const path = `/api/order/v1/orders/${line.orderNo}/cancellations`;
    const cancelAll = () =>
      stack.post(path, { lines: [{ lineNo: 1, quantity: 2 }] }, { headers: { 'idempotency-key': cancelKey } });
    const canceled = await cancelAll();
    expect(canceled.body.results).toMatchObject([{ ok: true, state: 'canceled' }]);
    expect((await send('instruct', line, instructKey)).body).toEqual(instructed.body);
    expect((await cancelAll()).body).toEqual(canceled.body);
    expect(await commandsOf(line)).toEqual(['order', 'instruct', 'cancel']);
  });

  test('an order and a new receiver have it too', async () => {
    const body = orderBody();
    const headers = { 'idempotency-key': unique('key') };
    const first = await stack.post('/api/order/v1/orders', body, { headers });
    expect(await stack.post('/api/order/v1/orders', body, { headers })).toMatchObject({ status: 201, body: first.body });
    const put = () => stack.put(`/api/order/v1/orders/${body.orderNo}/receiver`, { ...receiver, name: '이몽룡' }, { headers });
    const changed = await put();
    expect(changed.status).toBe(200);
    expect((await put()).body).toEqual(changed.body);
  });

  test('what the server forgot in a crash is found out again: the same answers', async () => {
    const line = await placeIn(stack, 'ordered');
    const [key, order] = [unique('key'), orderBody()];
    const headers = { 'idempotency-key': unique('key') };
    const first = await send('instruct', line, key);
    const placed = await stack.post('/api/order/v1/orders', order, { headers });
    await send('release', line, unique('key'));
    await stack.requests.answersStored();
    await stack.db.query(
      sql`update requests set status = null, answer = null, answered_at = null, locked_until = null where key = any(${[key, headers['idempotency-key']]})`,
    );
    const again = await send('instruct', line, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const anew = await stack.post('/api/order/v1/orders', order, { headers });
    expect([anew.status, anew.body]).toEqual([201, placed.body]);
    expect(await commandsOf(line)).toEqual(['order', 'instruct', 'release']);
  });

  test('its caller has the answer before the store has it; a repeat waits for the store and gets the same', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    const stored = () => stack.db.query(sql<{ status: number | null }>`select status from requests where key = ${key}`);
    const letGoOfLine = await hold(sql`select 1 from delivery_lines where delivery_no = ${line.deliveryNo} for update`);
    const answer = send('instruct', line, key);
    await eventually(async () => (await stored()).length > 0);
    const letGoOfRequest = await hold(sql`select 1 from requests where key = ${key} for update`);
    await letGoOfLine();
    const first = await answer;
    expect(first).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect(await stored()).toEqual([{ status: null }]);
    const repeat = send('instruct', line, key);
    await letGoOfRequest();
    expect(await repeat).toMatchObject({ status: 200, body: first.body });
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });

  test('what a delivery without lineNo stood for is stored before it is answered', async () => {
    const { deliveryNo } = await placeIn(stack, 'ordered');
    const key = unique('key');
    const { body } = await command(stack, 'instruct', [{ deliveryNo }], {}, { 'idempotency-key': key });
    const rows = await stack.db.query(sql`select status, answer from requests where key = ${key}`);
    expect(rows).toEqual([{ status: 200, answer: body }]);
  });

  test('sent five times at once it acts once: every answer is the first one or BUSY', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('instruct', line, key)));
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { body } of done) expect(body.results).toMatchObject([{ ok: true, state: 'instructed', revision: 2 }]);
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_KEY_BUSY']);
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });
});

describe('while the first is still under way 409 IDEMPOTENCY_KEY_BUSY with Retry-After', () => {
  test('the second is told to wait, the first is done once', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    let first: ReturnType<typeof send> | undefined;
    await stack.db.transaction(async (query) => {
      // The line's row is held, so the first cannot be written yet.
      await query(sql`select 1 from delivery_lines where delivery_no = ${line.deliveryNo} for update`);
      first = send('instruct', line, key);
      await eventually(async () => (await stack.db.query(sql`select 1 from requests where key = ${key}`)).length > 0);
      const second = await send('instruct', line, key);
      expect(second).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_BUSY' } });
      expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
      const other = await command(stack, 'instruct', asked(line, { revision: 1 }), {}, { 'idempotency-key': key });
      expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    });
    expect(await first).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });
});

test('a canceled part is canceled once however often it is sent', async () => {
  const line = await placeIn(stack, 'ordered', { quantity: 5 });
  const headers = { 'idempotency-key': unique('key') };
  const path = `/api/order/v1/orders/${line.orderNo}/cancellations`;
  for (let times = 0; times < 3; times++)
    expect((await stack.post(path, { lines: [{ lineNo: 1, quantity: 2 }] }, { headers })).body.results).toMatchObject([
      { validQuantity: 3 },
    ]);
  expect((await cancel(stack, [{ ...line, quantity: 1 }])).body.results).toMatchObject([{ validQuantity: 2 }]);
});
