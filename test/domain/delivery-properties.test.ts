import { expect, test } from '@jest/globals';
import { array, assert, boolean, constantFrom, integer, nat, property, record } from 'fast-check';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { claimableQuantity, type DeliveryLine, reservedQuantity, validQuantity } from '../../domain/deliveries/line.ts';
import { allowedDeliveryCommands, decideDelivery } from '../../domain/deliveries/machine.ts';
import type { Actor } from '../../domain/machine.ts';
import { lineIn, type State, states, typedTable } from '../support/scenes/line.ts';

const commands = [...Object.keys(typedTable), 'track'] as DeliveryCommand[];
const steps = array(
  record({
    /** Which command: of all, or of those the table has for the state the line is in. */
    pick: nat(),
    possible: boolean(),
    actor: constantFrom<(Actor | 'who may')[]>('who may', 'who may', 'who may', 'admin', 'tracker', 'machine', 'order'),
    quantity: constantFrom(0, 1, 1, 1, 2, 3, undefined),
    pickupNo: constantFrom('P1', 'P2', 'P3'),
    level: integer({ min: -1, max: 6 }),
    waybillNo: constantFrom('123456789012', '210987654321', '210987654321', 'odd'),
    expectedOn: constantFrom('2026-12-03', '2026-12-04', '2026-12-04', '2026-02-30'),
    reasonCode: constantFrom('STOCK', 'OTHER', 'OTHER', 'odd'),
  }),
  { minLength: 30, maxLength: 80 },
);

interface Seen {
  before: DeliveryLine;
  command: DeliveryCommand;
  ok: boolean;
  changed: boolean;
  line: DeliveryLine;
}

/** Lives lines through random steps; `facts` must all be true at every moment of every life. */
function always(facts: (seen: Seen) => Record<string, boolean>, numRuns = 800): void {
  void assert(
    property(integer({ min: 1, max: 4 }), constantFrom(false, false, false, true), steps, (quantity, isPart, all) => {
      const splitFrom = isPart ? { deliveryNo: 'D261123000000', lineNo: 1 } : null;
      let line: DeliveryLine = lineIn('ordered', { quantity, revision: 1, splitFrom });
      for (const [at, { pick, possible, actor, ...input }] of all.entries()) {
        const here = commands.filter((name) => typedTable[name]?.to[line.state as State] !== undefined);
        const choice = possible && here.length > 0 ? here : commands;
        const command = choice[pick % choice.length] as DeliveryCommand;
        const by = actor === 'who may' ? (typedTable[command]?.who[0] ?? 'tracker') : actor;
        const before = Object.freeze(line);
        const part = lineIn(line.state, { deliveryNo: 'D261123000002', quantity: 0, canceled: 0, splitFrom: line });
        const given = { ...input, part, actor: by, carrierCode: '04', hasReason: true };
        const decision = decideDelivery(line, command, given, `at-${at}`);
        line = decision.ok ? decision.next : line;
        const seen = { before, command, ok: decision.ok, changed: decision.ok && decision.changed, line };
        const wrong = Object.entries(facts(seen)).filter(([, fact]) => !fact);
        if (wrong.length > 0) throw new Error(`not so: ${wrong.map(([name]) => name)} ${JSON.stringify(seen)}`);
      }
    }),
    { numRuns },
  );
}

test('the walk meets every state and succeeds in every command, so that the rest means something', () => {
  const met = new Set<string>();
  always(({ line, changed, command }) => {
    met.add(line.state);
    if (changed) met.add(command);
    return {};
    // The rarest, a claim that is given back, is met by about five lives of 800.
  }, 8_000);
  expect([...met].sort()).toEqual([...states, ...commands].sort());
});

test('valid and claimable quantities are never negative, and never more than ordered', () => {
  always(({ line }) => ({
    valid: validQuantity(line) >= 0 && validQuantity(line) <= line.quantity,
    claimable: claimableQuantity(line) >= 0 && claimableQuantity(line) <= validQuantity(line),
    parts: line.canceled >= 0 && line.returned >= 0,
  }));
});

test('the revision grows by one with every change, and nothing changes without it', () => {
  always(({ before, changed, line }) => ({
    revision: changed ? line.revision === before.revision + 1 : line === before,
  }));
});

test('what is returned is what was settled', () => {
  always(({ line }) => {
    const settled = Object.values(line.claims).filter(({ status }) => status === 'settled');
    return { returned: line.returned === settled.reduce((sum, { quantity }) => sum + quantity, 0) };
  });
});

test('a line ends when nothing of it is left, and then nothing happens to it', () => {
  always(({ before, ok, line }) => ({
    ends: (line.finishedAt !== null) === (validQuantity(line) === 0),
    canceled: line.state !== 'canceled' || line.finishedAt !== null,
    over: before.finishedAt === null || !ok,
  }));
});

test('a parcel has a waybill exactly while it is shipped or delivered, and the instants of the way it has come', () => {
  always(({ line }) => {
    const left = line.state === 'shipped' || line.state === 'delivered';
    return {
      waybill: (line.waybillNo !== null && line.carrierCode !== null) === left && line.waybillNo !== 'odd',
      shippedAt: (line.shippedAt !== null) === left,
      deliveredAt: (line.deliveredAt !== null) === (line.state === 'delivered'),
      claims: left || (line.trackingLevel === null && reservedQuantity(line) === 0),
    };
  });
});

test('a delay is noticed at most once, before the line has left, with a day and a reason, and stays as it was said', () => {
  const notice = ({ delayExpectedOn, delayReasonCode, delayNoticedAt }: DeliveryLine) =>
    JSON.stringify([delayExpectedOn, delayReasonCode, delayNoticedAt]);
  always(({ before, command, changed, line }) => ({
    once: before.delayNoticedAt === null || notice(before) === notice(line),
    bySaying: notice(before) === notice(line) || command === 'notify-delay',
    before: command !== 'notify-delay' || !changed || (before.shippedAt === null && line.state === before.state),
    whole: (line.delayExpectedOn === null) === (line.delayNoticedAt === null),
    known: line.delayExpectedOn !== '2026-02-30' && String(line.delayReasonCode) !== 'odd',
  }));
});

test('every allowed command succeeds for an admin who says what it needs', () => {
  const notice = { expectedOn: '2026-12-03', reasonCode: 'STOCK' };
  const input = {
    actor: 'admin',
    hasReason: true,
    carrierCode: '04',
    waybillNo: '123456789012',
    ...notice,
  } as const;
  /** Where a command may go without a quantity, it means all of it. */
  const inputOf = (command: DeliveryCommand) =>
    typedTable[command]?.needs.includes('quantity') ? { ...input, quantity: 1 } : input;
  always(({ line }) =>
    Object.fromEntries(
      allowedDeliveryCommands(line).map((command) => [command, decideDelivery(line, command, inputOf(command), 'now').ok]),
    ),
  );
});
