import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { array, assert, boolean, constantFrom, integer, nat, property, record } from 'fast-check';
import type { Actor } from '../../domain/machine.ts';
import type { Exchange, Inspection, PickupCommand } from '../../domain/pickups/commands.ts';
import { allowedPickupCommands, decidePickup } from '../../domain/pickups/machine.ts';
import { faultOf, type Pickup } from '../../domain/pickups/pickup.ts';
import { finishedStates, type PickupState, pickupRowIn, pickupStates, typedPickupTable } from '../support/scenes/pickup.ts';

const commands = [...Object.keys(typedPickupTable), 'track'] as PickupCommand[];
const steps = array(
  record({
    /** Which command: of all, or of those the table has for the state the pickup is in. */
    pick: nat(),
    possible: boolean(),
    actor: constantFrom<(Actor | 'who may')[]>('who may', 'who may', 'who may', 'who may', 'admin', 'tracker', 'order', 'batch'),
    hasReason: constantFrom(true, true, true, false),
    waybillNo: constantFrom('123456789012', 'odd', undefined),
    carrierCode: constantFrom('04', '04', undefined),
    level: integer({ min: -1, max: 6 }),
    items: constantFrom<Inspection[] | undefined>(
      undefined,
      [{ lineNo: 1, restock: 1, dispose: 1 }],
      [{ lineNo: 1, restock: 1, dispose: 2 }],
      [{ lineNo: 4, restock: 0, dispose: 3, fault: 'seller' }],
    ),
    exchanges: constantFrom<Exchange[] | undefined>(
      undefined,
      [{ lineNo: 4, exchangeProductId: 9 }],
      [{ lineNo: 1, exchangeProductId: 8 }, { lineNo: 4 }],
      [{ lineNo: 2, exchangeProductId: 8 }],
    ),
  }),
  { minLength: 5, maxLength: 40 },
);

interface Seen {
  before: Pickup;
  command: PickupCommand;
  exchanges?: Exchange[] | undefined;
  ok: boolean;
  changed: boolean;
  row: Pickup;
}

/** Lives pickups through random steps; `facts` must all be true at every moment of every life. */
function always(facts: (seen: Seen) => Record<string, boolean>): void {
  void assert(
    property(constantFrom('return' as const, 'exchange' as const), steps, (kind, all) => {
      let row: Pickup = pickupRowIn('requested', { kind, revision: 1 });
      for (const [at, { pick, possible, actor, ...input }] of all.entries()) {
        const here = commands.filter((name) => name === 'track' || typedPickupTable[name]?.to[row.state as PickupState]);
        const choice = possible ? here : commands;
        const command = choice[pick % choice.length] as PickupCommand;
        const by = actor === 'who may' ? (typedPickupTable[command]?.who[0] ?? 'tracker') : actor;
        const before = Object.freeze(row);
        const decision = decidePickup(row, command, { ...input, actor: by }, `at-${at}`);
        row = decision.ok ? decision.next : row;
        const seen = {
          before,
          command,
          exchanges: input.exchanges,
          ok: decision.ok,
          changed: decision.ok && decision.changed,
          row,
        };
        const wrong = Object.entries(facts(seen)).filter(([, fact]) => !fact);
        if (wrong.length > 0) throw new Error(`not so: ${wrong.map(([name]) => name)} ${JSON.stringify(seen)}`);
      }
    }),
    { numRuns: 4_000 },
  );
}

test('the walk meets every state and succeeds in every command, so that the rest means something', () => {
  const met = new Set<string>();
  always(({ row, changed, command }) => {
    met.add(row.state);
    if (changed) met.add(command);
    if (row.held) met.add('held');
    return {};
  });
  expect([...met].sort()).toEqual([...pickupStates, ...commands, 'held'].sort());
});

test('the revision grows by one with every change, and nothing changes without it', () => {
  always(({ before, changed, row }) => ({ revision: changed ? row.revision === before.revision + 1 : row === before }));
});

test('what is asked to come back never changes: line, product, quantity, reason', () => {
  const asked = ({ items }: Pickup) =>
    JSON.stringify(items.map(({ restock, dispose, fault, exchangeProductId, ...item }) => item));
  always(({ before, row }) => ({ items: asked(before) === asked(row), order: before.orderNo === row.orderNo }));
});

test('it is finished in exactly the three last states, and then nothing happens to it', () => {
  always(({ before, ok, row }) => ({
    finished: (row.finishedAt !== null) === finishedStates.includes(row.state),
    completedAt: (row.completedAt !== null) === (row.state === 'completed'),
    over: before.finishedAt === null || !ok,
  }));
});

test('every piece of a completed pickup is restocked or disposed of, before that none is', () => {
  always(({ row }) => ({
    counted: row.items.every(({ restock, dispose, quantity }) =>
      row.state === 'completed'
        ? restock !== null && dispose !== null && restock >= 0 && dispose >= 0 && restock + dispose === quantity
        : restock === null && dispose === null,
    ),
    fault: row.items.every(
      ({ fault, reasonCode }) => row.state !== 'completed' || fault === 'seller' || fault === faultOf(reasonCode),
    ),
  }));
});

test('only a confirmed pickup is held, and a held one is never completed', () => {
  always(({ before, row }) => ({
    held: !row.held || row.state === 'confirmed',
    completed: row.state !== 'completed' || before.state === 'completed' || !before.held,
  }));
});

test('a return becomes an exchange once, an exchange a return once, and each says so for ever', () => {
  always(({ before, row }) => {
    const marks = (pickup: Pickup) => Number(pickup.convertedFromExchange) + Number(pickup.convertedFromReturn);
    const isNew = row.kind === 'return' ? !before.convertedFromExchange : !before.convertedFromReturn;
    const isMarked = row.kind === 'return' ? row.convertedFromExchange : row.convertedFromReturn;
    return {
      once: before.kind === row.kind || (isNew && isMarked),
      marks: marks(row) === marks(before) + (before.kind === row.kind ? 0 : 1),
      kept:
        (!before.convertedFromExchange || row.convertedFromExchange) && (!before.convertedFromReturn || row.convertedFromReturn),
    };
  });
});

test('only becoming an exchange changes what is sent: the products named then, or else the same ones', () => {
  const sent = ({ items }: Pickup) => items.map(({ lineNo, exchangeProductId }) => ({ lineNo, exchangeProductId }));
  always(({ before, command, changed, exchanges = [], row }) => {
    const named = ({ lineNo }: { lineNo: number }) => exchanges.find((each) => each.lineNo === lineNo)?.exchangeProductId;
    const expected =
      changed && command === 'convert-to-exchange'
        ? sent(before).map((item) => ({ ...item, exchangeProductId: named(item) }))
        : sent(before);
    return { sent: isDeepStrictEqual(sent(row), expected) };
  });
});

test('its waybill is whole or none, and it has arrived exactly when the tracker saw it at the end', () => {
  always(({ row }) => ({
    whole: (row.waybillNo === null) === (row.carrierCode === null) && row.waybillNo !== 'odd',
    none: row.instructedAt !== null || row.waybillNo === null,
    arrived: (row.arrivedAt !== null) === (row.trackingLevel === 6),
  }));
});

test('every allowed command succeeds for an admin who says what it needs', () => {
  const input = { actor: 'admin', hasReason: true, carrierCode: '04', waybillNo: '123456789012' } as const;
  always(({ row }) =>
    Object.fromEntries(allowedPickupCommands(row).map((command) => [command, decidePickup(row, command, input, 'now').ok])),
  );
});
