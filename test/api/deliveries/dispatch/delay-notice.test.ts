import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { refuseDay } from '../../../../api/deliveries/command-body.ts';
import { seoulDay } from '../../../support/clock.ts';
import {
  asked,
  command,
  commandLine,
  commandWithKey,
  delayNotice,
  listedLine,
  type PlacedLine,
  pathTo,
  placeIn,
  placeOrder,
  storedHistory,
  storedRow,
  take,
  unique,
} from '../../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../../support/stack.ts';

/** 발송지연안내: before 출고완료, once a line. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0', COMMAND_TIMEOUT_MS: '3000' });
});
afterAll(() => stack.stop());

const notice = { ...delayNotice(), reason: '12월 재입고' };
const notify = (line: PlacedLine, more: object = {}) => commandLine(stack, 'notify-delay', line, {}, { ...notice, ...more });
const noticeOf = async (line: PlacedLine) => {
  const { delay_expected_on, delay_reason_code, delay_noticed_at } = await storedRow(stack, line);
  return { delay_expected_on, delay_reason_code, noticed: delay_noticed_at !== null };
};
const NOTICED = { delay_expected_on: notice.expectedOn, delay_reason_code: 'STOCK', noticed: true };
const NONE = { delay_expected_on: null, delay_reason_code: null, noticed: false };

describe('before 출고완료', () => {
  test.each(['ordered', 'instructed', 'released', 'awaitingShipment'] as const)(
    '%s: it stays there, and keeps the notice',
    async (state) => {
      const line = await placeIn(stack, state);
      const revision = pathTo[state].length + 2;
      expect(await notify(line)).toMatchObject({ ok: true, state, revision });
      expect(await noticeOf(line)).toEqual(NOTICED);
      expect((await storedHistory(stack, line)).at(-1)).toEqual({
        ...{ command: 'notify-delay', refused: null, revision, by: 'kim', reason: '12월 재입고' },
      });
      expect((await listedLine(stack, line))?.allowedCommands).not.toContain('notify-delay');
    },
  );

  test('once a line: another is DELAY_NOTICED and changes nothing, also after 처리취소 of 출고완료', async () => {
    const line = await placeIn(stack, 'released');
    await notify(line);
    const again = { expectedOn: seoulDay(9), reasonCode: 'OTHER' };
    expect(await notify(line, again)).toMatchObject({ ok: false, error: { code: 'DELAY_NOTICED' } });
    await take(stack, line, ['ship', 'undo']);
    expect(await notify(line, again)).toMatchObject({ ok: false, error: { code: 'DELAY_NOTICED' } });
    expect(await noticeOf(line)).toEqual(NOTICED);
  });

  test('what has left, or was canceled, is not noticed', async () => {
    for (const [state, code] of [
      ['shipped', 'TRANSITION_NOT_ALLOWED'],
      ['delivered', 'TRANSITION_NOT_ALLOWED'],
      ['canceled', 'LINE_FINISHED'],
    ] as const) {
      const line = await placeIn(stack, state);
      expect(await notify(line)).toMatchObject({ ok: false, error: { code } });
      expect(await noticeOf(line)).toEqual(NONE);
    }
  });

  test('many at once, each with its own result', async () => {
    const lines = await placeOrder(stack, Array(30).fill({}));
    const told = lines.slice(0, 10);
    await command(stack, 'notify-delay', told, notice);
    const { status, body } = await command(stack, 'notify-delay', lines, notice);
    expect([status, body.succeeded, body.failed]).toEqual([200, 20, 10]);
    for (const line of lines) expect(await noticeOf(line)).toEqual(NOTICED);
  });

  test('a reason is needed, in words too', async () => {
    const line = await placeIn(stack, 'ordered');
    expect(await notify(line, { reason: ' ' })).toMatchObject({ ok: false, error: { code: 'REASON_REQUIRED' } });
    expect(await noticeOf(line)).toEqual(NONE);
  });
});

describe('the day and the reason', () => {
  test.each([
    ['expectedOn', { expectedOn: undefined }],
    ['expectedOn', { expectedOn: '2027-02-30' }],
    ['expectedOn', { expectedOn: '내일' }],
    ['expectedOn', { expectedOn: seoulDay(-1) }],
    ['expectedOn', { expectedOn: seoulDay(95) }],
    ['expectedOn', { expectedOn: '9999-12-31' }],
    ['reasonCode', { reasonCode: undefined }],
    ['reasonCode', { reasonCode: 'LATE' }],
    ['reasonCode', { reasonCode: 'toString' }],
  ])('a wrong %s is 400 and named: %j', async (field, wrong) => {
    const line = await placeIn(stack, 'ordered');
    const { status, body } = await command(stack, 'notify-delay', [line], { ...notice, ...wrong });
    expect([status, body.code, new Set(body.errors.map(({ path }: { path: string }) => path))]).toEqual([
      400,
      'BAD_REQUEST',
      new Set([field]),
    ]);
    expect(await storedHistory(stack, line)).toHaveLength(1);
  });

  test('after the day of the request in Seoul, and at most 90 days after it', () => {
    const judge = (expectedOn: string, at: string) => () => refuseDay(expectedOn, new Date(at));
    // Seoul is nine hours ahead: its day changes at 15:00.
    expect(judge('2026-11-29', '2026-11-28T14:59:59Z')).not.toThrow();
    expect(judge('2026-11-29', '2026-11-28T15:00:00Z')).toThrow('BAD_REQUEST');
    expect(judge('2026-11-28', '2026-11-28T00:00:00Z')).toThrow('BAD_REQUEST');
    expect(judge('2027-02-26', '2026-11-28T00:00:00Z')).not.toThrow();
    expect(judge('2027-02-27', '2026-11-28T00:00:00Z')).toThrow('BAD_REQUEST');
  });

  test('a request that was stored in time is done as it was meant, though its day has come meanwhile', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    const send = () => commandWithKey(stack, 'notify-delay', line, key, {}, notice);
    await stack.stopWorker();
    expect((await send()).body.results).toMatchObject([{ ok: false, error: { code: 'COMMAND_PENDING' } }]);
    const was = seoulDay(-3);
    await stack.db.query(sql`update requests set created_at = now() - interval '20 days', sweep_at = now(), locked_until = null,
      body = jsonb_set(body, '{expectedOn}', to_jsonb(${was}::text)) where key = ${key}`);
    await stack.startWorker();
    await eventually(async () => {
      await stack.requests.sweep();
      const [row] = await stack.db.query(sql<{ status: number | null }>`select status from requests where key = ${key}`);
      return row?.status === 200;
    });
    expect(await noticeOf(line)).toMatchObject({ noticed: true });
  });
});

describe('at the same time', () => {
  test('of two notices one is done and the other is told so', async () => {
    const lines = await placeOrder(stack, Array(10).fill({}));
    const days = [seoulDay(4), seoulDay(6)];
    const answers = await Promise.all(days.map((expectedOn) => command(stack, 'notify-delay', lines, { ...notice, expectedOn })));
    for (const [at, line] of lines.entries()) {
      const results = answers.map(({ body }) => body.results[at]);
      expect(results.map(({ ok, error }) => (ok ? 'ok' : error.code)).sort()).toEqual(['DELAY_NOTICED', 'ok']);
      const won = results.findIndex(({ ok }) => ok);
      expect(await noticeOf(line)).toMatchObject({ delay_expected_on: days[won] });
    }
  });

  test('a repeat under the same key hears what the first did', async () => {
    const line = await placeIn(stack, 'released');
    const key = unique('key');
    const send = () => commandWithKey(stack, 'notify-delay', line, key, {}, notice);
    const [one, other] = await Promise.all([send(), send()]);
    const busy = [one, other].filter(({ status }) => status === 409);
    for (const { body } of busy) expect(body.code).toBe('IDEMPOTENCY_KEY_BUSY');
    expect((await send()).body).toMatchObject({ succeeded: 1, failed: 0 });
    expect((await storedHistory(stack, line)).filter(({ command: name }) => name === 'notify-delay')).toHaveLength(1);
  });
});

test('in the history and in the order’s timeline, with the code and the sentence of one that was refused', async () => {
  const line = await placeIn(stack, 'ordered');
  const later = () =>
    stack.post(
      '/api/bo/v1/delivery-lines/notify-delay',
      { lines: asked(line), ...notice },
      { headers: { prefer: 'respond-async' } },
    );
  for (const n of [2, 3]) {
    expect((await later()).status).toBe(202);
    await eventually(async () => (await storedHistory(stack, line)).length === n);
  }
  const refused = { refused: 'DELAY_NOTICED', refusedTitle: '이미 발송지연을 안내한 주문내역입니다' };
  const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
  expect(body.history.slice(1)).toMatchObject([
    { command: 'notify-delay', from: 'ordered', to: 'ordered', revision: 2, reason: '12월 재입고' },
    { command: 'notify-delay', revision: null, ...refused },
  ]);
  const { body: timeline } = await stack.get(`/api/order/v1/orders/${line.orderNo}/timeline`);
  expect(JSON.stringify(timeline.items)).toContain('notify-delay');
});
