import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import { answeredRequest, holdRows, recordsWaiting, sweepNow } from '../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../support/scenes/orders.ts';
import {
  claimBody,
  claimedOn,
  claimOnEach,
  claimsOn,
  commandPickup,
  openClaim,
  orderLinesOf,
  pickupHistory,
  pickupIn,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
  takePickup,
} from '../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.claimRefusals.length = 0;
});
afterAll(() => stack.stop());

const handleOf = (pickupNo: string) => stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));
const reserved = (pickupNo: string) => ({ [pickupNo]: { quantity: 1, status: 'reserved' } });

/** The command as a signal, as `Prefer: respond-async` sends it; its refusal is in the history. */
async function signal(pickupNo: string, command: string, requestId: string, more: object = {}): Promise<void> {
  const known = (await pickupHistory(stack, pickupNo)).length;
  await handleOf(pickupNo).signal('submit', { command, requestId, actor: 'admin', hasReason: true, ...more });
  await eventually(async () => (await pickupHistory(stack, pickupNo)).length > known);
}

/** The same request again, as an update: the code that refuses it. */
async function again(pickupNo: string, command: string, requestId: string): Promise<string | undefined> {
  try {
    await handleOf(pickupNo).executeUpdate(command, { args: [{ requestId, actor: 'admin', hasReason: true }] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return error.cause.type ?? '';
    throw error;
  }
  return undefined;
}

/** What a pickup asks of its line, without the pickup. */
const settle = ({ deliveryNo, lineNo }: PlacedLine, command: string, pickupNo: string) =>
  stack.temporal.workflow
    .getHandle(deliveryWorkflowId(deliveryNo, lineNo))
    .executeUpdate(command, { args: [{ requestId: unique('by-hand'), actor: 'machine', pickupNo }] });

/** Nothing of the pickup has happened outside: its piece is still held, and no other delivery was made. */
async function expectUntouched(line: PlacedLine, pickupNo: string): Promise<void> {
  expect(await claimsOn(stack, line)).toEqual(reserved(pickupNo));
  expect(await orderLinesOf(stack, line)).toHaveLength(1);
  expect(await stack.db.query(sql`select 1 from deliveries where pickup_no = ${pickupNo}`)).toEqual([]);
}

describe('a command that history has refused is sent again when it would be possible', () => {
  test.each([
    ['complete', 'return', 'held', ['resume'], 'PICKUP_HELD', {}],
    ['complete', 'exchange', 'held', ['resume'], 'PICKUP_HELD', {}],
    ['refuse', 'return', 'instructed', ['confirm'], 'TRANSITION_NOT_ALLOWED', {}],
    ['withdraw', 'return', 'requested', [], 'REASON_REQUIRED', { hasReason: false }],
  ] as const)('%s of a %s: it stays refused, and touches nothing outside', async (command, kind, state, path, code, more) => {
    const line = await placedLine(stack, SHIPPED);
    const pickupNo = await pickupIn(stack, state, line, kind);
    const requestId = unique('R');
    await signal(pickupNo, command, requestId, more);
    expect((await pickupHistory(stack, pickupNo)).at(-1)).toBe(`${command}: ${code}`);
    await takePickup(stack, pickupNo, [...path]);
    const before = await pickupOf(stack, pickupNo);
    expect(await again(pickupNo, command, requestId)).toBe(code);
    await handleOf(pickupNo).signal('submit', { command, requestId, actor: 'admin', hasReason: true });
    // In its turn after the signal.
    if (state === 'held') await takePickup(stack, pickupNo, ['hold', 'resume']);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: before.state, exchangeDeliveryNo: null });
    await expectUntouched(line, pickupNo);
    // Another request does it, with what hangs on it.
    await takePickup(stack, pickupNo, [command]);
    expect((await claimsOn(stack, line))[pickupNo]?.status).not.toBe('reserved');
    expect(await orderLinesOf(stack, line)).toHaveLength(kind === 'exchange' ? 2 : 1);
    expect(stack.claimRefusals).toEqual([]);
  });

  test('반품불가 after it gives the piece back: it can be claimed again', async () => {
    const line = await placedLine(stack, SHIPPED);
    const pickupNo = await pickupIn(stack, 'held', line);
    const requestId = unique('R');
    await signal(pickupNo, 'complete', requestId);
    await takePickup(stack, pickupNo, ['resume']);
    expect(await again(pickupNo, 'complete', requestId)).toBe('PICKUP_HELD');
    await takePickup(stack, pickupNo, ['refuse']);
    expect(await orderLinesOf(stack, line)).toMatchObject([{ quantity: 2 }]);
    await openClaim(stack, 'return', line, 2);
  });

  test('what no row can hold is refused before it acts, too', async () => {
    const line = await placedLine(stack, SHIPPED);
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange');
    await handleOf(pickupNo).signal('submit', { command: 'complete', actor: 'admin', by: 'a\u0000b' });
    await takePickup(stack, pickupNo, ['hold']);
    await expectUntouched(line, pickupNo);
  });
});

test('a claim refused and given back, whose answer was lost: executed again it is refused as before, though it would fit now', async () => {
  const [free, contested] = (await placeAndTake(stack, SHIPPED, [{ quantity: 1 }, { quantity: 1 }])) as [PlacedLine, PlacedLine];
  // The rival's reservation waits for the row, so that the row still shows a piece left when the claim is judged early.
  const letGo = await holdRows(stack.databaseUrl, [contested]);
  const rival = postClaim(stack, claimOnEach([contested]));
  await recordsWaiting(stack, 1);
  const [body, key] = [claimOnEach([free, contested]), unique('key')];
  const answer = postClaim(stack, body, key);
  await eventually(async () => (await claimedOn(stack, free)) === 1);
  await letGo();
  expect(await answer).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } });
  await takePickup(stack, (await rival).body.pickups[0].pickupNo, ['withdraw']);

  await stack.requests.answersStored();
  await stack.db.query(sql`update requests set status = null, answer = null, answered_at = null where key = ${key}`);
  await sweepNow(stack, key);
  await stack.requests.sweep();
  expect(await answeredRequest(stack, key)).toMatchObject({ status: 409, answer: { code: 'NOT_CLAIMABLE' } });
  expect(await stack.db.query(sql`select 1 from pickups where claim_no = ${body.claimNo}`)).toEqual([]);
  for (const line of [free, contested]) expect(await claimedOn(stack, line)).toBe(0);
  // Another request may open it.
  expect(await postClaim(stack, body)).toMatchObject({ status: 201 });
  for (const line of [free, contested]) expect(await claimedOn(stack, line)).toBe(1);
});

describe('a line that counts the claim otherwise than its pickup', () => {
  test.each(['settle-return', 'settle-exchange'])(
    '반품불가 after %s: an error its caller sees; 회수완료 ends it',
    async (settlement) => {
      const line = await placedLine(stack, SHIPPED);
      const pickupNo = await pickupIn(stack, 'confirmed', line, settlement === 'settle-return' ? 'return' : 'exchange');
      await settle(line, settlement, pickupNo);
      const refused = await commandPickup(stack, 'refuse', pickupNo, {}, { reason: '파손' });
      expect(refused).toMatchObject({ ok: false, error: { code: 'CLAIM_SETTLED', title: expect.stringContaining('회수완료') } });
      expect(stack.claimRefusals).toEqual(['release-claim CLAIM_SETTLED']);
      expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'confirmed' });
      await signal(pickupNo, 'refuse', unique('R'));
      expect((await pickupHistory(stack, pickupNo)).at(-1)).toBe('refuse: CLAIM_SETTLED');
      await takePickup(stack, pickupNo, ['complete']);
      expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'completed' });
    },
  );

  test('one of two lines: neither is touched', async () => {
    const [one, two] = await placeAndTake(stack, SHIPPED, [{}, {}]);
    if (!one || !two) throw new Error('no lines');
    const items = [one, two].map(({ lineNo }) => ({ lineNo, quantity: 1 }));
    const { pickupNo } = (await postClaim(stack, claimBody('return', one.orderNo, items))).body.pickups[0];
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    await settle(two, 'settle-return', pickupNo);
    expect(await commandPickup(stack, 'refuse', pickupNo, {}, { reason: '파손' })).toMatchObject({
      error: { code: 'CLAIM_SETTLED' },
    });
    expect(await claimsOn(stack, one)).toEqual(reserved(pickupNo));
    await takePickup(stack, pickupNo, ['complete']);
    for (const line of [one, two])
      expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'settled' } });
  });

  test('회수완료 of an exchange whose piece was given back: refused, and no new delivery is made', async () => {
    const line = await placedLine(stack, SHIPPED);
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange');
    await settle(line, 'release-claim', pickupNo);
    expect(await commandPickup(stack, 'complete', pickupNo)).toMatchObject({ ok: false, error: { code: 'NOT_CLAIMABLE' } });
    expect(stack.claimRefusals).toEqual(['settle-exchange NOT_CLAIMABLE']);
    expect(await orderLinesOf(stack, line)).toHaveLength(1);
    await takePickup(stack, pickupNo, ['refuse']);
  });
});
