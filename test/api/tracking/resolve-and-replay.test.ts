import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createHandBackScan } from '../../../db/tracking/hand-back.ts';
import { finishRows, type JournalRow, type Known, knownOf, leaseRows, putOff } from '../../../db/tracking/journal.ts';
import { commandLine, type PlacedLine, placeIn, storedRow, uniqueWaybill } from '../../support/scenes/orders.ts';
import { callback, exceptionsOf, journalOf, oneException, outcomesOf } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

const DAY = 86_400_000;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ TRACKING_SILENCE_INTERVAL_MS: '100' });
});
afterAll(() => stack.stop());

const act = (name: string, id: number | string, body: object = {}) =>
  stack.post(`/api/bo/v1/tracking-exceptions/${id}/${name}`, body);
const becomes = (line: PlacedLine, state: string) => eventually(async () => (await storedRow(stack, line)).state === state);
const oneOf = (deliveryNo: string) => oneException(stack, deliveryNo);

describe('resolve and replay', () => {
  test('resolve closes one with who and why; again it stays so', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, -99);
    await outcomesOf(stack, line.deliveryNo);
    const { id } = await oneOf(line.deliveryNo);
    const closed = await act('resolve', id, { reason: '기사와 통화함' });
    expect(closed).toMatchObject({
      status: 200,
      body: { id, state: 'resolved', resolvedBy: 'kim', resolution: '기사와 통화함', resolvedAt: expect.any(String) },
    });
    const again = await act('resolve', id, { reason: '다른 사유' });
    expect(again).toMatchObject({ status: 200, body: closed.body });
  });

  test('replay of an unknown number’s callback, once its delivery carries the waybill: applied and closed', async () => {
    const line = await placeIn(stack, 'shipped');
    const waybillNo = uniqueWaybill();
    await callback(stack, line.deliveryNo, waybillNo, 6);
    await outcomesOf(stack, line.deliveryNo);
    const { id } = await oneOf(line.deliveryNo);
    // Still wrong: it counts once more and stays open.
    expect(await act('replay', id)).toMatchObject({ status: 200, body: { id, state: 'open' } });
    await eventually(async () => (await oneOf(line.deliveryNo)).count === 2);
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo }, { reason: '오타' });
    await act('replay', id);
    await becomes(line, 'delivered');
    const [closed] = await eventually(async () => {
      const found = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}&state=resolved`);
      return found.length > 0 && found;
    });
    expect(closed).toMatchObject({ id, resolvedBy: 'kim' });
    expect(await journalOf(stack, line.deliveryNo)).toMatchObject([{ outcome: 'applied' }]);
  });

  test('replay of a callback that waits, or that a relay has in hand: judged at once, and its pauses begin anew', async () => {
    const line = await placeIn(stack, 'shipped');
    const waybillNo = uniqueWaybill();
    await callback(stack, line.deliveryNo, waybillNo, 6);
    await outcomesOf(stack, line.deliveryNo);
    const { id } = await oneOf(line.deliveryNo);
    const rowOf = async () =>
      (
        await stack.db.query(sql<{ id: number; attempts: number; attempts_before: number; wait: number }>`
          select id, attempts, attempts_before, extract(epoch from next_at - now())::float8 as wait
            from tracking_journal where fid = ${line.deliveryNo}`)
      )[0];
    // Handed back nine times already: its next turn is in ten minutes, by whatever relay.
    await stack.db.query(sql`update tracking_journal set processed_at = null, outcome = null, attempts = 9,
      next_at = now() + interval '10 minutes' where fid = ${line.deliveryNo}`);
    expect(await act('replay', id)).toMatchObject({ status: 200, body: { id, state: 'open' } });
    await eventually(async () => (await oneOf(line.deliveryNo)).count === 2);
    const judged = await rowOf();
    expect(judged).toMatchObject({ attempts: 11, attempts_before: 10 });

    // It comes back from a workflow once more: that is the first time since the replay.
    await stack.stopWorker();
    await stack.db.query(sql`update tracking_journal set outcome = 'applied' where id = ${judged?.id}`);
    await createHandBackScan(stack.deps)({ journalId: judged?.id ?? 0 });
    expect((await rowOf())?.wait).toBeLessThanOrEqual(0);

    // A relay that had it in hand before a replay neither stores what it found then nor puts it off.
    const [leased] = (await leaseRows(stack.db, 100)).filter((row) => row.id === judged?.id) as [JournalRow];
    expect((await rowOf())?.wait).toBeGreaterThan(0);
    await act('replay', id);
    const [known] = await knownOf(stack.db, [leased]);
    await finishRows(stack.db, [{ row: leased, known: known as Known, outcome: 'kept', moves: false }]);
    await putOff(stack.db, [leased]);
    expect((await rowOf())?.wait).toBeLessThanOrEqual(0);
    await stack.startWorker();
    await eventually(async () => (await oneOf(line.deliveryNo)).count === 3);
  });

  test('replay of a waybill nothing is heard of has it registered anew', async () => {
    const line = await placeIn(stack, 'shipped');
    await stack.db.query(
      sql`update waybills set opened_at = now() - interval '4 days', registered_at = now(), registration_failures = 3 where waybill_no = ${line.waybillNo}`,
    );
    const { id } = await eventually(async () => {
      const [found] = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}`);
      return found;
    });
    expect(await act('replay', id)).toMatchObject({ status: 200, body: { state: 'resolved', resolvedBy: 'kim' } });
    expect(
      await stack.db.query(sql`select registered_at, registration_failures from waybills where waybill_no = ${line.waybillNo}`),
    ).toEqual([{ registered_at: null, registration_failures: 0 }]);
  });

  test.each(['resolve', 'replay'])('%s of none is 404, of a word 400', async (name) => {
    expect(await act(name, 999_999_999)).toMatchObject({ status: 404, body: { code: 'TRACKING_EXCEPTION_NOT_FOUND' } });
    expect(await act(name, 'nobody')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await act(name, 1, { cause: 'x' })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  test('permissions: delivery.read to look, delivery.write to act', async () => {
    const [reader, writer] = [await stack.token(['delivery.read']), await stack.token(['delivery.write'])];
    expect((await stack.get('/api/bo/v1/tracking-exceptions', { token: reader })).status).toBe(200);
    expect((await stack.get('/api/bo/v1/tracking-exceptions', { token: writer })).status).toBe(403);
    for (const name of ['resolve', 'replay']) {
      const path = `/api/bo/v1/tracking-exceptions/999999999/${name}`;
      expect((await stack.post(path, {}, { token: reader })).status).toBe(403);
      expect((await stack.post(path, {}, { token: writer })).status).toBe(404);
    }
  });
});

describe('GET /tracking-exceptions', () => {
  const waybillNo = uniqueWaybill();
  const start = Date.parse('2025-03-01T00:00:00Z');
  beforeAll(async () => {
    await stack.db.query(sql`insert into tracking_exceptions (kind, fid, waybill_no, reason, first_at, last_at, state)
       select 'unknown-number', 'L' || n, ${waybillNo}, 'r', ${new Date(start)}::timestamptz + interval '1 day' * n, ${new Date(start)}::timestamptz + interval '1 day' * (n / 2),
              case when n % 3 = 0 then 'resolved' else 'open' end from generate_series(1, 12) n`);
  });
  const list = async (query: string) => (await stack.get(`/api/bo/v1/tracking-exceptions?waybillNo=${waybillNo}&${query}`)).body;
  const fids = (items: { fid: string }[]) => items.map(({ fid }) => Number(fid.slice(1)));

  test.each(['lastAt', '-lastAt', 'firstAt', '-firstAt'])('pages by %s: every row once, in order', async (sort) => {
    const seen: any[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: any = await list(`limit=5&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(fids(seen).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    const values = seen.map((row) => row[sort.replace('-', '')]);
    expect(values).toEqual(sort.startsWith('-') ? [...values].sort().reverse() : [...values].sort());
  });

  test('filters: state, kind, range, updatedFrom; count', async () => {
    expect(fids((await list('state=resolved&sort=firstAt')).items)).toEqual([3, 6, 9, 12]);
    expect(await list('kind=scan-error')).toMatchObject({ items: [], nextCursor: null });
    expect(await list('count=true&limit=1&state=open')).toMatchObject({ total: 8 });
    const day = new Date(start + 5 * DAY).toISOString();
    expect(fids((await list(`from=${day}&sort=firstAt`)).items)).toEqual([10, 11, 12]);
    expect(fids((await list(`updatedFrom=${day}&sort=firstAt`)).items)).toEqual([10, 11, 12]);
  });

  test.each(['state=closed', 'kind=x', 'sort=id', 'cursor=x', 'limit=0', 'page=1'])('%s is 400', async (query) => {
    expect(await stack.get(`/api/bo/v1/tracking-exceptions?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
  });
});
