import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Activities } from '../../../activities/index.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import type { DeliveryLine } from '../../../domain/deliveries/line.ts';
import type { Actor } from '../../../domain/machine.ts';
import { type PlacedLine, placeIn, storedHistory, storedRow, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { decided, heldLine, ownersOfOpen, recordOf, voidedCommands } from '../../support/scenes/record.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let record: Activities['record'];
const repairs: string[] = [];
beforeAll(async () => {
  stack = await startStack();
  record = recordOf(stack, { onRepair: (kind) => repairs.push(kind) });
});
afterAll(() => stack.stop());

const held = (line: PlacedLine) => heldLine(stack, line);
let clock = 0;
/** Decides on `line`, as a workflow does, and records it; the workflow itself is never told. */
async function act(line: DeliveryLine, command: DeliveryCommand, requestId: string, input: DeliveryInput = {}, actor?: Actor) {
  // After whatever the API has written, however slow the machine is, and after the step before.
  clock = Math.max(clock, Date.now()) + 1_000;
  const { next, entry } = decided(line, command, requestId, { actor, ...input }, new Date(clock).toISOString());
  return { next, result: await record(entry) };
}

const openWaybill = (waybillNo: string | null) => ownersOfOpen(stack, waybillNo);
const voided = (line: PlacedLine) => voidedCommands(stack, line);
const counted = (line: PlacedLine) => storedHistory(stack, line).then((rows) => rows.map(({ command }) => command));
const parcel = (waybillNo: string) => ({ carrierCode: '04', waybillNo });

describe('row at revision − 1 → write', () => {
  test('row, history and waybill together', async () => {
    const line = await placeIn(stack, 'released');
    const waybillNo = uniqueWaybill();
    const { next, result } = await act(await held(line), 'ship', unique('R'), parcel(waybillNo));
    expect(result).toEqual({});
    expect(await held(line)).toEqual(next);
    expect(await openWaybill(waybillNo)).toEqual([line.deliveryNo]);
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: 'ship', revision: 4, by: 'admin' });
  });

  test('`{ refused: code }`, rolled back whole', async () => {
    const [mine, line] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'released')];
    const before = await storedRow(stack, line);
    const { result } = await act(await held(line), 'ship', unique('R'), parcel(mine.waybillNo ?? ''));
    expect(result).toEqual({ refused: 'WAYBILL_IN_USE' });
    expect(await storedRow(stack, line)).toEqual(before);
    expect(await counted(line)).toEqual(['order', 'instruct', 'release']);
  });

  test('no row at all: it fails, to be tried again, and says what to run', async () => {
    const line = await held(await placeIn(stack, 'ordered'));
    await expect(act({ ...line, deliveryNo: 'D-lost' }, 'instruct', unique('R'))).rejects.toThrow('npm run rebuild');
  });
});

describe('this request already in history → its stored outcome', () => {
  test('run again after a commit nobody saw: the line as it was written then', async () => {
    const line = await placeIn(stack, 'ordered');
    const [before, request] = [await held(line), unique('R')];
    const first = await act(before, 'instruct', request);
    const again = await act(before, 'instruct', request);
    expect(again.next.instructedAt).not.toBe(first.next.instructedAt);
    expect(again.result).toEqual({ line: first.next });
    expect(await held(line)).toEqual(first.next);
    expect(await counted(line)).toEqual(['order', 'instruct']);
    expect(repairs).toEqual([]);
  });

  test('done at an earlier revision: its outcome of then, nothing changes', async () => {
    const line = await placeIn(stack, 'ordered');
    const request = unique('R');
    const first = await act(await held(line), 'instruct', request);
    const undone = await act(first.next, 'undo', unique('R'));
    const again = await act(undone.next, 'instruct', request);
    expect(again.result).toEqual({ repeated: { state: 'instructed', revision: 2, validQuantity: 2 } });
    expect(await held(line)).toEqual(undone.next);
    expect(await counted(line)).toEqual(['order', 'instruct', 'undo']);
  });

  test('a refused signal leaves one row, however often it is recorded', async () => {
    const line = await placeIn(stack, 'ordered');
    const now = await held(line);
    const entry = {
      line: now,
      from: now.state,
      command: 'ship',
      requestId: unique('R'),
      actor: 'admin',
      at: now.instructedAt ?? new Date().toISOString(),
    } as const;
    for (let times = 0; times < 2; times++) expect(await record({ ...entry, refused: 'TRANSITION_NOT_ALLOWED' })).toEqual({});
    expect(await held(line)).toEqual(now);
    expect((await storedHistory(stack, line)).slice(1)).toMatchObject([
      { command: 'ship', refused: 'TRANSITION_NOT_ALLOWED', revision: null },
    ]);
  });
});

describe('row at or past our revision under another request → the workflow is the truth', () => {
  test('what the row had beyond it is voided, left out of history answers, and counted', async () => {
    const line = await placeIn(stack, 'released');
    const before = await held(line);
    repairs.length = 0;
    await act(before, 'report-stockout', unique('lost'));
    const { next, result } = await act(before, 'undo', unique('R'));
    expect(result).toEqual({});
    expect(await held(line)).toEqual(next);
    expect(await voided(line)).toEqual(['report-stockout']);
    expect(repairs).toEqual(['ahead']);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.history.map(({ command }: { command: string }) => command)).toEqual(['order', 'instruct', 'release', 'undo']);
  });

  test('a voided ship frees its waybill', async () => {
    const [line, other] = [await placeIn(stack, 'released'), await placeIn(stack, 'released')];
    const waybillNo = uniqueWaybill();
    const before = await held(line);
    await act(before, 'ship', unique('lost'), parcel(waybillNo));
    const { next } = await act(before, 'report-stockout', unique('R'));
    expect(await held(line)).toEqual(next);
    expect(await openWaybill(waybillNo)).toEqual([]);
    expect((await act(await held(other), 'ship', unique('R'), parcel(waybillNo))).result).toEqual({});
  });

  test('a voided undo takes the waybill back', async () => {
    const line = await placeIn(stack, 'shipped');
    const before = await held(line);
    await act(before, 'undo', unique('lost'));
    expect(await openWaybill(line.waybillNo)).toEqual([]);
    const { next } = await act(before, 'deliver', unique('R'));
    expect(await held(line)).toEqual(next);
    expect(await openWaybill(line.waybillNo)).toEqual([line.deliveryNo]);
  });

  test('a voided end takes the waybill back too', async () => {
    const line = await placeIn(stack, 'delivered');
    const { next: reserved } = await act(
      await held(line),
      'reserve-claim',
      unique('R'),
      { pickupNo: 'P1', quantity: 2 },
      'machine',
    );
    const lost = await act(reserved, 'settle-return', unique('lost'), { pickupNo: 'P1' }, 'machine');
    expect(lost.next.finishedAt).not.toBeNull();
    expect(await openWaybill(line.waybillNo)).toEqual([]);
    const { next } = await act(reserved, 'release-claim', unique('R'), { pickupNo: 'P1' }, 'machine');
    expect(await held(line)).toEqual(next);
    expect(await openWaybill(line.waybillNo)).toEqual([line.deliveryNo]);
  });

  test('two ahead, and the first of them comes again: it stands as it was written, the second is voided', async () => {
    const line = await placeIn(stack, 'ordered');
    const [before, request] = [await held(line), unique('R')];
    const first = await act(before, 'instruct', request);
    await act(first.next, 'release', unique('lost'));
    const again = await act(before, 'instruct', request);
    expect(again.result).toEqual({ line: first.next });
    expect(await held(line)).toEqual(first.next);
    expect(await voided(line)).toEqual(['release']);
  });

  test('two ahead, and the second comes first: both are voided, it is written anew', async () => {
    const line = await placeIn(stack, 'released');
    const before = await held(line);
    const [one, two] = [unique('R'), unique('R')];
    const undone = await act(before, 'undo', one);
    const waybillNo = uniqueWaybill();
    await act((await act(undone.next, 'release', unique('R'))).next, 'ship', two, parcel(waybillNo));
    const again = await act(before, 'ship', two, parcel(waybillNo));
    expect(again.result).toEqual({});
    expect(await held(line)).toEqual(again.next);
    expect(await voided(line)).toEqual(['undo', 'release', 'ship']);
    expect(await openWaybill(waybillNo)).toEqual([line.deliveryNo]);
    expect(await counted(line)).toEqual(['order', 'instruct', 'release', 'ship']);
  });
});

describe('a row that is behind its workflow', () => {
  test('is written as the workflow says, and counted', async () => {
    const line = await placeIn(stack, 'instructed');
    const now = await held(line);
    repairs.length = 0;
    const { next, result } = await act(
      { ...now, state: 'released', revision: 5, releasedAt: now.instructedAt },
      'report-stockout',
      unique('R'),
    );
    expect(result).toEqual({});
    expect(await held(line)).toEqual(next);
    expect(next.revision).toBe(6);
    expect(repairs).toEqual(['behind']);
    expect(await voided(line)).toEqual([]);
  });
});
