import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { numberOf } from '../../../domain/korea.ts';
import { type Gate, openGate } from '../../support/processes/gate.ts';
import { holdRows } from '../../support/scenes/faults.ts';
import { command, type PlacedLine, placeIn, placeOrder, storedHistory, storedRow, unique } from '../../support/scenes/orders.ts';
import { commandPickup, commandPickups, openClaim, placedLine } from '../../support/scenes/pickups.ts';
import { type SecondApi, startSecondApi } from '../../support/second-api.ts';
import { testServers } from '../../support/servers.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

/** A repeat and the sweep execute only the parts that are pending. */
let stack: Stack;
/** Does not wait long for a line that is held. */
let hasty: SecondApi;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0' });
  hasty = await startSecondApi(stack.deps, { COMMAND_TIMEOUT_MS: 1_500 });
});
afterAll(async () => {
  await hasty.stop();
  await hasty.requests.answersStored();
  await stack.stop();
});

const named = ({ deliveryNo, lineNo }: PlacedLine) => ({ deliveryNo, lineNo });
const codesOf = (results: any[]) => results.map(({ ok, error }) => (ok ? 'ok' : error.code));
const commandsOf = async (line: PlacedLine) =>
  (await storedHistory(stack, line)).filter(({ refused }) => refused === null).map(({ command: name }) => name);
/** Lets the minutes pass after which the sweep takes up this request, and what it makes of it. */
const swept = (key: string) =>
  eventually(async () => {
    await stack.db.query(sql`update requests set sweep_at = now() where key = ${key} and answered_at is null`);
    await hasty.requests.sweep();
    const [row] = await stack.db.query(sql<{ status: number | null; answer: any }>`select * from requests where key = ${key}`);
    return row && row.status !== null && row;
  });

/** Sends until the first part is refused while the second, whose row is held, is pending; then lets go of it. */
async function refusedAndPending(held: PlacedLine, send: () => Promise<any>, codes: (body: any) => string[]): Promise<void> {
  const letGo = await holdRows(stack.databaseUrl, [held]);
  await eventually(async () => {
    const { status, body } = await send();
    return status === 200 && codes(body)[1] === 'COMMAND_PENDING' && codes(body)[0] !== 'COMMAND_PENDING';
  });
  return letGo();
}

describe('a part that was refused stays refused, though somebody makes it possible meanwhile', () => {
  test('release of a line that another admin then instructs: by the sweep', async () => {
    const [refused, held] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'instructed')];
    const key = unique('key');
    const send = () => command(hasty, 'release', [named(refused), named(held)], {}, { 'idempotency-key': key });
    await refusedAndPending(held, send, ({ results }) => codesOf(results));
    expect((await command(stack, 'instruct', [named(refused)])).body.succeeded).toBe(1);

    const { status, answer } = await swept(key);
    expect([status, codesOf(answer.results)]).toEqual([200, ['TRANSITION_NOT_ALLOWED', 'ok']]);
    expect(await commandsOf(refused)).toEqual(['order', 'instruct']);
    expect(await storedRow(stack, refused)).toMatchObject({ state: 'instructed' });
    expect((await send()).body).toEqual(answer);
  });

  test('the same by repeating the request', async () => {
    const [refused, held] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'instructed')];
    const key = unique('key');
    const send = () => command(hasty, 'release', [named(refused), named(held)], {}, { 'idempotency-key': key });
    await refusedAndPending(held, send, ({ results }) => codesOf(results));
    await command(stack, 'instruct', [named(refused)]);
    const codes = await eventually(async () => {
      const found = codesOf((await send()).body.results ?? []);
      return found[1] === 'ok' && found;
    });
    expect(codes).toEqual(['TRANSITION_NOT_ALLOWED', 'ok']);
    expect(await commandsOf(refused)).toEqual(['order', 'instruct']);
  });

  test('a delivery without lineNo goes on meaning the lines that the caller was told of', async () => {
    const [first, second] = (await placeOrder(stack, [{}, {}])) as [PlacedLine, PlacedLine];
    await command(stack, 'instruct', [named(second)]);
    const key = unique('key');
    const send = () => command(hasty, 'release', [{ deliveryNo: first.deliveryNo }], {}, { 'idempotency-key': key });
    await refusedAndPending(second, send, ({ results }) => codesOf(results));
    await command(stack, 'instruct', [named(first)]);
    // It leaves the lists, and is part of the answer all the same.
    await stack.post(`/api/order/v1/orders/${first.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] });
    const { answer } = await swept(key);
    expect(answer.results.map(({ lineNo, ok }: any) => [lineNo, ok])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(answer.results[0].error.code).toBe('TRANSITION_NOT_ALLOWED');
  });

  test('a cancellation of a line that is taken back from 출고완료', async () => {
    const [shipped, held] = (await placeOrder(stack, [{}, {}])) as [PlacedLine, PlacedLine];
    for (const name of ['instruct', 'release']) await command(stack, name, [named(shipped)]);
    const waybillNo = `68${Date.now()}`.slice(0, 12);
    await command(stack, 'ship', [{ ...named(shipped), carrierCode: '04', waybillNo }]);
    const key = unique('key');
    const send = () =>
      hasty.post(
        `/api/order/v1/orders/${shipped.orderNo}/cancellations`,
        { lines: [1, 2].map((lineNo) => ({ lineNo, quantity: 1 })) },
        { headers: { 'idempotency-key': key } },
      );
    await refusedAndPending(held, send, ({ results }) => codesOf(results));
    expect((await command(stack, 'undo', [named(shipped)], { reason: '시험' })).body.succeeded).toBe(1);
    const { answer } = await swept(key);
    expect(codesOf(answer.results)).toEqual(['ALREADY_SHIPPED', 'ok']);
    expect(await storedRow(stack, shipped)).toMatchObject({ state: 'released', valid_quantity: 2 });
  });

  test('배송완료지시배치 by lines: a line that is shipped only after it was refused', async () => {
    const [refused, held] = [await placeIn(stack, 'released'), await placeIn(stack, 'shipped')];
    const key = unique('key');
    const lines = [named(refused), named(held)];
    const send = () => hasty.post('/api/order/v1/delivery-lines/deliver', { lines }, { headers: { 'idempotency-key': key } });
    await refusedAndPending(held, send, ({ results }) => codesOf(results));
    const waybillNo = `69${Date.now()}`.slice(0, 12);
    await command(stack, 'ship', [{ ...named(refused), carrierCode: '04', waybillNo }]);
    const { answer } = await swept(key);
    expect(codesOf(answer.results)).toEqual(['TRANSITION_NOT_ALLOWED', 'ok']);
    expect(await storedRow(stack, refused)).toMatchObject({ state: 'shipped' });
  });

  test('a pickup that is instructed only after its 회수확인 was refused', async () => {
    const pickupNos = [];
    for (let n = 0; n < 2; n++) pickupNos.push(await openClaim(stack, 'return', await placedLine(stack)));
    const [refused, held] = pickupNos as [string, string];
    await commandPickup(stack, 'instruct', held);
    const key = unique('key');
    const both = [{ pickupNo: refused }, { pickupNo: held }];
    const letGo = await holdPickup(held);
    const send = () => commandPickups(hasty, 'confirm', both, {}, { 'idempotency-key': key });
    await eventually(async () => {
      const { status, body } = await send();
      return status === 200 && codesOf(body.results).join() === 'TRANSITION_NOT_ALLOWED,COMMAND_PENDING';
    });
    await letGo();
    await commandPickup(stack, 'instruct', refused);
    const { answer } = await swept(key);
    expect(codesOf(answer.results)).toEqual(['TRANSITION_NOT_ALLOWED', 'ok']);
    const [row] = await stack.db.query(sql<{ state: string }>`select state from pickups where pickup_no = ${refused}`);
    expect(row).toEqual({ state: 'instructed' });
  });
});
/** Holds a pickup's row, as `holdRows` does a line's. */
async function holdPickup(pickupNo: string): Promise<() => Promise<unknown>> {
  const letGo = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const done = stack.db.transaction(async (query) => {
    await query(sql`select 1 from pickups where pickup_no = ${pickupNo} for update`);
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  return () => {
    letGo.resolve();
    return done;
  };
}

describe('respond-async', () => {
  let gate: Gate;
  let cut: SecondApi;
  beforeAll(async () => {
    gate = await openGate(testServers().temporalAddress);
    const temporal = new Client({ connection: Connection.lazy({ address: gate.address }) });
    cut = await startSecondApi({ ...stack.deps, temporal }, { COMMAND_TIMEOUT_MS: 1_500 });
  });
  afterAll(async () => {
    await cut.stop();
    await gate.close();
  });

  test('a line that was rejected as unknown is not commanded when it exists later', async () => {
    const known = await placeIn(stack, 'ordered');
    const [last] = await stack.db.query(sql<{ n: number }>`select last_value as n from delivery_no_seq`);
    const future = { deliveryNo: numberOf('D', (last?.n ?? 0) + 1, new Date()), lineNo: 1 };
    const key = unique('key');
    const headers = { prefer: 'respond-async', 'idempotency-key': key };
    gate.shut();
    const first = await command(cut, 'instruct', [future, named(known)], {}, headers);
    expect([first.status, first.body.accepted, codesOf(first.body.rejected)]).toEqual([
      202,
      0,
      ['LINE_NOT_FOUND', 'COMMAND_PENDING'],
    ]);
    gate.open();
    const [line] = (await placeOrder(stack)) as [PlacedLine];
    // Midnight may have come between the two numbers.
    if (line.deliveryNo === future.deliveryNo) expect(await commandsOf(line)).toEqual(['order']);
    const { status, answer } = await swept(key);
    expect([status, answer.accepted, codesOf(answer.rejected)]).toEqual([202, 1, ['LINE_NOT_FOUND']]);
    await eventually(async () => (await storedRow(stack, known)).state === 'instructed');
    expect(await commandsOf(line)).toEqual(['order']);
  });
});
