import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { rewritePickup } from '../../../db/record/pickup.ts';
import type { Pickup } from '../../../domain/pickups/pickup.ts';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { heldBy } from '../../support/scenes/faults.ts';
import { listedLine, unique } from '../../support/scenes/orders.ts';
import {
  claimBody,
  claimsOn,
  commandPickup,
  commandPickups,
  DELIVERED,
  orderLinesOf,
  pickupHistory,
  pickupIn,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const beige = { productId: 50_001, productName: '캠핑 의자', optionName: '베이지' };
const reason = '고객 요청';
const convert = (pickupNo: string, ...items: object[]) =>
  commandPickup(stack, 'convert-to-exchange', pickupNo, items.length > 0 ? { items } : {}, { reason });
const handleOf = (pickupNo: string) => stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));

/** A confirmed return of two lines, and the lines. */
async function confirmedReturn() {
  const lines = await placeAndTake(stack, DELIVERED, [{ productId: 11 }, { productId: 22 }]);
  const asked = lines.map(({ lineNo }) => ({ lineNo, quantity: 1 }));
  const { pickupNo } = (await postClaim(stack, claimBody('return', lines[0]?.orderNo ?? '', asked))).body.pickups[0];
  await takePickup(stack, pickupNo, ['instruct', 'confirm']);
  return { lines, pickupNo };
}

describe('반품중교환', () => {
  test('sends what was named, the same product where none was, and takes nothing off the lines', async () => {
    const { lines, pickupNo } = await confirmedReturn();
    expect(await convert(pickupNo, { lineNo: 2, exchangeTo: beige })).toMatchObject({ ok: true, kind: 'exchange', revision: 4 });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      kind: 'exchange',
      state: 'confirmed',
      convertedFromExchange: false,
      convertedFromReturn: true,
      items: [{ exchangeTo: null }, { exchangeTo: beige }],
      allowedCommands: ['complete', 'convert-to-return', 'refuse', 'hold'],
    });
    expect((await storedPickup(stack, pickupNo)).history.at(-1)).toMatchObject({
      command: 'convert-to-exchange',
      by: 'kim',
      reason,
    });
    const { exchangeDeliveryNo } = await commandPickup(stack, 'complete', pickupNo);
    const sent = (await stack.get(`/api/bo/v1/deliveries/${exchangeDeliveryNo}`)).body.lines;
    expect(sent).toMatchObject([
      { lineNo: 3, kind: 'exchange', productId: 11, optionName: '카키', quantity: 1 },
      { lineNo: 4, kind: 'exchange', ...beige, quantity: 1 },
    ]);
    for (const line of lines) {
      expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'exchanged' } });
      expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 2 });
    }
  });

  test('each way once: an exchange turned back is for what is said then, and turns no third time', async () => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange', { exchangeTo: beige });
    await takePickup(stack, pickupNo, ['convert-to-return']);
    expect(await convert(pickupNo)).toMatchObject({ ok: true, kind: 'exchange' });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      convertedFromExchange: true,
      convertedFromReturn: true,
      items: [{ exchangeTo: null }],
      allowedCommands: ['complete', 'refuse', 'hold'],
    });
    const before = await storedPickup(stack, pickupNo);
    const notAllowed = { ok: false, error: { code: 'TRANSITION_NOT_ALLOWED' } };
    expect(await commandPickup(stack, 'convert-to-return', pickupNo, {}, { reason })).toMatchObject(notAllowed);
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
    await takePickup(stack, pickupNo, ['complete']);
    expect((await orderLinesOf(stack, line)).map(({ kind, product_id }) => [kind, product_id])).toEqual([
      ['order', 43_897],
      ['exchange', 43_897],
    ]);
  });

  test.each([
    ['return', 'convert-to-return', 'KIND_NOT_EXCHANGE', '교환 회수가 아닙니다'],
    ['exchange', 'convert-to-exchange', 'KIND_NOT_RETURN', '반품 회수가 아닙니다'],
  ] as const)('of kind %s: %s is %s, and changes nothing', async (kind, command, code, title) => {
    const pickupNo = await pickupIn(stack, 'confirmed', await placedLine(stack), kind);
    const before = await storedPickup(stack, pickupNo);
    const result = await commandPickup(stack, command, pickupNo, {}, { reason });
    expect(result).toMatchObject({ ok: false, error: { code, title } });
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
  });

  test('a line that is not in it is LINE_NOT_FOUND; what no one can mean is 400, before anything happens', async () => {
    const { pickupNo } = await confirmedReturn();
    const before = await storedPickup(stack, pickupNo);
    const exchangeTo = { productId: 1, productName: '의자' };
    const unknown = await convert(pickupNo, { lineNo: 1, exchangeTo }, { lineNo: 3, exchangeTo });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'LINE_NOT_FOUND' } });
    for (const [path, pickups] of [
      ['pickups.0.items.1.lineNo', [{ pickupNo, items: [{ lineNo: 1 }, { lineNo: 1, exchangeTo }] }]],
      ['pickups.0.items.0.exchangeTo.productName', [{ pickupNo, items: [{ lineNo: 1, exchangeTo: { productId: 1 } }] }]],
      ['pickups.1.pickupNo', [{ pickupNo }, { pickupNo }]],
    ] as const) {
      const { status, body } = await commandPickups(stack, 'convert-to-exchange', [...pickups], { reason });
      expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ path }] });
    }
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
  });

  test('a repeat under its key is told the same, whatever has become of the pickup', async () => {
    const { pickupNo } = await confirmedReturn();
    const key = { 'idempotency-key': unique('key') };
    const asked = [{ pickupNo, items: [{ lineNo: 1, exchangeTo: beige }] }];
    const first = await commandPickups(stack, 'convert-to-exchange', asked, { reason }, key);
    await takePickup(stack, pickupNo, ['convert-to-return', 'complete']);
    const again = await commandPickups(stack, 'convert-to-exchange', asked, { reason }, key);
    expect(again.body).toEqual(first.body);
    expect(await pickupHistory(stack, pickupNo)).toHaveLength(6);
  });

  test('nobody waits for it: Prefer: respond-async names products too, a signal by hand can only mean the same ones', async () => {
    const [{ pickupNo: mine }, { pickupNo: byHand }] = [await confirmedReturn(), await confirmedReturn()];
    const asked = [{ pickupNo: mine, items: [{ lineNo: 1, exchangeTo: beige }] }];
    const answer = await commandPickups(stack, 'convert-to-exchange', asked, { reason }, { prefer: 'respond-async' });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    await eventually(async () => (await pickupOf(stack, mine)).kind === 'exchange');
    expect((await pickupOf(stack, mine)).items).toMatchObject([{ exchangeTo: beige }, { exchangeTo: null }]);

    const signal = { command: 'convert-to-exchange', actor: 'admin', hasReason: true };
    const named = { exchanges: [{ lineNo: 1, exchangeProductId: 7 }] };
    await handleOf(byHand).signal('submit', { ...signal, ...named, requestId: unique('R') });
    await handleOf(byHand).signal('submit', { ...signal, requestId: unique('R') });
    await eventually(async () => (await pickupOf(stack, byHand)).kind === 'exchange');
    expect((await pickupHistory(stack, byHand)).slice(3)).toEqual(['convert-to-exchange: BAD_REQUEST', 'convert-to-exchange']);
    expect((await pickupOf(stack, byHand)).items).toMatchObject([{ exchangeTo: null }, { exchangeTo: null }]);
  });

  test('a repair writes what was named again, and names the claim’s own where the conversion counts no more', async () => {
    const pickupNo = await pickupIn(stack, 'confirmed', await placedLine(stack), 'exchange', { exchangeTo: beige });
    await takePickup(stack, pickupNo, ['convert-to-return']);
    const before = await heldBy<Pickup>(stack, pickupWorkflowId(pickupNo));
    const black = { productId: 50_002, productName: '캠핑 의자', optionName: '검정' };
    await convert(pickupNo, { lineNo: 1, exchangeTo: black });
    const after = await heldBy<Pickup>(stack, pickupWorkflowId(pickupNo));
    await stack.db.query(sql`delete from requests where answered_at is not null`);
    await stack.db.query(
      sql`update pickup_items set converted_product_id = null, converted_product_name = null where pickup_no = ${pickupNo}`,
    );
    await stack.db.transaction((query) => rewritePickup(query, after));
    expect((await pickupOf(stack, pickupNo)).items).toMatchObject([{ exchangeTo: black }]);
    await stack.db.transaction((query) => rewritePickup(query, before));
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ kind: 'return', items: [{ exchangeTo: beige }] });
  });
});
