import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openDb } from '../../db/database.ts';
import type { Actor } from '../../domain/machine.ts';
import type { PickupCommand, PickupInput } from '../../domain/pickups/commands.ts';
import { allowedPickupCommands, decidePickup, isPickupCommand, pickupMachine } from '../../domain/pickups/machine.ts';
import { type Pickup, pickupScreens, pickupStateName, pickupStates as pickupStatesOfCode } from '../../domain/pickups/pickup.ts';
import { problems } from '../../domain/problems.ts';
import { createDatabase } from '../support/database.ts';
import {
  finishedStates,
  type PickupState,
  pickupRowIn,
  pickupStateNames,
  pickupStates,
  typedPickupButtons,
  typedPickupTable,
} from '../support/scenes/pickup.ts';

const AT = '2026-11-23T09:00:00.000Z';
const actors: Actor[] = ['admin', 'order', 'tracker', 'batch', 'machine'];
const commands = Object.keys(typedPickupTable) as PickupCommand[];
const pairs = pickupStates.flatMap((state) => commands.map((command) => [state, command] as const));
const possible = pairs.filter(([state, command]) => ruleOf(command).to[state] !== undefined);

function ruleOf(command: string) {
  const rule = typedPickupTable[command];
  if (!rule) throw new Error(command);
  return rule;
}
/** A pickup on which `command` lacks nothing but the right state: only a held one can be resumed, only a return become an exchange. */
const ready = (state: PickupState, command: string): Pickup =>
  pickupRowIn(state, {
    held: command === 'resume' && state === 'confirmed',
    kind: command === 'convert-to-exchange' ? 'return' : 'exchange',
  });
const complete: PickupInput = { hasReason: true, carrierCode: '05', waybillNo: '210987654321' };
const decide = (pickup: Pickup, command: PickupCommand, more: object = {}) =>
  decidePickup(pickup, command, { ...complete, actor: ruleOf(command).who[0] ?? 'admin', ...more }, AT);
const refusal = (code: string) => ({ ok: false, code });

describe('the pickup’s table, as typed once more from the requirements', () => {
  test('its states, and 반품접수/교환접수 by kind', () => {
    expect(Object.keys(pickupStatesOfCode)).toEqual(pickupStates);
    for (const state of pickupStates)
      for (const kind of ['return', 'exchange'] as const)
        expect(pickupStateName(state, kind)).toBe(pickupStateNames[state][kind]);
  });

  test('the screens: 회수지시처리 = requested, 회수확인처리 = instructed, 회수완료처리 = confirmed', () => {
    expect(pickupScreens).toEqual({ instruct: 'requested', confirm: 'instructed', complete: 'confirmed' });
  });

  test('its commands, and beside them only the tracker’s own `track`', () => {
    expect(Object.keys(pickupMachine.commands).sort()).toEqual([...commands, 'track'].sort());
    expect(pickupMachine.commands.track).toMatchObject({ from: { instructed: 'instructed' }, who: ['tracker'] });
    expect(pickupMachine.commands.track.permission).toBeUndefined();
    for (const command of [...commands, 'track']) expect(isPickupCommand(command)).toBe(true);
    for (const other of ['ship', 'toString', '']) expect(isPickupCommand(other)).toBe(false);
  });

  test.each(commands)('%s: Korean name, who, needs, and pickup.write', (command) => {
    const { name, who, needs } = ruleOf(command);
    const rule = pickupMachine.commands[command];
    expect(rule.name).toBe(name);
    expect([...rule.who].sort()).toEqual([...who].sort());
    expect(rule.needs ?? []).toEqual(needs);
    expect(rule.permission).toBe('pickup.write');
  });

  test.each(pairs)('%s × %s', (state, command) => {
    const pickup = ready(state, command);
    const decision = decide(pickup, command);
    const target = ruleOf(command).to[state];
    if (finishedStates.includes(state)) expect(decision).toEqual(refusal('PICKUP_FINISHED'));
    else if (target === undefined) expect(decision).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
    else expect(decision).toMatchObject({ ok: true, changed: true, next: { state: target, revision: pickup.revision + 1 } });
  });

  test.each(possible)('%s × %s answers only those who may', (state, command) => {
    for (const actor of actors) {
      const decision = decide(ready(state, command), command, { actor });
      const expected = ruleOf(command).who.includes(actor)
        ? { ok: true, changed: true, next: expect.anything() }
        : refusal('TRANSITION_NOT_ALLOWED');
      expect({ actor, decision }).toEqual({ actor, decision: expected });
    }
  });

  test.each(possible.filter(([, command]) => ruleOf(command).needs.includes('reason')))('%s × %s without a reason', (...pair) => {
    const [state, command] = pair;
    for (const hasReason of [false, undefined])
      expect(decide(ready(state, command), command, { hasReason })).toEqual(refusal('REASON_REQUIRED'));
  });

  test.each([...pickupStates, 'held'] as const)('the buttons of an admin in %s', (state) => {
    const row = state === 'held' ? pickupRowIn('confirmed', { held: true }) : pickupRowIn(state);
    expect(allowedPickupCommands(row)).toEqual(typedPickupButtons[state]);
    const ofReturn = typedPickupButtons[state].map((name) => (name === 'convert-to-return' ? 'convert-to-exchange' : name));
    expect(allowedPickupCommands({ ...row, kind: 'return' })).toEqual(ofReturn);
  });

  test('the database’s check constraint knows the same states', async () => {
    const { url, drop } = await createDatabase();
    const db = openDb({ url });
    const [found] = await db.query(
      sql<{
        definition: string;
      }>`select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'pickups_state'`,
    );
    await db.close();
    await drop();
    expect([...(found?.definition ?? '').matchAll(/'(\w+)'/g)].map(([, state]) => state)).toEqual(pickupStates);
  });
});

describe('finished: when completed, refused or withdrawn', () => {
  test.each(commands)('every command answers PICKUP_FINISHED, also %s, whatever else is wrong', (command) => {
    for (const state of pickupStates) {
      const row = { ...ready(state, command), finishedAt: AT };
      expect(decide(row, command)).toEqual(refusal('PICKUP_FINISHED'));
      expect(decide(row, command, { revision: 1, hasReason: false, actor: 'batch' })).toEqual(refusal('PICKUP_FINISHED'));
      expect(allowedPickupCommands(row)).toEqual([]);
    }
  });

  test('exactly these three commands finish it, at the instant of the command', () => {
    for (const [state, command] of possible) {
      const decision = decide(ready(state, command), command);
      const ends = ['complete', 'refuse', 'withdraw'].includes(command);
      expect([command, decision.ok && decision.next.finishedAt]).toEqual([command, ends ? AT : null]);
    }
  });
});

describe('the engine', () => {
  test('a pickup that has moved since it was shown is REVISION_CONFLICT, before anything else is said', () => {
    const row = pickupRowIn('confirmed');
    expect(decide(row, 'complete', { revision: row.revision })).toMatchObject({ ok: true });
    for (const revision of [row.revision - 1, row.revision + 1])
      for (const command of commands) expect(decide(row, command, { revision })).toEqual(refusal('REVISION_CONFLICT'));
  });

  test('an impossible step is said before a missing reason, a half waybill or a wrong count', () => {
    expect(decide(pickupRowIn('requested'), 'refuse', { hasReason: false })).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
    expect(decide(pickupRowIn('instructed'), 'instruct', { waybillNo: undefined })).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
    const items = [{ lineNo: 1, restock: 9, dispose: 9 }];
    expect(decide(pickupRowIn('instructed'), 'complete', { items })).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
  });

  test('deciding changes nothing of the pickup it was given', () => {
    for (const [state, command] of pairs) {
      const row = ready(state, command);
      const shown = structuredClone(row);
      decide(row, command);
      expect(row).toEqual(shown);
    }
  });

  test('every code a pickup can answer has a status and a Korean sentence', () => {
    for (const code of [
      'PICKUP_NOT_FOUND',
      'PICKUP_FINISHED',
      'PICKUP_HELD',
      'KIND_NOT_EXCHANGE',
      'KIND_NOT_RETURN',
      'QUANTITY_MISMATCH',
      'LINE_NOT_FOUND',
    ] as const)
      expect(problems[code]).toEqual({ status: expect.any(Number), title: expect.stringMatching(/[가-힣]/) });
  });
});
