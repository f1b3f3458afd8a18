import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import {
  answeredRequest,
  expectSame,
  historyOf,
  holdRows,
  recordsWaiting,
  requestOf,
  rowOf,
} from '../../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

/** A killed API's requests are locked for this long and 5 s more. */
const SOON = { COMMAND_TIMEOUT_MS: '2000', REQUEST_SWEEP_AFTER_MS: '2000' };
let stack: ProcessStack;
beforeAll(async () => {
  stack = await startProcesses({ environment: SOON });
  await stack.startWorker();
});
afterAll(() => stack.stop());

/** Five in two parts: three ordered, and two that are released. */
async function twoParts(api: ApiProcess): Promise<[PlacedLine, PlacedLine]> {
  const [line] = (await placeOrder(api, [{ quantity: 5 }])) as [PlacedLine];
  const { newLine } = await commandLine(api, 'split', line, { quantity: 2 });
  const part = { orderNo: line.orderNo, deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
  await take(api, part, ['instruct', 'release']);
  return [line, part];
}
const canceling = (api: ApiProcess, { orderNo }: PlacedLine, quantity: number, key: string) =>
  api
    .post(
      `/api/order/v1/orders/${orderNo}/cancellations`,
      { lines: [{ lineNo: 1, quantity }] },
      { headers: { 'idempotency-key': key } },
    )
    .catch(() => {});
const canceled = async (...lines: PlacedLine[]) => Promise.all(lines.map(async (line) => (await rowOf(stack, line)).canceled));

describe('a cancellation is spread over parts', () => {
  test('and the API killed when one part has it and the other waits: after the restart each has what was meant for it, once', async () => {
    const api = await stack.startApi();
    const [line, part] = await twoParts(api);
    const key = unique('key');
    const letGo = await holdRows(stack.databaseUrl, [part]);
    const sent = canceling(api, line, 4, key);
    await recordsWaiting(stack, 1);
    await api.kill();
    await sent;
    await letGo();
    const next = await stack.startApi();
    const { answer } = await answeredRequest(stack, key);
    expect(answer).toMatchObject({ succeeded: 1, results: [{ lineNo: 1, ok: true, validQuantity: 1 }] });
    expect(await canceled(line, part)).toEqual([3, 1]);
    expect(await historyOf(stack, part)).toEqual(['split', 'instruct', 'release', 'cancel']);
    for (const each of [line, part]) await expectSame(stack, each);
    await next.kill();
  });

  test('and a part is split again meanwhile: what it cannot give any more comes from the new one', async () => {
    const api = await stack.startApi();
    const [line, part] = await twoParts(api);
    const key = unique('key');
    const letGo = await holdRows(stack.databaseUrl, [part]);
    // It stands in the part's queue before the cancellation, whose plan knows nothing of it.
    const splitting = commandLine(api, 'split', part, { quantity: 1 }).catch(() => {});
    await recordsWaiting(stack, 1);
    const sent = canceling(api, line, 5, key);
    await eventually(async () => (await requestOf(stack, key)) !== undefined);
    await letGo();
    await Promise.all([sent, splitting]);
    const { answer } = await answeredRequest(stack, key);
    expect(answer).toMatchObject({ succeeded: 1, results: [{ lineNo: 1, ok: true, validQuantity: 0 }] });
    const { parts } = (answer as { results: { parts: { quantity: number }[] }[] }).results[0] ?? { parts: [] };
    expect(parts.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(5);
    expect(await canceled(line)).toEqual([3]);
    await api.kill();
  });

  test('killed in a later round: a line that nobody split is canceled once, as its caller would have heard', async () => {
    const api = await stack.startApi();
    const [line, whole] = (await placeOrder(api, [{ quantity: 5 }, { quantity: 3 }])) as [PlacedLine, PlacedLine];
    const { newLine } = await commandLine(api, 'split', line, { quantity: 3 });
    const part = { orderNo: line.orderNo, deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
    const key = unique('key');
    const letGo = await holdRows(stack.databaseUrl, [part]);
    const splitting = commandLine(api, 'split', part, { quantity: 2 }).catch(() => {});
    await recordsWaiting(stack, 1);
    const lines = [
      { lineNo: 1, quantity: 5 },
      { lineNo: 2, quantity: 1 },
    ];
    const headers = { 'idempotency-key': key };
    const sent = api.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines }, { headers }).catch(() => {});
    await eventually(async () => (await requestOf(stack, key)) !== undefined);
    await letGo();
    await eventually(async () => {
      const [row] = await stack.db.query(sql<{ at: number | null; done: boolean }>`
        select (plan ->> 'round')::int as at, answered_at is not null as done from requests where key = ${key}`);
      return row?.done === true || row?.at === 1;
    });
    await api.kill();
    await Promise.all([sent, splitting]);
    const next = await stack.startApi();
    const { answer } = await answeredRequest(stack, key);
    expect(answer).toMatchObject({
      succeeded: 2,
      results: [
        { lineNo: 1, ok: true, validQuantity: 0 },
        { lineNo: 2, ok: true },
      ],
    });
    expect((answer as { results: object[] }).results[1]).toMatchObject({ validQuantity: 2, revision: 2 });
    expect(await canceled(line, whole)).toEqual([2, 1]);
    expect(await historyOf(stack, whole)).toEqual(['order', 'cancel']);
    await next.kill();
  });
});
