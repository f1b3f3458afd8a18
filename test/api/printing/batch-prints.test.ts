import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, commandLine, placeIn, releasedLines, take, unique } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { batchOf, rowBecomes } from '../packing/batching.ts';
import { openParcel } from '../packing/scanning.ts';
import { print } from './opened-pdf.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token(['delivery.read', 'pii.read']);
});
afterAll(() => stack.stop());

const printed = (what: string, body: object) => print(stack.url, token, what, body);
const textOf = ({ pages }: Awaited<ReturnType<typeof printed>>) => pages.map(({ text }) => text).join('');

describe('a batch of work is printed', () => {
  test('without the lines that have fallen out of it, of a delivery also only those in it', async () => {
    const own = unique('차수').replace(/\s/g, '');
    const [one, two, out] = await releasedLines(stack, 3, {}, { productName: own });
    const lines = [one, two].map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo }));
    const { workBatchNo } = (await stack.post('/api/bo/v1/work-batches', { lines })).body;
    await cancel(stack, [{ orderNo: two.orderNo, lineNo: two.lineNo }]);
    const picking = textOf(await printed('picking-list', { workBatchNo }));
    expect(picking).toContain('주문내역1줄·수량2개');
    expect(picking).not.toContain(`${two.deliveryNo}-${two.lineNo}`);
    const packing = await printed('packing-list', { workBatchNo });
    expect([packing.status, packing.pages.length]).toEqual([200, 1]);
    expect(out?.deliveryNo).toBe(one.deliveryNo);
    expect(textOf(packing).split(own)).toHaveLength(2);
  });

  test('labels, of what is a parcel; who prints them again sees it in the list', async () => {
    const [parcel, byHand] = [await placeIn(stack, 'released'), await placeIn(stack, 'released', { methodCode: '20' })];
    const workBatchNo = await batchOf(stack, [parcel.deliveryNo, byHand.deliveryNo]);
    expect(await printed('labels', { workBatchNo })).toMatchObject({
      ...{
        status: 409,
        body: { code: 'LABEL_NOT_PRINTABLE', errors: [{ path: `${parcel.deliveryNo}-1`, message: '운송장 없음' }] },
      },
    });
    const { waybillNo } = await take(stack, parcel, ['ship']);
    const listed = async () => (await stack.get(`/api/bo/v1/delivery-lines?workBatch=${workBatchNo}`)).body.items;
    for (const times of [1, 2]) {
      expect((await printed('labels', { workBatchNo })).pages).toHaveLength(1);
      const counts = (await listed()).map(({ deliveryNo, labelPrints }: any) => [deliveryNo, labelPrints]);
      expect(counts.sort()).toEqual([[parcel.deliveryNo, times] as const, [byHand.deliveryNo, 0] as const].sort());
    }
    expect((await openParcel(stack, waybillNo ?? '')).lines).toMatchObject([{ labelPrints: 2 }]);
  });

  test('and when a line is shipped in part, the part that stays is picked', async () => {
    const line = await placeIn(stack, 'released', { quantity: 5 });
    const workBatchNo = await batchOf(stack, [line.deliveryNo]);
    const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
    const text = textOf(await printed('picking-list', { workBatchNo }));
    expect(text).toContain(`${line.deliveryNo}-1×3`);
    expect(text).toContain(`${newLine.deliveryNo}-${newLine.lineNo}×2`);
  });
});

describe('refused is', () => {
  test('a batch that is none', async () => {
    for (const what of ['picking-list', 'packing-list', 'labels'])
      expect(await printed(what, { workBatchNo: 999_999_999 })).toMatchObject({
        status: 404,
        body: { code: 'WORK_BATCH_NOT_FOUND' },
      });
  });

  test('one from which all has fallen out', async () => {
    const [line] = (await releasedRows(stack.db, 1)) as [string];
    const workBatchNo = await batchOf(stack, [line]);
    await rowBecomes(stack, line, 'canceled');
    for (const what of ['picking-list', 'packing-list', 'labels'])
      expect(await printed(what, { workBatchNo })).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_PRINT' } });
  });

  test('one beside other numbers', async () => {
    const body = { workBatchNo: 1, deliveryNos: ['D1'] };
    expect(await printed('picking-list', body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });
});
