import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import { type DeliveryLine, validQuantity } from '../../../domain/deliveries/line.ts';
import { decideDelivery } from '../../../domain/deliveries/machine.ts';
import { partOf } from '../../../domain/deliveries/split.ts';
import {
  cancellationOrder,
  cancellationRefusal,
  claimOrder,
  giveableQuantity,
  type PartQuantity,
  spread,
} from '../../../domain/deliveries/spread.ts';
import { lineIn, type State } from '../../support/scenes/line.ts';

const AT = '2026-11-23T09:00:00.000Z';
const parcel = { carrierCode: '04', waybillNo: '681234567890' };
const actors: Partial<Record<DeliveryCommand, 'order' | 'machine'>> = {
  cancel: 'order',
  absorb: 'machine',
  'reserve-claim': 'machine',
  'settle-return': 'machine',
  'release-claim': 'machine',
};
const decide = (line: DeliveryLine, command: DeliveryCommand, input: DeliveryInput = {}) =>
  decideDelivery(line, command, { actor: actors[command] ?? 'admin', hasReason: true, ...input }, AT);

/** Parts of one line in these states, numbered as they come, of so many pieces each. */
const parts = (...of: [State, number][]): DeliveryLine[] =>
  of.map(([state, quantity], at) => lineIn(state, { deliveryNo: `D${at + 1}`, lineNo: at + 1, quantity, canceled: 0 }));
const plain = (shares: PartQuantity[] | null) => shares?.map(({ lineNo, quantity }) => [lineNo, quantity]) ?? null;

describe('a quantity spread over the parts of a line', () => {
  test('a cancellation: 출고대기 first, then least far, then by number', () => {
    const line = parts(['released', 2], ['instructed', 1], ['awaitingShipment', 1], ['ordered', 1], ['instructed', 1]);
    expect(plain(spread(line, 6, cancellationOrder))).toEqual([
      [3, 1],
      [4, 1],
      [2, 1],
      [5, 1],
      [1, 2],
    ]);
    expect(plain(spread(line, 1, cancellationOrder))).toEqual([[3, 1]]);
    expect(spread(line, 7, cancellationOrder)).toBeNull();
  });

  test('a claim: delivered first; what has not left gives nothing', () => {
    const line = parts(['shipped', 2], ['released', 5], ['delivered', 1]);
    expect(plain(spread(line, 2, claimOrder))).toEqual([
      [3, 1],
      [1, 1],
    ]);
    expect([giveableQuantity(line, claimOrder), giveableQuantity(line, cancellationOrder)]).toEqual([3, 5]);
  });

  test('why a cancellation cannot be: it has left, it is too much, or all has ended', () => {
    expect(cancellationRefusal(parts(['shipped', 2], ['released', 1]), 2)).toBe('ALREADY_SHIPPED');
    expect(cancellationRefusal(parts(['shipped', 2], ['released', 1]), 4)).toBe('QUANTITY_EXCEEDED');
    expect(cancellationRefusal(parts(['ordered', 2], ['released', 1]), 4)).toBe('QUANTITY_EXCEEDED');
    const ended = parts(['ordered', 2], ['released', 1]).map((line) => ({ ...line, finishedAt: AT }));
    expect(cancellationRefusal(ended, 1)).toBe('LINE_FINISHED');
  });
});

/** An order's line with all its parts, as the order system and the operators drive it. */
class Family {
  lines: DeliveryLine[];
  canceled = 0;
  returned = 0;
  readonly open: { pickupNo: string; shares: PartQuantity[] }[] = [];
  #claims = 0;

  constructor(ordered: number) {
    this.lines = [lineIn('ordered', { deliveryNo: 'D1', lineNo: 1, quantity: ordered, revision: 1, canceled: 0 })];
  }

  /** The part's line after a command that the spread says is possible. */
  #must({ deliveryNo, lineNo }: PartQuantity, command: DeliveryCommand, input: DeliveryInput): void {
    const line = this.lines.find((each) => each.deliveryNo === deliveryNo && each.lineNo === lineNo);
    const decision = decide(line as DeliveryLine, command, input);
    if (!decision.ok) throw new Error(`${command} of ${deliveryNo}: ${decision.code}`);
    this.#replace(line as DeliveryLine, decision.next);
  }
  #replace(line: DeliveryLine, ...by: DeliveryLine[]): void {
    this.lines = [...this.lines.filter((each) => each !== line), ...by];
  }

  cancel(quantity: number): boolean {
    const shares = quantity > 0 ? spread(this.lines, quantity, cancellationOrder) : null;
    for (const share of shares ?? []) this.#must(share, 'cancel', { quantity: share.quantity });
    if (shares) this.canceled += quantity;
    return shares !== null;
  }
  claim(quantity: number): boolean {
    const shares = quantity > 0 ? spread(this.lines, quantity, claimOrder) : null;
    const pickupNo = `P${++this.#claims}`;
    for (const share of shares ?? []) this.#must(share, 'reserve-claim', { pickupNo, quantity: share.quantity });
    if (shares) this.open.push({ pickupNo, shares });
    return shares !== null;
  }
  endClaim(command: 'settle-return' | 'release-claim'): boolean {
    const claim = this.open.shift();
    for (const share of claim?.shares ?? []) {
      this.#must(share, command, { pickupNo: claim?.pickupNo });
      if (command === 'settle-return') this.returned += share.quantity;
    }
    return claim !== undefined;
  }
  merge(part: DeliveryLine): boolean {
    const parent = this.lines.find(
      ({ deliveryNo, lineNo }) => deliveryNo === part.splitFrom?.deliveryNo && lineNo === part.splitFrom.lineNo,
    );
    const ended = decide(part, 'merge');
    if (!parent || !ended.ok) return false;
    const taken = decide(parent, 'absorb', { quantity: validQuantity(part), part: ended.next });
    if (!taken.ok) return false;
    this.#replace(part, ended.next);
    this.#replace(parent, taken.next);
    return true;
  }
  step(line: DeliveryLine, command: DeliveryCommand, input: DeliveryInput): boolean {
    const decision = decide(line, command, input);
    if (!decision.ok) return false;
    const part = partOf(line, command, input);
    const numbers = { deliveryNo: `D${this.lines.length + 1}`, lineNo: this.lines.length + 1 };
    this.#replace(line, decision.next, ...(part ? [{ ...numbers, ...part }] : []));
    return true;
  }
}

test('splits, merges, cancellations, claims, returns, stockouts and undos: no piece of an order’s line comes or goes by splitting', () => {
  const met = new Set<string>();
  const plainSteps = ['instruct', 'release', 'ship', 'deliver', 'report-stockout', 'clear-stockout', 'split', 'undo'] as const;
  const orders = ['merge', 'cancel', 'claim', 'settle-return', 'release-claim'] as const;
  const step = record({
    command: constantFrom(...plainSteps, 'instruct', 'release', 'ship', 'split', ...orders),
    which: nat(),
    quantity: integer({ min: 0, max: 4 }),
    isWhole: constantFrom(true, false),
  });
  void assert(
    property(integer({ min: 1, max: 9 }), array(step, { minLength: 30, maxLength: 90 }), (ordered, steps) => {
      const family = new Family(ordered);
      for (const { command, which, quantity, isWhole } of steps) {
        const line = family.lines[which % family.lines.length] as DeliveryLine;
        const done = (() => {
          if (command === 'merge') return family.merge(line);
          if (command === 'cancel') return family.cancel(quantity);
          if (command === 'claim') return family.claim(quantity);
          if (command === 'settle-return' || command === 'release-claim') return family.endClaim(command);
          const inPart = command === 'split' || (!isWhole && (command === 'ship' || command === 'report-stockout'));
          return family.step(line, command, { ...parcel, ...(inPart ? { quantity } : {}) });
        })();
        if (done) met.add(command);
        const sum = (of: (each: DeliveryLine) => number) => family.lines.reduce((all, each) => all + of(each), 0);
        expect(sum(validQuantity)).toBe(ordered - family.canceled - family.returned);
        expect([sum((each) => each.canceled), sum((each) => each.returned)]).toEqual([family.canceled, family.returned]);
        expect(sum((each) => each.quantity)).toBe(ordered);
        for (const each of family.lines) expect(validQuantity(each)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 300 },
  );
  expect([...met].sort()).toEqual([...plainSteps, ...orders].sort());
});
