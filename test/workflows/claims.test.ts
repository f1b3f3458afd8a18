import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { deliveryWorkflowId, type Outcome } from '../../workflows/messages/delivery.ts';
import { commandLine, listedLine, type PlacedLine, placeIn, storedHistory, storedRow, unique } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const handleOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));
/** The machine-only update, as a pickup sends it; the refusing code instead of an exception. */
async function claim(
  line: PlacedLine,
  name: string,
  pickupNo: string,
  quantity?: number,
  more: object = {},
): Promise<Outcome | string> {
  try {
    return await handleOf(line).executeUpdate<Outcome, [object]>(name, {
      args: [{ requestId: unique(name), actor: 'machine', pickupNo, quantity, ...more }],
    });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return error.cause.type ?? '';
    throw error;
  }
}
const commandsOf = async (line: PlacedLine) => (await storedHistory(stack, line)).map(({ command }) => command).slice(4);

describe.each(['shipped', 'delivered'] as const)('a claim on a line that is %s', (state) => {
  test('reserves, and gives back: the list shows the quantity unchanged', async () => {
    const line = await placeIn(stack, state, { quantity: 3 });
    const { revision } = await storedRow(stack, line);
    expect(await claim(line, 'reserve-claim', 'P1', 2)).toEqual({ state, revision: revision + 1, validQuantity: 3 });
    expect(await storedRow(stack, line)).toMatchObject({ claims: { P1: { quantity: 2, status: 'reserved' } } });
    expect(await claim(line, 'reserve-claim', 'P2', 2)).toBe('NOT_CLAIMABLE');
    expect(await claim(line, 'release-claim', 'P1')).toEqual({ state, revision: revision + 2, validQuantity: 3 });
    expect(await claim(line, 'reserve-claim', 'P2', 3)).toMatchObject({ validQuantity: 3 });
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 3 });
  });

  test('each idempotent by pickupNo, whatever request brings it', async () => {
    const line = await placeIn(stack, state, { quantity: 3 });
    const reserved = await claim(line, 'reserve-claim', 'P1', 2);
    expect(await claim(line, 'reserve-claim', 'P1', 2)).toEqual(reserved);
    expect(await claim(line, 'reserve-claim', 'P1', 1)).toBe('NOT_CLAIMABLE');
    const settled = await claim(line, 'settle-return', 'P1');
    expect(settled).toMatchObject({ validQuantity: 1 });
    expect(await claim(line, 'settle-return', 'P1')).toEqual(settled);
    expect(await claim(line, 'release-claim', 'P1')).toBe('CLAIM_SETTLED');
    expect(await storedRow(stack, line)).toMatchObject({ returned: 2, valid_quantity: 1 });
    expect((await commandsOf(line)).filter((name) => name.endsWith('claim') || name.startsWith('settle'))).toEqual([
      'reserve-claim',
      'settle-return',
    ]);
  });

  test('settling the last quantity finishes the line: 반품완료 is out of the lists, its waybill free', async () => {
    const [line, other] = [await placeIn(stack, state), await placeIn(stack, 'released')];
    await claim(line, 'reserve-claim', 'P1', 2);
    expect(await claim(line, 'settle-return', 'P1')).toMatchObject({ state, validQuantity: 0 });
    expect(await listedLine(stack, line)).toBeUndefined();
    expect((await storedRow(stack, line)).finished_at).not.toBeNull();
    await eventually(async () => (await handleOf(line).describe()).status.name === 'COMPLETED');
    expect(await commandLine(stack, 'reopen', line, {}, { reason: '시험' })).toMatchObject({ error: { code: 'LINE_FINISHED' } });
    expect(await commandLine(stack, 'ship', other, { carrierCode: '04', waybillNo: line.waybillNo })).toMatchObject({ ok: true });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.lines).toMatchObject([{ lineNo: 1, validQuantity: 0, quantity: 2 }]);
  });
});

describe('while a claim is open', () => {
  test('처리취소 and 배송완료취소 are CLAIM_OPEN and have no button; afterwards they are possible', async () => {
    const [shipped, delivered] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'delivered')];
    for (const line of [shipped, delivered]) await claim(line, 'reserve-claim', 'P1', 1);
    const reason = { reason: '시험' };
    expect(await commandLine(stack, 'undo', shipped, {}, reason)).toMatchObject({ ok: false, error: { code: 'CLAIM_OPEN' } });
    expect(await commandLine(stack, 'reopen', delivered, {}, reason)).toMatchObject({ ok: false, error: { code: 'CLAIM_OPEN' } });
    expect(await listedLine(stack, shipped)).toMatchObject({ allowedCommands: ['deliver', 'correct-waybill'] });
    expect(await listedLine(stack, delivered)).toMatchObject({ allowedCommands: [] });
    for (const line of [shipped, delivered]) await claim(line, 'release-claim', 'P1');
    expect(await commandLine(stack, 'undo', shipped, {}, reason)).toMatchObject({ ok: true, state: 'released' });
    expect(await commandLine(stack, 'reopen', delivered, {}, reason)).toMatchObject({ ok: true, state: 'shipped' });
  });

  test('two claims racing for the last piece: one gets it', async () => {
    const line = await placeIn(stack, 'delivered', { quantity: 1 });
    const results = await Promise.all(['P1', 'P2', 'P3'].map((pickupNo) => claim(line, 'reserve-claim', pickupNo, 1)));
    expect(results.filter((result) => result === 'NOT_CLAIMABLE')).toHaveLength(2);
    expect(Object.keys((await storedRow(stack, line)).claims as object)).toHaveLength(1);
  });
});

describe('machine only', () => {
  test.each(['reserve-claim', 'release-claim', 'settle-return', 'settle-exchange', 'cancel', 'track'])(
    '%s has no back-office route',
    async (name) => {
      const line = await placeIn(stack, 'delivered');
      const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] };
      expect((await stack.post(`/api/bo/v1/delivery-lines/${name}`, body)).status).toBe(404);
    },
  );

  test('an admin who sends one all the same is refused', async () => {
    const line = await placeIn(stack, 'delivered');
    for (const name of ['reserve-claim', 'release-claim', 'settle-return'])
      expect(await claim(line, name, 'P1', 1, { actor: 'admin' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await storedRow(stack, line)).toMatchObject({ revision: 5, claims: {} });
  });

  test.each(['ordered', 'released', 'awaitingShipment'] as const)(
    'a claim on a line that is %s is NOT_CLAIMABLE',
    async (state) => {
      expect(await claim(await placeIn(stack, state), 'reserve-claim', 'P1', 1)).toBe('NOT_CLAIMABLE');
    },
  );
});
