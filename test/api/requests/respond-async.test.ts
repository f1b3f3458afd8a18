import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import {
  command,
  type PlacedLine,
  placeIn,
  storedHistory,
  storedRow,
  unique,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const asked = ({ deliveryNo, lineNo }: PlacedLine, fields: object = {}) => ({ deliveryNo, lineNo, ...fields });
const send = (name: string, lines: object[], more: object = {}, headers: Record<string, string> = {}) =>
  command(stack, name, lines, more, { prefer: 'respond-async', ...headers });
const historyOf = async (line: PlacedLine) => (await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`)).body.history;
/** Its n history rows, once they are there. */
const rows = (line: PlacedLine, n: number) =>
  eventually(async () => {
    const history = await historyOf(line);
    return history.length >= n ? history : null;
  });
const submit = ({ deliveryNo, lineNo }: PlacedLine, ...args: unknown[]) =>
  stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo)).signal('submit', ...args);

describe('`Prefer: respond-async` on a command: 202, sent as signals', () => {
  test('accepted, and done soon after, with who and why', async () => {
    const [one, two] = [await placeIn(stack, 'released'), await placeIn(stack, 'released')];
    const { status, body, headers } = await send('report-stockout', [asked(one), asked(two)], { reason: '재고 없음' });
    expect([status, body]).toEqual([202, { accepted: 2, rejected: [] }]);
    expect(headers.get('idempotency-key')).toBeTruthy();
    for (const line of [one, two]) {
      await eventually(async () => (await storedRow(stack, line)).state === 'awaitingShipment');
      expect((await historyOf(line)).at(-1)).toMatchObject({ command: 'report-stockout', by: 'kim', reason: '재고 없음' });
    }
  });

  test('a refused signal becomes a history row with `refused`, never silence', async () => {
    const line = await placeIn(stack, 'ordered');
    expect((await send('release', [asked(line)])).status).toBe(202);
    const history = await rows(line, 2);
    expect(history[1]).toEqual({
      lineNo: 1,
      at: expect.any(String),
      by: 'kim',
      byName: null,
      command: 'release',
      from: 'ordered',
      to: 'ordered',
      revision: null,
      refused: 'TRANSITION_NOT_ALLOWED',
      refusedTitle: '현재 상태에서는 할 수 없는 처리입니다',
    });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });
  });

  test('a waybill in use is refused in the history too', async () => {
    const [mine, other] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'released')];
    await send('ship', [asked(other, { carrierCode: '04', waybillNo: mine.waybillNo })]);
    expect((await rows(other, 4))[3]).toMatchObject({ command: 'ship', refused: 'WAYBILL_IN_USE' });
    expect(await storedRow(stack, other)).toMatchObject({ state: 'released', waybill_no: null });
  });

  test('a line nobody knows and one that has ended are rejected at once', async () => {
    const [line, ended] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'canceled')];
    const { status, body } = await send('instruct', [{ deliveryNo: 'D-nobody', lineNo: 1 }, asked(ended), asked(line)]);
    expect([status, body.accepted]).toEqual([202, 1]);
    expect(body.rejected).toMatchObject([
      { deliveryNo: 'D-nobody', error: { code: 'LINE_NOT_FOUND' } },
      { deliveryNo: ended.deliveryNo, error: { code: 'LINE_FINISHED' } },
    ]);
    await eventually(async () => (await storedRow(stack, line)).state === 'instructed');
  });

  test('the same key again: the same 202, done once', async () => {
    const line = await placeIn(stack, 'released');
    const headers = { 'idempotency-key': unique('key') };
    const lines = [asked(line, { carrierCode: '04', waybillNo: uniqueWaybill() })];
    const first = await send('ship', lines, {}, headers);
    expect((await send('ship', lines, {}, headers)).body).toEqual(first.body);
    await eventually(async () => (await storedRow(stack, line)).state === 'shipped');
    await send('deliver', [asked(line)]);
    const history = await rows(line, 5);
    expect(history.map((row: any) => [row.command, row.refused])).toEqual([
      ['order', undefined],
      ['instruct', undefined],
      ['release', undefined],
      ['ship', undefined],
      ['deliver', undefined],
    ]);
  });

  test.each([
    ['wait=10, respond-async', 202],
    ['Respond-Async', 202],
    ['return=minimal', 200],
    ['not-respond-async', 200],
  ])('Prefer: %s → %i', async (prefer, status) => {
    const line = await placeIn(stack, 'ordered');
    expect((await command(stack, 'instruct', [asked(line)], {}, { prefer })).status).toBe(status);
  });

  test('a bad body is 400 all the same', async () => {
    expect((await send('instruct', [])).status).toBe(400);
  });
});

describe('every command is accepted as a plain signal too (`submit`), for an operator in the Temporal UI', () => {
  test('only `command` is needed', async () => {
    const line = await placeIn(stack, 'ordered');
    await submit(line, { command: 'instruct' });
    expect((await rows(line, 2))[1]).toMatchObject({ command: 'instruct', by: 'admin', to: 'instructed' });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
  });

  test.each([
    ['a command nobody knows', [{ command: 'explode' }], 'BAD_REQUEST'],
    ['no command', [{}], 'BAD_REQUEST'],
    ['nothing at all', [], 'BAD_REQUEST'],
    ['a name that every object has', [{ command: 'constructor' }], 'BAD_REQUEST'],
    ['a step that is not possible', [{ command: 'deliver' }], 'TRANSITION_NOT_ALLOWED'],
    ['an actor who may not', [{ command: 'ship', actor: 'nobody' }], 'TRANSITION_NOT_ALLOWED'],
    ['a reason that is missing', [{ command: 'undo' }], 'REASON_REQUIRED'],
    ['a number where a text belongs', [{ command: 'ship', carrierCode: '04', waybillNo: 123_456_789_012 }], 'INTERNAL'],
  ])('%s: a refused row, and the line goes on', async (_, args, refused) => {
    const line = await placeIn(stack, 'released');
    await submit(line, ...args);
    const history = await rows(line, 4);
    expect(history[3]).toMatchObject({ refused, from: 'released', to: 'released' });
    await submit(line, { command: 'report-stockout', hasReason: true });
    await eventually(async () => (await storedRow(stack, line)).state === 'awaitingShipment');
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: 'report-stockout', revision: 4 });
  });

  test('signals and updates pass one queue: a line commanded from all sides moves one step at a time', async () => {
    const line = await placeIn(stack, 'ordered');
    await Promise.all([
      submit(line, { command: 'instruct' }),
      send('instruct', [asked(line)]),
      command(stack, 'instruct', [asked(line)]),
      submit(line, { command: 'instruct' }),
    ]);
    const history = await eventually(async () => {
      const found = await storedHistory(stack, line);
      return found.length >= 4 ? found : null;
    });
    expect(history.filter(({ command: name, refused }) => name === 'instruct' && refused === null)).toHaveLength(1);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
  });
});
