import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, type PlacedLine, placeIn, storedHistory, take } from '../../support/scenes/orders.ts';
import {
  claimBody,
  claimedOn,
  commandPickup,
  openClaim,
  pickupOf,
  postClaim,
  SHIPPED,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { conditional, feeLine, orderWithFees, placeWithPolicy } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function splitOff(line: PlacedLine, quantity: number, name = 'split', more: object = {}): Promise<PlacedLine> {
  const { newLine } = await commandLine(stack, name, line, { quantity }, more);
  return { orderNo: line.orderNo, deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
}
const partOf = ({ deliveryNo, lineNo }: PlacedLine, quantity: number) => ({ deliveryNo, lineNo, quantity });

describe('a claim of a split line', () => {
  /** Five in two parcels: two delivered, three on their way. */
  async function twoParcels() {
    const line = await placeIn(stack, 'released', { quantity: 5 });
    const part = await splitOff(line, 2);
    await take(stack, line, ['ship']);
    await take(stack, part, ['ship', 'deliver']);
    return { line, part };
  }

  test('delivered first: a pickup for each parcel concerned, items under the lineNo asked', async () => {
    const { line, part } = await twoParcels();
    const { status, body } = await postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 4 }]));
    expect(status).toBe(201);
    const items = body.pickups.map(({ deliveryNo, items }: { deliveryNo: string; items: object[] }) => [deliveryNo, items]);
    expect(new Map(items)).toEqual(
      new Map([
        [line.deliveryNo, [{ lineNo: 1, quantity: 2, parts: [partOf(line, 2)] }]],
        [part.deliveryNo, [{ lineNo: 1, quantity: 2, parts: [partOf(part, 2)] }]],
      ]),
    );
    const more = await postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 2 }]));
    expect(more).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } });
    expect(await postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 1 }]))).toMatchObject({
      status: 201,
    });
  });

  test('of what is delivered alone, the other parcel hears nothing; the same claim again is the same', async () => {
    const { line, part } = await twoParcels();
    const claim = claimBody('exchange', line.orderNo, [{ lineNo: 1, quantity: 1 }]);
    const [first, again] = [await postClaim(stack, claim), await postClaim(stack, claim)];
    expect(first.body.pickups).toMatchObject([{ deliveryNo: part.deliveryNo, items: [{ lineNo: 1, quantity: 1 }] }]);
    expect(again).toMatchObject({ status: 200, body: first.body });
    const { pickupNo } = first.body.pickups[0];
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const items = [{ lineNo: part.lineNo, restock: 1, dispose: 0 }];
    expect(await commandPickup(stack, 'complete', pickupNo, { items })).toMatchObject({ ok: true });
    expect((await storedHistory(stack, line)).map(({ command }) => command)).not.toContain('reserve-claim');
    expect(await claimedOn(stack, part, 'exchanged')).toBe(1);
  });

  test('two claims at once share what the parts have, or one is told to try again; nothing is held in vain', async () => {
    const { line, part } = await twoParcels();
    const send = () => postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 2 }]));
    const answers = await Promise.all([send(), send(), send()]);
    const taken = answers.filter(({ status }) => status === 201).length;
    for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('NOT_CLAIMABLE');
    expect(taken).toBeGreaterThan(0);
    expect((await claimedOn(stack, line)) + (await claimedOn(stack, part))).toBe(2 * taken);
    for (let left = 5 - 2 * taken; left > 0; left--)
      expect(await postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 1 }]))).toMatchObject({
        status: 201,
      });
  });

  test('the fee of what is left counts the line with all its parts', async () => {
    const [placeNo] = await placeWithPolicy(stack, conditional, {});
    const { lineOf } = await orderWithFees(stack, [{ ...feeLine(placeNo), quantity: 2 }]);
    const line = lineOf(1);
    const part = await splitOff(line, 1);
    for (const each of [line, part])
      await take(stack, each, each === line ? SHIPPED : ['instruct', 'release', 'ship', 'deliver']);
    const pickupNo = await openClaim(stack, 'return', line, 1, { reasonCode: 'CHANGE_OF_MIND' });
    expect((await pickupOf(stack, pickupNo)).returnFee).toMatchObject({ amount: 2_500, feeBefore: 0, feeAfter: 2_500 });
  });
});
