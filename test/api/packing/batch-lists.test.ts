import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { releasedRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { BATCHES, batchOf, firstLines } from './batching.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const post = (no: number, act: string, body: object, token?: string) =>
  stack.post(`${BATCHES}/${no}/${act}`, body, token ? { token } : {});
const move = (no: number, state: string, token?: string) => post(no, 'move', { state }, token);

describe('lists', () => {
  test('by state, owner and place, newest first, page by page', async () => {
    const place = 900_001;
    const own = await stack.token(undefined, { sub: 'park' });
    const numbers: number[] = [];
    for (const line of await releasedRows(stack.db, 3, { placeNo: place }))
      numbers.unshift(await batchOf(stack, [line], { token: own }));
    await move(numbers[1] ?? 0, 'picking', own);
    const read = async (query: string) => (await stack.get(`${BATCHES}?${query}`)).body;
    const nos = (body: any) => body.items.map(({ workBatchNo }: any) => workBatchNo);
    expect(nos(await read('owner=park'))).toEqual(numbers);
    expect(nos(await read(`placeNo=${place}`))).toEqual(numbers);
    expect(nos(await read('owner=park&state=picking'))).toEqual([numbers[1]]);
    const first = await read('owner=park&limit=2');
    expect([nos(first), first.nextCursor]).toEqual([numbers.slice(0, 2), String(numbers[1])]);
    expect(await read(`owner=park&limit=2&cursor=${first.nextCursor}`)).toMatchObject({
      items: [{ workBatchNo: numbers[2] }],
      nextCursor: null,
    });
  });

  test('of lines are filtered by a batch, and show it', async () => {
    const [one, two, other] = (await releasedRows(stack.db, 3)) as [string, string, string];
    const no = await batchOf(stack, [one, two]);
    const read = async (query: string) => (await stack.get(`/api/bo/v1/delivery-lines?${query}`)).body.items;
    const shown = (items: any[]) => items.map(({ deliveryNo, workBatchNo }) => [deliveryNo, workBatchNo]).sort();
    expect(shown(await read(`workBatch=${no}`))).toEqual([one, two].sort().map((deliveryNo) => [deliveryNo, no]));
    expect(shown(await read(`workBatch=${no}&deliveryNo=${one}`))).toEqual([[one, no]]);
    expect(shown(await read(`workBatch=${no}&state=shipped`))).toEqual([]);
    expect(shown(await read(`deliveryNo=${other}`))).toEqual([[other, null]]);
    expect((await stack.get(`/api/bo/v1/deliveries/${one}`)).body.lines[0].workBatchNo).toBe(no);
    await post(no, 'remove', { lines: firstLines([two]) });
    expect(shown(await read(`workBatch=${no}`))).toEqual([[one, no]]);
    expect(shown(await read(`deliveryNo=${two}`))).toEqual([[two, null]]);
  });
});

describe('what is wrong is refused', () => {
  const line = { deliveryNo: 'D1', lineNo: 1 };
  test.each<[string, unknown, string]>([
    ['no lines', { lines: [] }, 'lines'],
    ['nothing', {}, 'lines'],
    ['more than 500', { lines: Array.from({ length: 501 }, (_, at) => ({ ...line, lineNo: at + 1 })) }, 'lines'],
    ['a line without a number', { lines: [{ deliveryNo: 'D1' }] }, 'lines.0.lineNo'],
    ['a number that is none', { lines: [{ deliveryNo: '', lineNo: 1 }] }, 'lines.0.deliveryNo'],
    ['a letter that cannot be stored', { lines: [{ deliveryNo: 'a\u0000', lineNo: 1 }] }, 'lines.0.deliveryNo'],
  ])('%s', async (_, body, path) => {
    expect(await stack.post(BATCHES, body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path }] } });
  });

  test.each(['state=gone', 'limit=101', 'limit=0', 'cursor=x', 'placeNo=0', 'nobody=1', 'owner='])('?%s', async (query) => {
    expect(await stack.get(`${BATCHES}?${query}`)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  test('a batch that is none', async () => {
    expect(await stack.get(`${BATCHES}/999999999`)).toMatchObject({ status: 404, body: { code: 'WORK_BATCH_NOT_FOUND' } });
    expect(await move(999_999_999, 'picking')).toMatchObject({ status: 404, body: { code: 'WORK_BATCH_NOT_FOUND' } });
    expect((await stack.get(`${BATCHES}/x`)).status).toBe(400);
    expect((await move(1, 'gone')).status).toBe(400);
  });
});
