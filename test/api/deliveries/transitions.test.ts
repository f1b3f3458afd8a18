import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type State, states, typedTable } from '../../support/scenes/line.ts';
import {
  cancel,
  command,
  delayNotice,
  listedLine,
  type PlacedLine,
  pathTo,
  placeOrder,
  storedHistory,
  storedRow,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Every command that HTTP has, and where; the batch's 배송완료 is the order side's. */
const sent = {
  instruct: 'instruct',
  release: 'release',
  ship: 'ship',
  deliver: 'deliver',
  'report-stockout': 'report-stockout',
  'clear-stockout': 'clear-stockout',
  'notify-delay': 'notify-delay',
  'correct-waybill': 'correct-waybill',
  undo: 'undo',
  reopen: 'reopen',
  cancel: 'cancel',
  배송완료지시배치: 'deliver',
} as const;
type Sent = keyof typeof sent;
const pairs = states.flatMap((state) => (Object.keys(sent) as Sent[]).map((name) => [state, name] as const));
const ruleOf = (name: Sent) => {
  const rule = typedTable[sent[name]];
  if (!rule) throw new Error(name);
  return rule;
};
const isAllowed = (state: State, name: Sent) => ruleOf(name).to[state] !== undefined;

let stack: Stack;
/** One line per state for everything it refuses, and one for each command it allows. */
const lines = new Map<string, PlacedLine>();
const keyOf = (state: State, name: Sent) => (isAllowed(state, name) ? `${state} ${name}` : state);

/** Takes many lines along their states' paths, one call per step. */
async function takeAll(all: [State, PlacedLine][]) {
  for (let step = 0; step < 4; step++) {
    const next = Map.groupBy(all, ([state]) => (state === 'canceled' ? undefined : pathTo[state][step]));
    for (const [name, those] of next) {
      if (name === undefined) continue;
      const asked = those.map(([, { deliveryNo, lineNo }]) => ({
        deliveryNo,
        lineNo,
        carrierCode: '04',
        waybillNo: uniqueWaybill(),
      }));
      const { body } = await command(stack, name, asked, { reason: '시험' });
      expect(body).toMatchObject({ succeeded: those.length, failed: 0 });
    }
  }
}

beforeAll(async () => {
  stack = await startStack();
  const keys = [...new Set(pairs.map(([state, name]) => keyOf(state, name)))];
  const placed = await placeOrder(
    stack,
    keys.map(() => ({})),
  );
  const all = keys.map((key, at): [State, PlacedLine] => {
    const line = placed[at] as PlacedLine;
    lines.set(key, line);
    return [key.split(' ')[0] as State, line];
  });
  await takeAll(all);
  const canceled = all.filter(([state]) => state === 'canceled').map(([, line]) => line);
  expect((await cancel(stack, canceled)).body.failed).toBe(0);
});
afterAll(() => stack.stop());

/** Sends the command with all it needs and answers the line's result, also where the whole is a 409. */
async function send(name: Sent, line: PlacedLine) {
  const target = { deliveryNo: line.deliveryNo, lineNo: line.lineNo, carrierCode: '05', waybillNo: uniqueWaybill() };
  if (name === 'cancel') {
    const { status, body } = await cancel(stack, [line]);
    return status === 409 ? { ok: false, error: body } : body.results[0];
  }
  const { status, body } =
    name === '배송완료지시배치'
      ? await stack.post('/api/order/v1/delivery-lines/deliver', { lines: [target], reason: '시험' })
      : await command(stack, name, [target], { reason: '시험', ...(name === 'notify-delay' ? delayNotice() : {}) });
  expect(status).toBe(200);
  return body.results[0];
}

describe('a command the table allows is done', () => {
  test.each(pairs.filter(([state, name]) => isAllowed(state, name)))('%s × %s', async (state, name) => {
    const line = lines.get(keyOf(state, name)) as PlacedLine;
    const before = await storedRow(stack, line);
    expect(before.state).toBe(state);
    const to = ruleOf(name).to[state];
    const revision = before.revision + 1;
    expect(await send(name, line)).toMatchObject({ ok: true, state: to, revision });
    expect(await storedRow(stack, line)).toMatchObject({ state: to, revision });
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: sent[name], revision, refused: null });
    if (to === 'canceled') expect(await listedLine(stack, line)).toBeUndefined();
    else expect(await listedLine(stack, line)).toMatchObject({ state: to, revision });
  });
});

describe('every other is refused and changes nothing', () => {
  test.each(pairs.filter(([state, name]) => !isAllowed(state, name)))('%s × %s', async (state, name) => {
    const line = lines.get(state) as PlacedLine;
    const [before, history] = [await storedRow(stack, line), await storedHistory(stack, line)];
    expect(before.state).toBe(state);
    const code = state === 'canceled' ? 'LINE_FINISHED' : (ruleOf(name).elsewhere?.[state] ?? 'TRANSITION_NOT_ALLOWED');
    expect(await send(name, line)).toMatchObject({ ok: false, error: { code } });
    expect(await storedRow(stack, line)).toEqual(before);
    expect(await storedHistory(stack, line)).toEqual(history);
  });
});
