import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { releasedRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { BATCHES, batchIn, batchOf, firstLines, makeBatch, rowBecomes } from './batching.ts';

let stack: Stack;
let lee: string;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  lee = await stack.token(undefined, { sub: 'lee', name: '이포장' });
});
afterAll(() => stack.stop());

const post = (no: number, act: string, body: object = {}, token?: string) =>
  stack.post(`${BATCHES}/${no}/${act}`, body, token ? { token } : {});
const move = (no: number, state: string, token?: string) => post(no, 'move', { state }, token);

describe('a picked set of released lines', () => {
  test('gets a number, an owner and a state', async () => {
    const lines = await releasedRows(stack.db, 3, { placeNo: 176_042 });
    const { status, body } = await makeBatch(stack, lines, { token: lee });
    expect([status, body]).toEqual([
      200,
      {
        workBatchNo: expect.any(Number),
        succeeded: 3,
        failed: 0,
        results: lines.map((deliveryNo) => ({ deliveryNo, lineNo: 1, ok: true })),
      },
    ]);
    expect(await batchIn(stack, body.workBatchNo)).toMatchObject({
      ...{ workBatchNo: body.workBatchNo, state: 'created', stateName: '만듦', owner: 'lee', ownerName: '이포장' },
      ...{ placeNo: 176_042, createdBy: 'lee', completedAt: null, dropped: [] },
      counts: { lines: 3, open: 3, shipped: 0, dropped: 0 },
      lines: [...lines].sort().map((deliveryNo) => ({ deliveryNo, productName: '캠핑 의자', state: 'released' })),
    });
  });

  test('has no place when its lines leave from several', async () => {
    const lines = [...(await releasedRows(stack.db, 1, { placeNo: 1 })), ...(await releasedRows(stack.db, 1, { placeNo: 2 }))];
    expect((await batchIn(stack, await batchOf(stack, lines))).placeNo).toBeNull();
    const nowhere = await releasedRows(stack.db, 1, { placeNo: null });
    expect((await batchIn(stack, await batchOf(stack, nowhere))).placeNo).toBeNull();
  });

  test('is without those that cannot be in it, each with its code', async () => {
    const [mine, taken, waiting, ordered] = await releasedRows(stack.db, 4);
    const holder = await batchOf(stack, [taken ?? '']);
    await rowBecomes(stack, waiting ?? '', 'awaitingShipment');
    await rowBecomes(stack, ordered ?? '', 'ordered');
    const nobody = `none-${randomUUID()}`;
    const { body } = await makeBatch(stack, [mine, taken, waiting, ordered, nobody, mine].map(String));
    expect([body.succeeded, body.failed]).toEqual([1, 4]);
    expect(body.results.map(({ ok, workBatchNo, error }: any) => [ok, error?.code, workBatchNo])).toEqual([
      [true, undefined, undefined],
      [false, 'IN_WORK_BATCH', holder],
      [false, 'NOT_RELEASED', undefined],
      [false, 'NOT_RELEASED', undefined],
      [false, 'LINE_NOT_FOUND', undefined],
    ]);
  });

  test('is none where no line can be in it', async () => {
    const lines = await releasedRows(stack.db, 2);
    await batchOf(stack, lines);
    const newest = async () => (await stack.get(`${BATCHES}?limit=1`)).body.items[0].workBatchNo;
    const before = await newest();
    expect((await makeBatch(stack, lines)).body).toMatchObject({ workBatchNo: null, succeeded: 0, failed: 2 });
    expect(await newest()).toBe(before);
  });

  test('is made once, however often the same request comes', async () => {
    const lines = await releasedRows(stack.db, 2);
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const answers = await Promise.all([1, 2, 3].map(() => makeBatch(stack, lines, options)));
    const later = await makeBatch(stack, lines, options);
    const done = [...answers, later].filter(({ status }) => status === 200).map(({ body }) => body);
    expect(new Set(done.map(({ workBatchNo }) => workBatchNo)).size).toBe(1);
    expect(done.every(({ succeeded }) => succeeded === 2)).toBe(true);
  });

  test('500 lines at once', async () => {
    const lines = await releasedRows(stack.db, 500);
    const workBatchNo = await batchOf(stack, lines);
    expect((await batchIn(stack, workBatchNo)).counts).toEqual({ lines: 500, open: 500, shipped: 0, dropped: 0 });
  });
});

describe('two people pick the same lines at once', () => {
  test('each line is in one batch, and the other is told in which', async () => {
    const lines = await releasedRows(stack.db, 60);
    const orders = [lines, [...lines].reverse(), [...lines.slice(20), ...lines.slice(0, 20)], lines.slice(10, 50)];
    const made = await Promise.all(orders.map((order) => makeBatch(stack, order)));
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const holder = new Map<string, number>();
    for (const { body } of made)
      for (const { deliveryNo, ok } of body.results) {
        if (!ok) continue;
        expect(holder.has(deliveryNo)).toBe(false);
        holder.set(deliveryNo, body.workBatchNo);
      }
    expect([...holder.keys()].sort()).toEqual([...lines].sort());
    for (const { body } of made)
      for (const { deliveryNo, ok, error, workBatchNo } of body.results)
        if (!ok) expect([error.code, workBatchNo]).toEqual(['IN_WORK_BATCH', holder.get(deliveryNo)]);
  });
});

describe('its state', () => {
  test('만듦 → 피킹 → 검품, and back', async () => {
    const no = await batchOf(stack, await releasedRows(stack.db, 1));
    for (const state of ['picking', 'verifying', 'picking']) {
      expect((await move(no, state)).body).toEqual({ workBatchNo: no, state, owner: 'kim' });
      expect((await batchIn(stack, no)).state).toBe(state);
    }
  });

  test('is not 완료 while a line is still to be shipped', async () => {
    const [shipped, left] = await releasedRows(stack.db, 2);
    const no = await batchOf(stack, [shipped ?? '', left ?? '']);
    await rowBecomes(stack, shipped ?? '', 'delivered');
    expect(await move(no, 'completed')).toMatchObject({ status: 409, body: { code: 'WORK_BATCH_NOT_DONE' } });
    await rowBecomes(stack, left ?? '', 'canceled');
    expect(await move(no, 'completed')).toMatchObject({ status: 200, body: { state: 'completed' } });
    for (const act of ['move', 'take-over', 'remove'])
      expect(await post(no, act, act === 'move' ? { state: 'picking' } : { lines: firstLines([shipped ?? '']) })).toMatchObject({
        status: 409,
        body: { code: 'WORK_BATCH_COMPLETED' },
      });
  });

  test('belongs to its owner, until another takes it over', async () => {
    const lines = await releasedRows(stack.db, 2);
    const no = await batchOf(stack, lines);
    expect(await move(no, 'picking', lee)).toMatchObject({ status: 409, body: { code: 'WORK_BATCH_OWNED' } });
    expect((await post(no, 'remove', { lines: firstLines(lines) }, lee)).body.code).toBe('WORK_BATCH_OWNED');
    expect((await post(no, 'take-over', {}, lee)).body).toEqual({ workBatchNo: no, state: 'created', owner: 'lee' });
    expect((await move(no, 'picking', lee)).status).toBe(200);
    expect((await move(no, 'verifying')).body.code).toBe('WORK_BATCH_OWNED');
    expect(await batchIn(stack, no)).toMatchObject({ owner: 'lee', createdBy: 'kim', state: 'picking' });
  });
});

describe('a line is taken out', () => {
  test('visibly, and is free for another batch', async () => {
    const [stays, goes, shipped] = (await releasedRows(stack.db, 3)) as [string, string, string];
    const no = await batchOf(stack, [stays, goes, shipped]);
    await rowBecomes(stack, shipped, 'shipped');
    const { body } = await post(no, 'remove', { lines: firstLines([goes, shipped, 'nobody']) });
    expect(body.results.map(({ ok, error }: any) => error?.code ?? ok)).toEqual([true, 'ALREADY_SHIPPED', 'NOT_IN_WORK_BATCH']);
    const batch = await batchIn(stack, no);
    expect(batch.counts).toEqual({ lines: 3, open: 1, shipped: 1, dropped: 1 });
    expect(batch.dropped).toMatchObject([{ deliveryNo: goes, why: 'removed', whyName: '작업차수에서 뺌', state: 'released' }]);
    expect((await makeBatch(stack, [goes, stays])).body.results.map(({ ok }: any) => ok)).toEqual([true, false]);
  });
});
