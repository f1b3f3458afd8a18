import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, listedLine, type PlacedLine } from '../../support/scenes/orders.ts';
import {
  finishedStates,
  type PickupState,
  pickupStateNames,
  pickupStates,
  typedPickupTable,
} from '../../support/scenes/pickup.ts';
import {
  claimBody,
  claimedOn,
  claimsOn,
  commandPickup,
  commandPickups,
  DELIVERED,
  orderLinesOf,
  pickupIn,
  pickupOf,
  pickupPathTo,
  placedLine,
  postClaim,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** `held` is confirmed with its flag. */
type Where = PickupState | 'held';
const places: Where[] = [...pickupStates, 'held'];
const stateOf = (where: Where): PickupState => (where === 'held' ? 'confirmed' : where);
/** Every command that HTTP has; 접수철회 is also the order side's 반품취소·교환취소. */
const sent = [...Object.keys(typedPickupTable), '교환취소'];
const ruleOf = (name: string) => {
  const rule = typedPickupTable[name === '교환취소' ? 'withdraw' : name];
  if (!rule) throw new Error(name);
  return rule;
};

/** The code that the table refuses this with, or null where it allows it. */
function refusalOf(where: Where, name: string): string | null {
  if (finishedStates.includes(stateOf(where))) return 'PICKUP_FINISHED';
  if (ruleOf(name).to[stateOf(where)] === undefined) return 'TRANSITION_NOT_ALLOWED';
  if (where === 'held') return { complete: 'PICKUP_HELD', hold: 'TRANSITION_NOT_ALLOWED' }[name] ?? null;
  return name === 'resume' ? 'TRANSITION_NOT_ALLOWED' : null;
}
const pairs = places.flatMap((where) => sent.map((name) => [where, name] as const));
const allowed = pairs.filter(([where, name]) => refusalOf(where, name) === null);
const refused = pairs.filter(([where, name]) => refusalOf(where, name) !== null);

const reason = '고객 요청';
const linesOf = (line: PlacedLine) => orderLinesOf(stack, line);
let stack: Stack;
let line: PlacedLine;
/** One pickup per place for everything it refuses, and one for each command it allows. */
const keyOf = (where: Where, name: string) => (refusalOf(where, name) === null ? `${where} ${name}` : where);
const pickups = new Map<string, { pickupNo: string; claimNo: string }>();
const pickupAt = (where: Where, name: string) => {
  const found = pickups.get(keyOf(where, name));
  if (!found) throw new Error(`${where} ${name}`);
  return found;
};

/** Takes many pickups along their places' paths, one call per step. */
async function takeAll(all: [Where, string][]) {
  for (let step = 0; step < 3; step++) {
    const next = Map.groupBy(all, ([where]) => pickupPathTo[where][step]);
    for (const [name, those] of next) {
      if (name === undefined) continue;
      const asked = those.map(([, pickupNo]) => ({ pickupNo }));
      const { body } = await commandPickups(stack, name, asked, { reason: '시험' });
      expect(body).toMatchObject({ succeeded: those.length, failed: 0 });
    }
  }
}

beforeAll(async () => {
  stack = await startStack();
  line = await placedLine(stack, undefined, { quantity: 50 });
  for (const key of new Set(pairs.map(([where, name]) => keyOf(where, name)))) {
    const kind = key.endsWith(' convert-to-exchange') ? 'return' : 'exchange';
    const body = claimBody(kind, line.orderNo, [{ lineNo: 1, quantity: 1 }]);
    const answer = await postClaim(stack, body);
    pickups.set(key, { claimNo: body.claimNo, pickupNo: answer.body.pickups[0].pickupNo });
  }
  await takeAll([...pickups].map(([key, { pickupNo }]) => [key.split(' ')[0] as Where, pickupNo]));
});
afterAll(() => stack.stop());

/** Sends the command with all it needs and answers the pickup's result, also where the whole is a 409. */
async function send(name: string, { pickupNo, claimNo }: { pickupNo: string; claimNo: string }) {
  const { status, body } =
    name === '교환취소'
      ? await stack.post(`/api/order/v1/claims/${claimNo}/withdraw`, { reason: '시험' })
      : await commandPickups(stack, name, [{ pickupNo }], { reason: '시험' });
  expect([status, body.code]).toEqual(status === 409 ? [409, 'TRANSITION_NOT_ALLOWED'] : [200, undefined]);
  return body.results[0];
}

describe('every other is refused and changes nothing', () => {
  test.each(refused)('%s × %s', async (where, name) => {
    const pickup = pickupAt(where, name);
    const before = await storedPickup(stack, pickup.pickupNo);
    const held = await claimedOn(stack, line);
    expect([before.row.state, before.row.held]).toEqual([stateOf(where), where === 'held']);
    expect(await send(name, pickup)).toMatchObject({ ok: false, error: { code: refusalOf(where, name) } });
    expect(await storedPickup(stack, pickup.pickupNo)).toEqual(before);
    expect(await claimedOn(stack, line)).toBe(held);
  });
});

describe('a command the table allows is done', () => {
  test.each(allowed)('%s × %s', async (where, name) => {
    const pickup = pickupAt(where, name);
    const before = await storedPickup(stack, pickup.pickupNo);
    const held = await claimedOn(stack, line);
    const to = ruleOf(name).to[stateOf(where)] as PickupState;
    const revision = before.row.revision + 1;
    const kind = name === 'convert-to-return' ? 'return' : 'exchange';
    const stateName = pickupStateNames[to][kind];
    expect(await send(name, pickup)).toMatchObject({ ok: true, state: to, stateName, kind, revision });
    expect(await pickupOf(stack, pickup.pickupNo)).toMatchObject({ state: to, stateName, kind, revision });
    const { history } = await storedPickup(stack, pickup.pickupNo);
    const command = name === '교환취소' ? 'withdraw' : name;
    expect(history.at(-1)).toEqual({ command, revision, refused: null, by: 'kim', reason: '시험' });
    // A finished one holds no quantity of the line any more.
    expect(await claimedOn(stack, line)).toBe(finishedStates.includes(to) ? held - 1 : held);
  });
});

describe('all but resume with `reason`', () => {
  test.each([
    ['requested', 'withdraw'],
    ['confirmed', 'convert-to-return'],
    ['confirmed', 'convert-to-exchange'],
    ['confirmed', 'refuse'],
    ['confirmed', 'hold'],
  ] as const)('%s × %s without one is REASON_REQUIRED', async (state, command) => {
    const kind = command === 'convert-to-exchange' ? 'return' : 'exchange';
    const pickupNo = await pickupIn(stack, state, line, kind);
    const before = await storedPickup(stack, pickupNo);
    for (const more of [{}, { reason: null }, { reason: '  ' }])
      expect(await commandPickup(stack, command, pickupNo, {}, more)).toMatchObject({
        ok: false,
        error: { code: 'REASON_REQUIRED', title: '사유가 필요합니다' },
      });
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
    expect(await commandPickup(stack, command, pickupNo, {}, { reason })).toMatchObject({ ok: true });
    expect((await pickupOf(stack, pickupNo)).history.at(-1)).toMatchObject({ command, reason, by: 'kim' });
  });

  test('보류 shows its reason until 보류해제, which needs none; held twice and resumed twice are refused', async () => {
    const pickupNo = await pickupIn(stack, 'confirmed', line);
    const notAllowed = { ok: false, error: { code: 'TRANSITION_NOT_ALLOWED' } };
    expect(await commandPickup(stack, 'resume', pickupNo)).toMatchObject(notAllowed);
    expect(await commandPickup(stack, 'hold', pickupNo, {}, { reason })).toMatchObject({ ok: true, state: 'confirmed' });
    expect(await commandPickup(stack, 'hold', pickupNo, {}, { reason: '다른 사유' })).toMatchObject(notAllowed);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ held: true, holdReason: reason });
    expect(await commandPickup(stack, 'resume', pickupNo)).toMatchObject({ ok: true });
    expect(await commandPickup(stack, 'resume', pickupNo)).toMatchObject(notAllowed);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ held: false, holdReason: null, revision: 5 });
    await takePickup(stack, pickupNo, ['complete']);
  });
});

describe('a refused or withdrawn one gives the claimed quantity back and notes that the goods go back to the buyer', () => {
  test.each(['refused', 'withdrawn'] as const)('%s', async (state) => {
    const line = await placedLine(stack, DELIVERED, { quantity: 1 });
    const pickupNo = await pickupIn(stack, state, line, 'exchange');
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      state,
      returnsToBuyer: true,
      completedAt: null,
      exchangeDeliveryNo: null,
      items: [{ restock: null, dispose: null }],
    });
    expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'released' } });
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 1 });
    expect(await linesOf(line)).toHaveLength(1);
    expect(await commandLine(stack, 'reopen', line, {}, { reason: '시험' })).toMatchObject({ ok: true });
  });
});
