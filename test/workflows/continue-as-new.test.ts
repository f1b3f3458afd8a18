import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { command, commandLine, type PlacedLine, placeIn, storedHistory, storedRow, unique } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ CONTINUE_AS_NEW_AFTER: '10' });
});
afterAll(() => stack.stop());

const handleOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));
const runOf = async (line: PlacedLine) => (await handleOf(line).describe()).runId;
const asked = ({ deliveryNo, lineNo }: PlacedLine) => [{ deliveryNo, lineNo }];
const commandsOf = async (line: PlacedLine) => (await storedHistory(stack, line)).map(({ command: name }) => name);
/** Goes on with the line until it runs under another run id. */
async function continued(line: PlacedLine): Promise<void> {
  const before = await runOf(line);
  const toggles = ['report-stockout', 'clear-stockout'];
  for (let at = 0; (await runOf(line)) === before && at < 20; at++)
    expect(await commandLine(stack, toggles[at % 2] ?? '', line, {}, { reason: '시험' })).toMatchObject({ ok: true });
  expect(await runOf(line)).not.toBe(before);
  if ((await storedRow(stack, line)).state === 'awaitingShipment') await commandLine(stack, 'clear-stockout', line);
}

test('a long history goes on in a new run: the state is the same, and the next command is one revision later', async () => {
  const line = await placeIn(stack, 'released');
  await continued(line);
  const { revision } = await storedRow(stack, line);
  const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
  expect(body.lines[0]).toMatchObject({ state: 'released', revision, live: { state: 'released', revision } });
  expect(await commandLine(stack, 'report-stockout', line, { revision }, { reason: '시험' })).toMatchObject({
    ok: true,
    revision: revision + 1,
  });
});

test('search attributes are there in the new run too', async () => {
  const line = await placeIn(stack, 'released');
  await continued(line);
  const described = await handleOf(line).describe();
  expect(described.searchAttributes).toMatchObject({
    DeliveryNo: [line.deliveryNo],
    OrderNo: [line.orderNo],
    Kind: ['delivery'],
  });
});

describe('with de-duplication across it', () => {
  test('the same request as an update in the new run: its outcome of then, acting once', async () => {
    const line = await placeIn(stack, 'ordered');
    const message = { requestId: unique('R'), actor: 'admin' };
    const update = (updateId: string) => handleOf(line).executeUpdate('instruct', { args: [message], updateId });
    const first = await update('one');
    await commandLine(stack, 'release', line);
    await continued(line);
    const before = await storedRow(stack, line);
    expect(await update('two')).toEqual(first);
    expect(await storedRow(stack, line)).toEqual(before);
    expect((await commandsOf(line)).filter((name) => name === 'instruct')).toHaveLength(1);
  });

  test('the same Idempotency-Key again, answered or interrupted before its answer: one effect', async () => {
    const line = await placeIn(stack, 'ordered');
    const headers = { 'idempotency-key': unique('key') };
    const instruct = () => command(stack, 'instruct', asked(line), {}, headers);
    const first = await instruct();
    await commandLine(stack, 'release', line);
    await continued(line);
    expect((await instruct()).body).toEqual(first.body);
    await stack.requests.answersStored();
    await stack.db.query(
      sql`update requests set answered_at = null, status = null, answer = null where key = ${headers['idempotency-key']}`,
    );
    expect((await instruct()).body.results).toMatchObject([{ ok: true, state: 'instructed', revision: 2 }]);
    expect((await commandsOf(line)).filter((name) => name === 'instruct')).toHaveLength(1);
  });

  test('the same signal in the new run leaves no second row', async () => {
    const line = await placeIn(stack, 'ordered');
    const message = { command: 'instruct', requestId: unique('R'), actor: 'admin' };
    await handleOf(line).signal('submit', message);
    await eventually(async () => (await storedRow(stack, line)).state === 'instructed');
    await commandLine(stack, 'release', line);
    await continued(line);
    const before = await commandsOf(line);
    await handleOf(line).signal('submit', message);
    expect(await commandLine(stack, 'report-stockout', line, {}, { reason: '시험' })).toMatchObject({ ok: true });
    expect(await commandsOf(line)).toEqual([...before, 'report-stockout']);
  });
});

test('commands from all sides while runs change: none is lost, none is done twice', async () => {
  const line = await placeIn(stack, 'released');
  const runs = new Set([await runOf(line)]);
  const final = async (name: string, key: string) =>
    eventually(async () => {
      const { status, body } = await command(stack, name, asked(line), { reason: '시험' }, { 'idempotency-key': key });
      const code = status === 200 ? (body.results[0].error?.code ?? 'ok') : body.code;
      return code === 'COMMAND_PENDING' || code === 'IDEMPOTENCY_KEY_BUSY' ? null : code;
      // A workflow task that lost the race with a new run is given again after its 10 s.
    });
  const codes: string[] = [];
  for (let round = 0; round < 4; round++) {
    const names = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 'report-stockout' : 'clear-stockout'));
    codes.push(...(await Promise.all(names.map((name) => final(name, unique('key'))))));
    runs.add(await runOf(line));
  }
  expect(new Set(codes)).toEqual(new Set(['ok', 'TRANSITION_NOT_ALLOWED']));
  const done = codes.filter((code) => code === 'ok').length;
  expect(await storedRow(stack, line)).toMatchObject({ revision: 3 + done });
  expect((await commandsOf(line)).slice(3)).toHaveLength(done);
  expect(runs.size).toBeGreaterThan(2);
});
