import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import { type DeliveryLine, lineOutcome, validQuantity } from '../../../domain/deliveries/line.ts';
import { allowedDeliveryCommands, decideDelivery } from '../../../domain/deliveries/machine.ts';
import { partOf } from '../../../domain/deliveries/split.ts';
import { lineIn } from '../../support/scenes/line.ts';

const AT = '2026-11-23T09:00:00.000Z';
const unshipped = ['ordered', 'instructed', 'released', 'awaitingShipment'] as const;
const parcel = { carrierCode: '04', waybillNo: '681234567890' };

const decide = (line: DeliveryLine, command: DeliveryCommand, input: DeliveryInput = {}) =>
  decideDelivery(line, command, { actor: command === 'absorb' ? 'machine' : 'admin', hasReason: true, ...input }, AT);
/** The line and its part after a command that must succeed. */
function done(line: DeliveryLine, command: DeliveryCommand, input: DeliveryInput) {
  const decision = decide(line, command, input);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  return { line: decision.next, part: partOf(line, command, input) };
}
const code = (line: DeliveryLine, command: DeliveryCommand, input: DeliveryInput = {}) => {
  const decision = decide(line, command, input);
  return decision.ok ? 'ok' : decision.code;
};

describe('분할', () => {
  test.each(unshipped)('of a line in %s: both stay there, and the part has come the same way', (state) => {
    const whole = lineIn(state, { delayExpectedOn: '2026-12-01', delayReasonCode: 'STOCK', delayNoticedAt: AT, canceled: 1 });
    const { line, part } = done({ ...whole, quantity: 6 }, 'split', { quantity: 2 });
    expect(line).toEqual({ ...whole, quantity: 4, revision: 8 });
    const { deliveryNo, lineNo, ...same } = whole;
    const own = { quantity: 2, canceled: 0, revision: 1, splitFrom: { deliveryNo, lineNo } };
    expect(part).toEqual({ ...same, ...own });
  });

  test.each([0, -1, 3, 4, 1.5, Number.NaN, undefined])('%p of three is QUANTITY_EXCEEDED', (quantity) => {
    expect(code(lineIn('ordered'), 'split', { quantity })).toBe('QUANTITY_EXCEEDED');
  });

  test('a line of one cannot be split, and its button is not shown; a canceled piece does not count', () => {
    for (const line of [lineIn('released', { quantity: 1 }), lineIn('released', { canceled: 2 })]) {
      expect(code(line, 'split', { quantity: 1 })).toBe('QUANTITY_EXCEEDED');
      expect(allowedDeliveryCommands(line)).not.toContain('split');
    }
  });

  test('what an exchange was sent for stays with its line', () => {
    const line = lineIn('released', { claims: { P1: { quantity: 2, status: 'exchanged' } } });
    expect(code(line, 'split', { quantity: 2 })).toBe('QUANTITY_EXCEEDED');
    expect(code(line, 'split', { quantity: 1 })).toBe('ok');
    expect(code(line, 'ship', { ...parcel, quantity: 1 })).toBe('QUANTITY_EXCEEDED');
    expect(code(line, 'ship', { ...parcel, quantity: 2 })).toBe('ok');
  });
});

describe('출고완료 and 결품등록 of a part', () => {
  test('출고완료: the line leaves with the quantity named, the rest stays 출고지시', () => {
    const { line, part } = done(lineIn('released'), 'ship', { ...parcel, quantity: 2 });
    expect(line).toMatchObject({ state: 'shipped', quantity: 2, ...parcel });
    expect(part).toMatchObject({ state: 'released', quantity: 1, carrierCode: null, waybillNo: null, shippedAt: null });
  });

  test('결품등록: the missing part waits, the line stays 출고지시 and its own', () => {
    const { line, part } = done(lineIn('released'), 'report-stockout', { quantity: 1, expectedAt: AT, autoClear: false });
    expect(line).toEqual({ ...lineIn('released'), quantity: 2, revision: 8 });
    expect(part).toMatchObject({ state: 'awaitingShipment', quantity: 1, stockoutExpectedAt: AT, autoClear: false });
  });

  test.each(['ship', 'report-stockout'] as const)('%s of the whole quantity is as without one', (command) => {
    const { line, part } = done(lineIn('released'), command, { ...parcel, quantity: 3 });
    expect(line).toEqual(done(lineIn('released'), command, parcel).line);
    expect(part).toBeNull();
  });

  test.each([0, -1, 4, 1.5, Number.NaN])('%p of three is QUANTITY_EXCEEDED', (quantity) => {
    for (const command of ['ship', 'report-stockout'] as const)
      expect(code(lineIn('released'), command, { ...parcel, quantity })).toBe('QUANTITY_EXCEEDED');
  });
});

describe('분할취소', () => {
  const parent = lineIn('released');
  const part = lineIn('released', { deliveryNo: 'D261123000002', lineNo: 2, quantity: 2, splitFrom: parent });
  const { line: ended } = done(part, 'merge', {});

  test('the part ends, nothing of it is left, and its line takes it back', () => {
    expect(ended).toEqual({ ...part, revision: 8, quantity: 0, finishedAt: AT });
    const { line } = done(parent, 'absorb', { quantity: 2, part: ended });
    expect(line).toEqual({ ...parent, quantity: 5, revision: 8 });
  });

  test('MERGE_NOT_POSSIBLE: no part, another state, another line’s part, not whole, shipped', () => {
    expect(code(parent, 'merge')).toBe('MERGE_NOT_POSSIBLE');
    for (const state of unshipped)
      expect(code(lineIn(state), 'absorb', { quantity: 2, part: ended })).toBe(
        state === 'released' ? 'ok' : 'MERGE_NOT_POSSIBLE',
      );
    const stranger = { ...ended, splitFrom: { deliveryNo: parent.deliveryNo, lineNo: 9 } };
    for (const wrong of [stranger, part, undefined])
      expect(code(parent, 'absorb', { quantity: 2, part: wrong })).toBe('MERGE_NOT_POSSIBLE');
    for (const state of ['shipped', 'delivered'] as const) {
      expect(code(lineIn(state, { splitFrom: parent }), 'merge')).toBe('MERGE_NOT_POSSIBLE');
      expect(code(lineIn(state), 'absorb', { quantity: 2, part: { ...ended, state } })).toBe('MERGE_NOT_POSSIBLE');
    }
    expect(code({ ...part, claims: { P1: { quantity: 1, status: 'exchanged' } } }, 'merge')).toBe('MERGE_NOT_POSSIBLE');
    expect(allowedDeliveryCommands(part)).toContain('merge');
    expect(allowedDeliveryCommands(parent)).not.toContain('merge');
  });
});

test('a command’s outcome names what it has split off; the next one’s does not', () => {
  const newLine = { deliveryNo: 'D2', lineNo: 2, state: 'released', validQuantity: 1 } as const;
  const line = lineIn('released', { lastSplit: { revision: 7, ...newLine } });
  expect(lineOutcome(line)).toEqual({ state: 'released', revision: 7, validQuantity: 3, newLine });
  expect(lineOutcome({ ...line, revision: 8 })).toEqual({ state: 'released', revision: 8, validQuantity: 3 });
});

test('splitting and merging never change what is valid over all parts of a line; only canceling does', () => {
  const step = record({
    command: constantFrom<DeliveryCommand>(
      'instruct',
      'release',
      'ship',
      'report-stockout',
      'split',
      'split',
      'merge',
      'undo',
      'cancel',
    ),
    which: nat(),
    quantity: integer({ min: 0, max: 4 }),
    again: constantFrom(true, false),
  });
  const met = new Set<string>();
  void assert(
    property(integer({ min: 1, max: 9 }), array(step, { minLength: 20, maxLength: 60 }), (quantity, steps) => {
      let lines = [lineIn('ordered', { quantity, revision: 1 })];
      let canceled = 0;
      for (const { command, which, quantity: some, again } of steps) {
        const line = lines[which % lines.length] as DeliveryLine;
        const isWhole = again && (command === 'ship' || command === 'report-stockout');
        const input = { ...parcel, ...(isWhole ? {} : { quantity: some }) };
        const decision = decideDelivery(
          line,
          command,
          { ...input, actor: command === 'cancel' ? 'order' : 'admin', hasReason: true },
          AT,
        );
        if (!decision.ok) continue;
        const others = lines.filter((each) => each !== line);
        if (command === 'merge') {
          const { splitFrom } = line;
          const parent = others.find(
            ({ deliveryNo, lineNo }) => deliveryNo === splitFrom?.deliveryNo && lineNo === splitFrom.lineNo,
          );
          const taken = decide(parent as DeliveryLine, 'absorb', { quantity: validQuantity(line), part: decision.next });
          if (!taken.ok) continue;
          lines = [...others.filter((each) => each !== parent), taken.next, decision.next];
        } else {
          const part = partOf(line, command, input);
          const numbers = { deliveryNo: `D${lines.length + 1}`, lineNo: lines.length + 1 };
          lines = [...others, decision.next, ...(part ? [{ ...numbers, ...part }] : [])];
          if (part) met.add(`${command} in part`);
        }
        if (command === 'cancel') canceled += some;
        met.add(command);
        const sum = (of: (each: DeliveryLine) => number) => lines.reduce((all, each) => all + of(each), 0);
        expect([sum(validQuantity), sum((each) => each.quantity)]).toEqual([quantity - canceled, quantity]);
      }
    }),
    { numRuns: 1_600 },
  );
  expect([...met].sort()).toEqual([
    'cancel',
    'instruct',
    'merge',
    'release',
    'report-stockout',
    'report-stockout in part',
    'ship',
    'ship in part',
    'split',
    'split in part',
    'undo',
  ]);
});
