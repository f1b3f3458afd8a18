import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  cancel,
  command,
  commandLine,
  listedLine,
  placeIn,
  placeOrder,
  storedHistory,
  storedRow,
  take,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const codes = (results: { ok: boolean; error?: { code: string } }[]) => results.map(({ ok, error }) => (ok ? 'ok' : error?.code));

describe('one bad line never stops the others, and line faults are never a 400', () => {
  test('a result per line, in the order they were asked', async () => {
    const released = await placeIn(stack, 'released');
    const ordered = await placeIn(stack, 'ordered');
    const other = await placeIn(stack, 'released');
    const waybillNo = uniqueWaybill();
    const { status, body } = await command(stack, 'ship', [
      { ...key(ordered), carrierCode: '04', waybillNo: uniqueWaybill() },
      { deliveryNo: 'D-nobody', lineNo: 1, carrierCode: '04', waybillNo: uniqueWaybill() },
      { ...key(released), carrierCode: '04', waybillNo },
      { deliveryNo: released.deliveryNo, lineNo: 99, carrierCode: '04', waybillNo: uniqueWaybill() },
      { ...key(other), carrierCode: '04', waybillNo: 'odd' },
    ]);
    expect(status).toBe(200);
    expect(codes(body.results)).toEqual(['TRANSITION_NOT_ALLOWED', 'LINE_NOT_FOUND', 'ok', 'LINE_NOT_FOUND', 'WAYBILL_INVALID']);
    expect(body).toMatchObject({ succeeded: 1, failed: 4 });
    expect(body.results.map((result: { deliveryNo: string; lineNo: number }) => [result.deliveryNo, result.lineNo])).toEqual([
      [ordered.deliveryNo, 1],
      ['D-nobody', 1],
      [released.deliveryNo, 1],
      [released.deliveryNo, 99],
      [other.deliveryNo, 1],
    ]);
    expect(body.results[0].error.title).toBe('현재 상태에서는 할 수 없는 처리입니다');
    expect(await listedLine(stack, released)).toMatchObject({ state: 'shipped', waybillNo });
  });

  test.each([
    ['a carrier of forty letters', { carrierCode: 'X'.repeat(40), waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a carrier with a NUL', { carrierCode: '0\u0000', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a Korean carrier', { carrierCode: '한진', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a waybill of sixty digits', { carrierCode: '04', waybillNo: '1'.repeat(60) }, 'WAYBILL_INVALID'],
    ['a waybill with a NUL', { carrierCode: '04', waybillNo: '12345678901\u0000' }, 'WAYBILL_INVALID'],
    ['a waybill with half a surrogate', { carrierCode: '04', waybillNo: '12345678901\ud800' }, 'WAYBILL_INVALID'],
    ['a name instead of a waybill', { carrierCode: '04', waybillNo: '홍길동' }, 'WAYBILL_INVALID'],
    ['null instead of both', { carrierCode: null, waybillNo: null }, 'WAYBILL_REQUIRED'],
    ['blanks instead of both', { carrierCode: ' ', waybillNo: ' ' }, 'WAYBILL_REQUIRED'],
  ])('%s', async (_, fields, code) => {
    const [bad, good] = await placeOrder(stack, [{}, {}]);
    if (!bad || !good) throw new Error('no lines');
    await take(stack, bad, ['instruct', 'release']);
    await take(stack, good, ['instruct', 'release']);
    const { status, body } = await command(stack, 'ship', [
      { ...key(bad), ...fields },
      { ...key(good), carrierCode: '04', waybillNo: uniqueWaybill() },
    ]);
    expect([status, codes(body.results)]).toEqual([200, [code, 'ok']]);
    expect(await storedRow(stack, bad)).toMatchObject({ state: 'released', revision: 3 });
  });
});

const key = ({ deliveryNo, lineNo }: { deliveryNo: string; lineNo: number }) => ({ deliveryNo, lineNo });

describe('no `lineNo` = every line of that delivery still in the lists', () => {
  test('a canceled line is left out', async () => {
    const placed = await placeOrder(stack, [{}, {}, {}]);
    await cancel(stack, placed.slice(1, 2));
    const { body } = await command(stack, 'instruct', [{ deliveryNo: placed[0]?.deliveryNo }]);
    expect(body.results).toMatchObject([
      { lineNo: 1, ok: true, state: 'instructed' },
      { lineNo: 3, ok: true, state: 'instructed' },
    ]);
  });

  test('a delivery that has none, or does not exist: one LINE_NOT_FOUND', async () => {
    const gone = await placeIn(stack, 'canceled');
    const { body } = await command(stack, 'instruct', [{ deliveryNo: gone.deliveryNo }, { deliveryNo: 'D-nobody' }]);
    expect(body.results).toMatchObject([
      { deliveryNo: gone.deliveryNo, lineNo: null, ok: false, error: { code: 'LINE_NOT_FOUND' } },
      { deliveryNo: 'D-nobody', lineNo: null, ok: false, error: { code: 'LINE_NOT_FOUND' } },
    ]);
  });
});

describe('the same line twice is 400', () => {
  test.each([
    ['by number', [1, 1]],
    ['as number and as digits', [1, '1']],
    ['by its delivery and by number', [undefined, 1]],
    ['by number and by its delivery', [1, undefined]],
    ['by its delivery twice', [undefined, undefined]],
  ])('%s', async (_, lineNos) => {
    const line = await placeIn(stack, 'ordered');
    const asked = lineNos.map((lineNo) => ({ deliveryNo: line.deliveryNo, lineNo }));
    const { status, body } = await command(stack, 'instruct', asked);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path: expect.stringMatching(/^lines\.[01]$/) }] });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });
  });
});

describe('1–500 lines', () => {
  test('500 lines are commanded in one call, 501 are refused whole', async () => {
    const placed = await placeOrder(
      stack,
      Array.from({ length: 60 }, () => ({})),
    );
    const lines = Array.from(
      { length: 500 },
      (_, at) => (at % 10 === 0 && placed[at / 10]) || { deliveryNo: `D-none-${at}`, lineNo: 1 },
    ).map(key);
    const tooMany = await command(stack, 'instruct', [...lines, { deliveryNo: 'D-nobody', lineNo: 1 }]);
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path: 'lines' }] } });
    const { status, body } = await command(stack, 'instruct', lines);
    expect([status, body.succeeded, body.failed]).toEqual([200, 50, 450]);
    expect(body.results.map(key)).toEqual(lines);
    const [counted] = await stack.db.query(
      sql<{
        n: number;
      }>`select count(*) as n from delivery_lines where state = 'instructed' and revision = 2 and delivery_no = any(${lines.map(({ deliveryNo }) => deliveryNo)})`,
    );
    expect(counted?.n).toBe(50);
  });

  test('none is 400', async () => {
    expect((await command(stack, 'instruct', [])).status).toBe(400);
  });

  test('배송완료지시배치 takes 1,000, not 1,001', async () => {
    const line = await placeIn(stack, 'shipped');
    const many = (n: number) => [
      key(line),
      ...Array.from({ length: n - 1 }, (_, at) => ({ deliveryNo: `D-none-${at}`, lineNo: 1 })),
    ];
    const post = (n: number) => stack.post('/api/order/v1/delivery-lines/deliver', { lines: many(n) });
    expect((await post(1_001)).status).toBe(400);
    expect((await storedRow(stack, line)).state).toBe('shipped');
    const { status, body } = await post(1_000);
    expect([status, body.succeeded, body.failed]).toEqual([200, 1, 999]);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'delivered' });
  });
});

describe('`revision` = refuse (REVISION_CONFLICT) if the line has moved since it was shown', () => {
  test('the revision shown is taken, an older or future one refused', async () => {
    const line = await placeIn(stack, 'instructed');
    for (const revision of [1, 3]) {
      expect(await commandLine(stack, 'release', line, { revision })).toMatchObject({
        ok: false,
        error: { code: 'REVISION_CONFLICT' },
      });
      expect(await storedRow(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    }
    const shown = await listedLine(stack, line);
    expect(await commandLine(stack, 'release', line, { revision: shown?.revision })).toMatchObject({ ok: true, revision: 3 });
  });
});

describe('two admins at once on one line: one wins', () => {
  test('the same step twice', async () => {
    const line = await placeIn(stack, 'ordered');
    const results = await Promise.all([1, 2, 3].map(() => commandLine(stack, 'instruct', line)));
    expect(codes(results).sort()).toEqual(['TRANSITION_NOT_ALLOWED', 'TRANSITION_NOT_ALLOWED', 'ok']);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    expect((await storedHistory(stack, line)).map(({ command }) => command)).toEqual(['order', 'instruct']);
  });

  test('two different steps from the revision both saw', async () => {
    const line = await placeIn(stack, 'released');
    const { revision } = await storedRow(stack, line);
    const results = await Promise.all([
      commandLine(stack, 'report-stockout', line, { revision }, { reason: '재고 없음' }),
      commandLine(stack, 'undo', line, { revision }, { reason: '잘못 누름' }),
    ]);
    expect(codes(results).sort()).toEqual(['REVISION_CONFLICT', 'ok']);
    expect((await storedRow(stack, line)).revision).toBe(revision + 1);
  });
});
