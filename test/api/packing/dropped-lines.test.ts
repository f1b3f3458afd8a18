import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sweepWorkBatches } from '../../../api/packing/finish-batches.ts';
import { completeWorkBatch } from '../../../db/packing/write.ts';
import { deliveryStates } from '../../../domain/deliveries/line.ts';
import { cancel, commandLine, releasedLines, take } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { BATCHES, batchIn, batchOf, makeBatch, rowBecomes } from './batching.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** As the API's sweeps do it. */
const sweep = async () => {
  while ((await sweepWorkBatches(stack.deps)) > 0);
};

describe('a line that cannot be shipped falls out of its batch visibly', () => {
  test.each(Object.keys(deliveryStates))('%s: the list counts what the batch shows', async (state) => {
    const [one, other] = (await releasedRows(stack.db, 2)) as [string, string];
    const no = await batchOf(stack, [one, other]);
    await rowBecomes(stack, one, state);
    const batch = await batchIn(stack, no);
    const why = { ordered: 'unreleased', instructed: 'unreleased', awaitingShipment: 'stockout', canceled: 'canceled' }[state];
    expect(batch.dropped.map((line: any) => [line.deliveryNo, line.why])).toEqual(why ? [[one, why]] : []);
    const shipped = ['shipped', 'delivered'].includes(state) ? 1 : 0;
    expect(batch.counts).toEqual({ lines: 2, open: 2 - shipped - (why ? 1 : 0), shipped, dropped: why ? 1 : 0 });
    expect((await stack.get(`${BATCHES}?limit=1`)).body.items[0]).toMatchObject({ workBatchNo: no, counts: batch.counts });
  });

  test('and is back when its stockout is over', async () => {
    const lines = await releasedLines(stack, 2);
    const [first] = lines;
    const { body } = await stack.post(BATCHES, { lines: lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo })) });
    const no = body.workBatchNo;
    await commandLine(stack, 'report-stockout', first, {}, { reason: '결품' });
    expect((await batchIn(stack, no)).dropped).toMatchObject([{ lineNo: first.lineNo, why: 'stockout', whyName: '결품' }]);
    await commandLine(stack, 'clear-stockout', first);
    expect((await batchIn(stack, no)).counts).toEqual({ lines: 2, open: 2, shipped: 0, dropped: 0 });
  });
});

describe('완료', () => {
  test('by itself, when all lines are shipped or dropped', async () => {
    const [shipped, canceled, missing] = await releasedLines(stack, 3);
    const lines = [shipped, canceled, missing].map((line) => ({ deliveryNo: line?.deliveryNo, lineNo: line?.lineNo }));
    const no = (await stack.post(BATCHES, { lines })).body.workBatchNo;
    await sweep();
    expect((await batchIn(stack, no)).state).toBe('created');
    await take(stack, shipped, ['ship']);
    await cancel(stack, [{ orderNo: canceled.orderNo, lineNo: canceled.lineNo }]);
    await sweep();
    expect((await batchIn(stack, no)).state).toBe('created');
    if (!missing) throw new Error('three lines');
    await commandLine(stack, 'report-stockout', missing, {}, { reason: '결품' });
    await sweep();
    expect(await batchIn(stack, no)).toMatchObject({
      ...{ state: 'completed', completedAt: expect.any(String), counts: { lines: 3, open: 0, shipped: 1, dropped: 2 } },
      lines: [{ lineNo: shipped.lineNo, state: 'shipped' }],
      dropped: [
        { lineNo: canceled.lineNo, why: 'canceled' },
        { lineNo: missing.lineNo, why: 'stockout' },
      ],
    });
    // What was dropped may be worked on in another batch; the first one keeps saying why it was not in it.
    await commandLine(stack, 'clear-stockout', missing);
    const next = (await stack.post(BATCHES, { lines })).body;
    expect(next.results.map(({ ok, error }: any) => error?.code ?? ok)).toEqual(['NOT_RELEASED', 'NOT_RELEASED', true]);
    expect((await batchIn(stack, no)).dropped.map(({ why }: any) => why)).toEqual(['canceled', 'stockout']);
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?deliveryNo=${shipped.deliveryNo}`);
    expect(body.items.map(({ lineNo, workBatchNo }: any) => [lineNo, workBatchNo]).sort()).toEqual([
      [shipped.lineNo, no],
      [missing.lineNo, next.workBatchNo],
    ]);
  });

  test('also of a batch that has lost its last line, whoever sweeps', async () => {
    const [line] = (await releasedRows(stack.db, 1)) as [string];
    const no = await batchOf(stack, [line]);
    await stack.post(`${BATCHES}/${no}/remove`, { lines: [{ deliveryNo: line, lineNo: 1 }] });
    await Promise.all([sweep(), sweep(), sweep()]);
    expect(await batchIn(stack, no)).toMatchObject({ state: 'completed', dropped: [{ why: 'removed' }] });
  });

  test('nothing of it stays when the process dies in the middle', async () => {
    const [line] = (await releasedRows(stack.db, 1)) as [string];
    const no = await batchOf(stack, [line]);
    const dies = stack.db.transaction(async (query) => {
      await completeWorkBatch(query, no, []);
      throw new Error('killed');
    });
    await expect(dies).rejects.toThrow('killed');
    expect(await batchIn(stack, no)).toMatchObject({ state: 'created', counts: { open: 1 } });
    expect((await makeBatch(stack, [line])).body.results[0].error.code).toBe('IN_WORK_BATCH');
  });
});
