import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { type PlacedLine, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import {
  claimedOn,
  commandPickup,
  commandPickups,
  openClaim,
  pickupHistory,
  pickupIn,
  pickupOf,
  placedLine,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let line: PlacedLine;
beforeAll(async () => {
  stack = await startStack();
  line = await placedLine(stack, undefined, { quantity: 200 });
});
afterAll(() => stack.stop());

const reason = '고객 요청';
const codes = (results: { ok: boolean; error?: { code: string } }[]) => results.map(({ ok, error }) => (ok ? 'ok' : error?.code));

describe('answer as for lines, keyed by `pickupNo`', () => {
  test('one bad pickup never stops the others; a result per pickup, in the order they were asked', async () => {
    const confirmed = await pickupIn(stack, 'confirmed', line);
    const requested = await pickupIn(stack, 'requested', line);
    const withdrawn = await pickupIn(stack, 'withdrawn', line);
    const held = await pickupIn(stack, 'held', line);
    const asked = [requested, 'P-nobody', withdrawn, confirmed, held];
    const { status, body } = await commandPickups(
      stack,
      'complete',
      asked.map((pickupNo) => ({ pickupNo })),
    );
    expect([status, body.succeeded, body.failed]).toEqual([200, 1, 4]);
    expect(body.results.map(({ pickupNo }: { pickupNo: string }) => pickupNo)).toEqual(asked);
    expect(codes(body.results)).toEqual(['TRANSITION_NOT_ALLOWED', 'PICKUP_NOT_FOUND', 'PICKUP_FINISHED', 'ok', 'PICKUP_HELD']);
    expect(body.results[4].error.title).toBe('보류 중인 회수입니다. 보류를 해제한 뒤 처리하세요');
    expect(await pickupOf(stack, confirmed)).toMatchObject({ state: 'completed', allowedCommands: [] });
  });

  test('the same pickup twice is 400, and nothing is done', async () => {
    const pickupNo = await openClaim(stack, 'return', line);
    const { status, body } = await commandPickups(stack, 'instruct', [{ pickupNo }, { pickupNo }]);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'BAD_REQUEST', 'pickups.1.pickupNo']);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'requested', revision: 1 });
  });

  test('500 pickups are commanded in one call, 501 or none are refused whole', async () => {
    const pickupNo = await openClaim(stack, 'return', line);
    const many = (n: number) => [{ pickupNo }, ...Array.from({ length: n - 1 }, (_, at) => ({ pickupNo: `P-none-${at}` }))];
    expect((await commandPickups(stack, 'instruct', many(501))).status).toBe(400);
    expect((await commandPickups(stack, 'instruct', [])).status).toBe(400);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'requested', revision: 1 });
    const { status, body } = await commandPickups(stack, 'instruct', many(500));
    expect([status, body.succeeded, body.failed]).toEqual([200, 1, 499]);
  });

  test.each([
    ['restock is text', { items: [{ lineNo: 1, restock: '1', dispose: 0 }] }],
    ['restock is negative', { items: [{ lineNo: 1, restock: -1, dispose: 2 }] }],
    ['dispose is missing', { items: [{ lineNo: 1, restock: 1 }] }],
    ['fault is nobody’s', { items: [{ lineNo: 1, restock: 1, dispose: 0, fault: 'carrier' }] }],
    ['revision is 0', { revision: 0 }],
  ])('%s: 400, and nothing is done', async (_, fields) => {
    const pickupNo = await pickupIn(stack, 'confirmed', line);
    const { status, body } = await commandPickups(stack, 'complete', [{ pickupNo, ...fields }]);
    expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
    expect(body.errors[0].path).toMatch(/^pickups\.0\.(items|revision)/);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'confirmed', revision: 3 });
  });

  test('`revision` = refuse (REVISION_CONFLICT) if the pickup has moved since it was shown', async () => {
    const pickupNo = await pickupIn(stack, 'instructed', line);
    for (const revision of [1, 3])
      expect(await commandPickup(stack, 'confirm', pickupNo, { revision })).toMatchObject({
        ok: false,
        error: { code: 'REVISION_CONFLICT' },
      });
    const { revision } = await pickupOf(stack, pickupNo);
    expect(await commandPickup(stack, 'confirm', pickupNo, { revision })).toMatchObject({ ok: true, revision: 3 });
  });
});

describe('the same Idempotency-Key twice: one effect', () => {
  test('before and after the pickup is finished, the same answer', async () => {
    const pickupNo = await pickupIn(stack, 'requested', line);
    const [confirmKey, completeKey] = [unique('key'), unique('key')];
    const send = (name: string, key: string) => commandPickups(stack, name, [{ pickupNo }], {}, { 'idempotency-key': key });
    await takePickup(stack, pickupNo, ['instruct']);
    const confirmed = await send('confirm', confirmKey);
    expect((await send('confirm', confirmKey)).body).toEqual(confirmed.body);
    const completed = await send('complete', completeKey);
    expect(completed.body.results).toMatchObject([{ ok: true, state: 'completed', revision: 4 }]);
    expect((await send('complete', completeKey)).body).toEqual(completed.body);
    expect((await send('confirm', confirmKey)).body).toEqual(confirmed.body);
    expect(await pickupHistory(stack, pickupNo)).toEqual(['claim', 'instruct', 'confirm', 'complete']);
    const other = await commandPickups(stack, 'complete', [{ pickupNo: 'P-other' }], {}, { 'idempotency-key': completeKey });
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test('a refusal is kept too, though it would be possible now', async () => {
    const pickupNo = await pickupIn(stack, 'instructed', line);
    const headers = { 'idempotency-key': unique('key') };
    const refused = await commandPickups(stack, 'complete', [{ pickupNo }], {}, headers);
    expect(codes(refused.body.results)).toEqual(['TRANSITION_NOT_ALLOWED']);
    await takePickup(stack, pickupNo, ['confirm']);
    expect((await commandPickups(stack, 'complete', [{ pickupNo }], {}, headers)).body).toEqual(refused.body);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'confirmed' });
  });

  test('an exchange’s completion sent again answers with the same new delivery; there is one', async () => {
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange');
    const headers = { 'idempotency-key': unique('key') };
    const first = await commandPickups(stack, 'complete', [{ pickupNo }], {}, headers);
    expect(first.body.results[0]).toMatchObject({ ok: true, exchangeDeliveryNo: expect.stringMatching(/^D\d+$/) });
    expect((await commandPickups(stack, 'complete', [{ pickupNo }], {}, headers)).body).toEqual(first.body);
    expect(await stack.db.query(sql`select delivery_no from deliveries where pickup_no = ${pickupNo}`)).toEqual([
      { delivery_no: first.body.results[0].exchangeDeliveryNo },
    ]);
  });
});

describe('two admins at once on one pickup: one wins', () => {
  test('the same step', async () => {
    const pickupNo = await pickupIn(stack, 'instructed', line);
    const results = await Promise.all([1, 2, 3].map(() => commandPickup(stack, 'confirm', pickupNo)));
    expect(codes(results).sort()).toEqual(['TRANSITION_NOT_ALLOWED', 'TRANSITION_NOT_ALLOWED', 'ok']);
    expect(await pickupHistory(stack, pickupNo)).toEqual(['claim', 'instruct', 'confirm']);
  });

  test('회수완료 against 반품불가, many times: the quantity is settled or given back, never both', async () => {
    for (let round = 0; round < 10; round++) {
      const other = await placedLine(stack, undefined, { quantity: 1 });
      const pickupNo = await pickupIn(stack, 'confirmed', other);
      const [completed, refused] = await Promise.all([
        commandPickup(stack, 'complete', pickupNo),
        commandPickup(stack, 'refuse', pickupNo, {}, { reason }),
      ]);
      expect(codes([completed, refused]).sort()).toEqual(['PICKUP_FINISHED', 'ok']);
      const state = completed.ok ? 'completed' : 'refused';
      expect((await storedPickup(stack, pickupNo)).row.state).toBe(state);
      expect(await claimedOn(stack, other, completed.ok ? 'settled' : 'released')).toBe(1);
    }
  });
});

describe('`Prefer: respond-async`: 202, sent as signals', () => {
  const headers = { prefer: 'respond-async' };

  test('accepted, and done soon after', async () => {
    const pickupNo = await pickupIn(stack, 'requested', line);
    const waybillNo = uniqueWaybill();
    const asked = [{ pickupNo, carrierCode: '04', waybillNo }, { pickupNo: 'P-nobody' }];
    const { status, body } = await commandPickups(stack, 'instruct', asked, {}, headers);
    expect([status, body.accepted, codes(body.rejected)]).toEqual([202, 1, ['PICKUP_NOT_FOUND']]);
    await eventually(async () => (await pickupOf(stack, pickupNo)).state === 'instructed');
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ waybillNo, history: [{}, { command: 'instruct', by: 'kim' }] });
  });

  test('a refused signal becomes a history row with `refused`, never silence', async () => {
    const pickupNo = await pickupIn(stack, 'held', line);
    const before = await pickupOf(stack, pickupNo);
    expect((await commandPickups(stack, 'complete', [{ pickupNo }], {}, headers)).status).toBe(202);
    const shown = await eventually(async () => {
      const detail = await pickupOf(stack, pickupNo);
      return detail.history.length > before.history.length && detail;
    });
    expect(shown.history.at(-1)).toEqual({
      at: expect.any(String),
      by: 'kim',
      byName: null,
      command: 'complete',
      from: 'confirmed',
      to: 'confirmed',
      revision: null,
      refused: 'PICKUP_HELD',
      refusedTitle: '보류 중인 회수입니다. 보류를 해제한 뒤 처리하세요',
    });
    expect({ ...shown, history: [] }).toEqual({ ...before, history: [] });
  });

  test('a signal by hand, where only `command` is needed, and one that no table knows', async () => {
    const pickupNo = await pickupIn(stack, 'requested', line);
    const handle = stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));
    await handle.signal('submit', { command: 'instruct' });
    await handle.signal('submit', { command: 'explode' });
    await handle.signal('submit');
    await eventually(async () => (await pickupHistory(stack, pickupNo)).length === 4);
    expect((await pickupHistory(stack, pickupNo)).slice(0, 3)).toEqual(['claim', 'instruct', 'explode: BAD_REQUEST']);
    expect(await commandPickup(stack, 'confirm', pickupNo)).toMatchObject({ ok: true });
  });
});
