import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { sweepWorkBatches } from '../../../api/packing/finish-batches.ts';
import { joinWorkBatch, lockWorkBatch } from '../../../db/packing/write.ts';
import { commandLine, commandWithKey, placeIn, uniqueWaybill } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { BATCHES, batchIn, batchOf, rowBecomes } from './batching.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const sweep = async () => {
  while ((await sweepWorkBatches(stack.deps)) > 0);
};
const inBatch = async () => {
  const line = await placeIn(stack, 'released', { quantity: 5 });
  return { line, no: await batchOf(stack, [line.deliveryNo]) };
};
const numbersOf = (lines: any[]) => lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo }));

describe('a part of a line in an open batch is in the batch', () => {
  test('and falls out as 분할취소 when it goes back', async () => {
    const { line, no } = await inBatch();
    const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
    const part = { deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
    const batch = await batchIn(stack, no);
    expect(numbersOf(batch.lines)).toEqual([{ deliveryNo: line.deliveryNo, lineNo: 1 }, part]);
    expect(batch.lines.map(({ validQuantity }: any) => validQuantity)).toEqual([3, 2]);
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?workBatch=${no}&count=true`);
    expect(body.total).toBe(2);
    await commandLine(stack, 'merge', { ...part, orderNo: line.orderNo });
    expect(await batchIn(stack, no)).toMatchObject({
      lines: [{ deliveryNo: line.deliveryNo, validQuantity: 5 }],
      dropped: [{ ...part, why: 'merged', whyName: '분할취소' }],
    });
  });

  test('what stays behind of a line that is shipped in part keeps the batch open', async () => {
    const { line, no } = await inBatch();
    await commandLine(stack, 'ship', line, { quantity: 2, carrierCode: '04', waybillNo: uniqueWaybill() });
    await sweep();
    expect(await batchIn(stack, no)).toMatchObject({ state: 'created', counts: { lines: 2, open: 1, shipped: 1, dropped: 0 } });
  });

  test('what is missing of it has fallen out, and says why', async () => {
    const { line, no } = await inBatch();
    const { newLine } = await commandLine(stack, 'report-stockout', line, { quantity: 1 }, { reason: '한 개 없음' });
    expect((await batchIn(stack, no)).dropped).toMatchObject([{ deliveryNo: newLine.deliveryNo, why: 'stockout' }]);
  });

  test('once, also when it is asked for again', async () => {
    const { line, no } = await inBatch();
    const key = `split-${line.deliveryNo}`;
    for (let times = 0; times < 2; times++) await commandWithKey(stack, 'split', line, key, { quantity: 2 });
    expect((await batchIn(stack, no)).counts.lines).toBe(2);
  });

  test('and of a line that was taken out of it, or is in none, it is not', async () => {
    const { line, no } = await inBatch();
    await stack.post(`${BATCHES}/${no}/remove`, { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] });
    const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
    expect((await batchIn(stack, no)).counts.lines).toBe(1);
    expect(await batchOf(stack, [line.deliveryNo])).toBeGreaterThan(no);
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?deliveryNo=${newLine.deliveryNo}`);
    expect(body.items).toMatchObject([{ workBatchNo: null }]);
  });
});

describe('a split and the end of a batch at the same moment', () => {
  test('the part waits for the batch, and is not left open in one that is completed', async () => {
    const [line, part] = (await releasedRows(stack.db, 2)) as [string, string];
    const no = await batchOf(stack, [line]);
    await rowBecomes(stack, line, 'awaitingShipment');
    let joined: Promise<void> | undefined;
    await stack.db.transaction(async (query) => {
      await lockWorkBatch(query, no);
      joined = stack.db.transaction((own) =>
        joinWorkBatch(own, { deliveryNo: line, lineNo: 1 }, { deliveryNo: part, lineNo: 1 }),
      );
      await eventually(
        async () =>
          (
            await stack.db.query(
              sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%work_batches b%'`,
            )
          ).length > 0,
      );
      await query(sql`update work_batch_lines set is_open = false, dropped_as = 'stockout' where work_batch_no = ${no}`);
      await query(sql`update work_batches set state = 'completed', completed_at = now() where work_batch_no = ${no}`);
    });
    await joined;
    expect(await batchIn(stack, no)).toMatchObject({ state: 'completed', counts: { lines: 1 } });
    expect(await batchOf(stack, [part])).toBeGreaterThan(no);
  });

  test('a batch is not completed while a part of it is being made', async () => {
    const [line, part] = (await releasedRows(stack.db, 2)) as [string, string];
    const no = await batchOf(stack, [line]);
    await rowBecomes(stack, line, 'awaitingShipment');
    await stack.db.transaction(async (query) => {
      await joinWorkBatch(query, { deliveryNo: line, lineNo: 1 }, { deliveryNo: part, lineNo: 1 });
      await sweep();
    });
    await sweep();
    expect(await batchIn(stack, no)).toMatchObject({ state: 'created', lines: [{ deliveryNo: part }] });
  });

  test('a part whose transaction dies is not in the batch', async () => {
    const [line, part] = (await releasedRows(stack.db, 2)) as [string, string];
    const no = await batchOf(stack, [line]);
    const dies = stack.db.transaction(async (query) => {
      await joinWorkBatch(query, { deliveryNo: line, lineNo: 1 }, { deliveryNo: part, lineNo: 1 });
      throw new Error('killed');
    });
    await expect(dies).rejects.toThrow('killed');
    expect((await batchIn(stack, no)).counts.lines).toBe(1);
  });
});
