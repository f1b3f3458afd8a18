import { describe, expect, test } from '@jest/globals';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { type DeliveryLine, deliveryStates } from '../../domain/deliveries/line.ts';
import { allowedDeliveryCommands, decideDelivery, deliveryMachine } from '../../domain/deliveries/machine.ts';
import type { Actor } from '../../domain/machine.ts';
import { lineIn, type State, stateNames, states, typedButtons, typedTable } from '../support/scenes/line.ts';

const AT = '2026-11-23T09:00:00.000Z';
const actors: Actor[] = ['admin', 'order', 'tracker', 'batch', 'machine'];
const commands = Object.keys(typedTable) as DeliveryCommand[];
const pairs = states.flatMap((state) => commands.map((command) => [state, command] as const));

/** A line on which `command` lacks nothing but the right state. */
const ready = (state: State, command: string): DeliveryLine => {
  if (command === 'merge') return lineIn(state, { splitFrom: { deliveryNo: 'D261123000000', lineNo: 1 } });
  return ['release-claim', 'settle-return', 'settle-exchange'].includes(command)
    ? lineIn(state, { claims: { P1: { quantity: 1, status: 'reserved' } } })
    : lineIn(state);
};
/** Of three: what cannot be all of it is two; what a line takes back is a part of its own that ends where it is. */
const more = (line: DeliveryLine, command: string) => ({
  ...(command === 'split' ? { quantity: 2 } : {}),
  ...(command === 'absorb' ? { part: { ...line, deliveryNo: 'D2', lineNo: 2, quantity: 0, canceled: 0, splitFrom: line } } : {}),
});
const complete = {
  hasReason: true,
  carrierCode: '05',
  waybillNo: '210987654321',
  quantity: 3,
  pickupNo: 'P1',
  expectedOn: '2026-12-03',
  reasonCode: 'STOCK',
};
const ruleOf = (command: string) => {
  const rule = typedTable[command];
  if (!rule) throw new Error(command);
  return rule;
};
const decide = (line: DeliveryLine, command: DeliveryCommand, other: object = {}) =>
  decideDelivery(line, command, { ...complete, ...more(line, command), actor: ruleOf(command).who[0] ?? 'admin', ...other }, AT);

describe('the table, as typed once more from the requirements', () => {
  test('its states and Korean names', () => {
    expect(deliveryStates).toEqual(stateNames);
  });

  test('its commands, and beside them only the tracker’s own `track`', () => {
    expect(Object.keys(deliveryMachine.commands).sort()).toEqual([...commands, 'track'].sort());
    expect(deliveryMachine.commands.track).toMatchObject({ from: { shipped: 'shipped' }, who: ['tracker'] });
    expect(deliveryMachine.commands.track.permission).toBeUndefined();
  });

  test.each(commands)('%s: Korean name, who, needs and permission', (command) => {
    const { name, who, needs, permission } = ruleOf(command);
    const rule = deliveryMachine.commands[command];
    if (name !== null) expect(rule.name).toBe(name);
    expect([...rule.who].sort()).toEqual([...who].sort());
    expect(rule.permission ?? null).toBe(permission);
    expect(new Set(rule.needs ?? [])).toEqual(new Set(needs));
  });

  test.each(pairs)('%s × %s', (state, command) => {
    const { to, elsewhere } = ruleOf(command);
    const line = ready(state, command);
    const decision = decide(line, command);
    const target = to[state];
    if (state === 'canceled') expect(decision).toEqual({ ok: false, code: 'LINE_FINISHED' });
    else if (target === undefined) expect(decision).toEqual({ ok: false, code: elsewhere?.[state] ?? 'TRANSITION_NOT_ALLOWED' });
    else expect(decision).toMatchObject({ ok: true, changed: true, next: { state: target, revision: line.revision + 1 } });
  });

  test.each(commands)('%s answers only those who may, from every state it is possible in', (command) => {
    const { to, who } = ruleOf(command);
    for (const state of Object.keys(to) as State[])
      for (const actor of actors) {
        const decision = decide(ready(state, command), command, { actor });
        if (who.includes(actor)) expect(decision).toMatchObject({ ok: true });
        else
          expect({ state, actor, decision }).toEqual({ state, actor, decision: { ok: false, code: 'TRANSITION_NOT_ALLOWED' } });
      }
  });

  test.each(commands.filter((command) => ruleOf(command).needs.includes('reason')))('%s without a reason', (command) => {
    for (const state of Object.keys(ruleOf(command).to) as State[])
      for (const hasReason of [false, undefined])
        expect(decide(ready(state, command), command, { hasReason })).toEqual({ ok: false, code: 'REASON_REQUIRED' });
  });

  test.each(states)('a button for an admin in %s', (state) => {
    expect(allowedDeliveryCommands(lineIn(state))).toEqual(typedButtons[state]);
  });
});

describe('the engine', () => {
  test.each(commands)('a finished line answers LINE_FINISHED to %s, from every state, whatever else is wrong', (command) => {
    for (const state of states) {
      const line = { ...ready(state, command), finishedAt: AT };
      expect(decide(line, command)).toEqual({ ok: false, code: 'LINE_FINISHED' });
      expect(decide(line, command, { revision: 1, hasReason: false, actor: 'tracker' })).toEqual({
        ok: false,
        code: 'LINE_FINISHED',
      });
      expect(allowedDeliveryCommands(line)).toEqual([]);
    }
  });

  test('a line that has moved since it was shown is REVISION_CONFLICT, before anything else is said', () => {
    const line = lineIn('released');
    expect(decide(line, 'ship', { revision: line.revision })).toMatchObject({ ok: true });
    for (const revision of [line.revision - 1, line.revision + 1])
      for (const command of commands)
        expect(decide(line, command, { revision })).toEqual({ ok: false, code: 'REVISION_CONFLICT' });
  });

  test('an impossible step is said before a missing reason or waybill', () => {
    const nothing = { hasReason: false, carrierCode: undefined, waybillNo: undefined };
    expect(decide(lineIn('ordered'), 'ship', nothing)).toEqual({ ok: false, code: 'TRANSITION_NOT_ALLOWED' });
    expect(decide(lineIn('ordered'), 'undo', nothing)).toEqual({ ok: false, code: 'TRANSITION_NOT_ALLOWED' });
    expect(decide(lineIn('shipped'), 'correct-waybill', nothing)).toEqual({ ok: false, code: 'REASON_REQUIRED' });
  });

  test('deciding changes nothing of the line it was given', () => {
    for (const [state, command] of pairs) {
      const line = ready(state, command);
      const shown = structuredClone(line);
      decide(line, command);
      expect(line).toEqual(shown);
    }
  });
});
