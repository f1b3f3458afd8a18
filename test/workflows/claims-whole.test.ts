import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { createSettleClaims } from '../../activities/claims.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { type PlacedLine, unique } from '../support/scenes/orders.ts';
import {
  claimOnEach,
  claimsOn,
  commandPickup,
  orderLinesOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
  takePickup,
} from '../support/scenes/pickups.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.claimRefusals.length = 0;
});
afterAll(() => stack.stop());

/** What a pickup asks of its line, without the pickup. */
const byHand = ({ deliveryNo, lineNo }: PlacedLine, command: string, more: object) =>
  stack.temporal.workflow
    .getHandle(deliveryWorkflowId(deliveryNo, lineNo))
    .executeUpdate(command, { args: [{ requestId: unique('by-hand'), actor: 'machine', ...more }] });

/** Two lines of one delivery, and their confirmed pickup of a piece of each. */
async function confirmedPickup(kind: 'return' | 'exchange'): Promise<{ lines: [PlacedLine, PlacedLine]; pickupNo: string }> {
  const lines = (await placeAndTake(stack, SHIPPED, [{}, {}])) as [PlacedLine, PlacedLine];
  const { status, body } = await postClaim(stack, { ...claimOnEach(lines), kind });
  expect([status, body.pickups.length]).toEqual([201, 1]);
  const { pickupNo } = body.pickups[0];
  await takePickup(stack, pickupNo, ['instruct', 'confirm']);
  return { lines, pickupNo };
}
const statusesOf = (lines: PlacedLine[], pickupNo: string) =>
  Promise.all(lines.map(async (line) => (await claimsOn(stack, line))[pickupNo]?.status));

test.each(['return', 'exchange'] as const)(
  'a line whose row agrees and whose workflow does not: 회수완료 of the %s is refused, no line is settled',
  async (kind) => {
    const { lines, pickupNo } = await confirmedPickup(kind);
    const row = { [pickupNo]: { quantity: 1, status: 'reserved' } };
    await byHand(lines[1], 'release-claim', { pickupNo });
    await stack.db.query(sql`update delivery_lines set claims = ${JSON.stringify(row)}::jsonb
      where delivery_no = ${lines[1].deliveryNo} and line_no = ${lines[1].lineNo}`);
    expect(await commandPickup(stack, 'complete', pickupNo)).toMatchObject({ ok: false, error: { code: 'NOT_CLAIMABLE' } });
    expect((await claimsOn(stack, lines[0]))[pickupNo]?.status).toBe('reserved');
    expect(await orderLinesOf(stack, lines[0])).toHaveLength(2);
    expect(stack.claimRefusals).toEqual([`settle-${kind} NOT_CLAIMABLE`]);
    // Nothing was done, so 반품불가 still gives back what is held.
    await takePickup(stack, pickupNo, ['refuse']);
    expect((await claimsOn(stack, lines[0]))[pickupNo]?.status).toBe('released');
  },
);

/** Settles as a worker does; `refuses` says whether a line refuses the next update that is sent to it. */
const settling = (refuses: (workflowId: string) => boolean) => {
  const { temporal, log, db } = stack.deps;
  const getHandle = (id: string) => {
    const handle = temporal.workflow.getHandle(id);
    if (!refuses(id)) return handle;
    const executeUpdate = async () => {
      throw new WorkflowUpdateFailedError('refused', ApplicationFailure.nonRetryable('no', 'NOT_CLAIMABLE'));
    };
    return Object.assign(handle, { executeUpdate });
  };
  return createSettleClaims({
    db,
    log: log as never,
    client: { workflow: { getHandle }, withDeadline: temporal.withDeadline.bind(temporal) } as unknown as Client,
    onClaimRefused: (settlement, code) => stack.claimRefusals.push(`${settlement} ${code}`),
  });
};

test('a line that refuses after another was settled: tried again, first and later, until it is whole', async () => {
  const { lines, pickupNo } = await confirmedPickup('return');
  const [{ deliveryNo, lineNo: first }, { lineNo: second }] = lines;
  const asked = { pickupNo, settlement: 'settle-return', deliveryNo, lineNos: [first, second] } as const;
  const settle = settling((id) => id === deliveryWorkflowId(deliveryNo, second));
  for (const _time of [1, 2]) {
    await expect(settle({ ...asked, lineNos: [...asked.lineNos] })).rejects.toMatchObject({
      type: 'NOT_CLAIMABLE',
      nonRetryable: false,
    });
    expect(await statusesOf(lines, pickupNo)).toEqual(['settled', 'reserved']);
  }
  await settling(() => false)({ ...asked, lineNos: [...asked.lineNos] });
  expect(await statusesOf(lines, pickupNo)).toEqual(['settled', 'settled']);
});

test('a first line that refuses: final, nothing is settled', async () => {
  const { lines, pickupNo } = await confirmedPickup('return');
  const { deliveryNo } = lines[0];
  const asked = { pickupNo, settlement: 'settle-return' as const, deliveryNo, lineNos: lines.map(({ lineNo }) => lineNo) };
  await expect(settling(() => true)(asked)).rejects.toMatchObject({ type: 'NOT_CLAIMABLE', nonRetryable: true });
  expect(await statusesOf(lines, pickupNo)).toEqual(['reserved', 'reserved']);
});

test('an exchange that could not be inserted is refused before its claim is settled', async () => {
  const line = await placedLine(stack, SHIPPED);
  const pickupNo = unique('nobody');
  await byHand(line, 'reserve-claim', { pickupNo, quantity: 1 });
  const { deliveryNo, lineNo } = line;
  const settled = settling(() => false)({ pickupNo, settlement: 'settle-exchange', deliveryNo, lineNos: [lineNo] });
  await expect(settled).rejects.toMatchObject({ type: 'PICKUP_NOT_FOUND', nonRetryable: true });
  expect(await statusesOf([line], pickupNo)).toEqual(['reserved']);
});
