import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { queryWorkflow } from '../../../commands/workflow-calls.ts';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { STATE_QUERY } from '../../../workflows/messages/names.ts';
import { type GrpcDoor, openGrpcDoor } from '../../support/processes/grpc-door.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import type { PlacedLine } from '../../support/scenes/orders.ts';
import { claimsOn, commandPickup, pickupIn, placedLine, SHIPPED } from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';

/** How a worker answers a query. Temporal 1.29 does not know of the query where the answer comes before somebody waits for it. */
const ANSWERS = /RespondQueryTaskCompleted$/;
let stack: ProcessStack;
let door: GrpcDoor;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses();
  door = await openGrpcDoor(stack.temporalAddress);
  api = await stack.startApi({}, false);
});
afterAll(async () => {
  await stack.stop();
  await door.close();
});

/**
 * What has been made by one worker is asked of another: Temporal has no sticky queue for it, from which it would go on by itself after
 * a second.
 */
async function askedOfAnother<T>(make: () => Promise<T>, ask: (made: T) => Promise<void>): Promise<void> {
  const first = await stack.startWorker();
  const made = await make();
  await first.stop();
  const second = await stack.startWorker({ TEMPORAL_ADDRESS: door.address });
  await ask(made);
  await second.stop();
}
const stateOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  queryWorkflow(stack.temporal, deliveryWorkflowId(deliveryNo, lineNo), STATE_QUERY);

/** Loses the answer of the next query, and of no other. */
async function loseOne<T>(work: () => Promise<T>): Promise<T> {
  const before = door.kept();
  door.set(ANSWERS, 'not-found');
  const working = work();
  working.catch(() => {});
  await eventually(async () => door.kept() > before);
  door.set(ANSWERS, 'open');
  return working;
}

describe('an answer of a workflow is lost', () => {
  test('it is asked again, and answers', () =>
    askedOfAnother(
      () => placedLine(api, ['instruct']),
      async (line) => expect(await loseOne(() => stateOf(line))).toMatchObject({ ...line, state: 'instructed' }),
    ));

  test('a pickup that has asked its line goes on: one command, one settlement', () =>
    askedOfAnother(
      async () => {
        const line = await placedLine(api, SHIPPED);
        return { line, pickupNo: await pickupIn(api, 'confirmed', line, 'return') };
      },
      async ({ line, pickupNo }) => {
        expect(await loseOne(() => commandPickup(api, 'complete', pickupNo))).toMatchObject({ ok: true, state: 'completed' });
        expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'settled' } });
      },
    ));

  test('none comes at all: the error says that it took too long, and the caller decides', () =>
    askedOfAnother(
      () => placedLine(api, ['instruct']),
      async (line) => {
        const before = door.kept();
        door.set(ANSWERS, 'not-found');
        await expect(stateOf(line)).rejects.toMatchObject({ cause: { code: 4 } });
        expect(door.kept()).toBeGreaterThan(before + 1);
        const { body } = await api.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
        expect(body.lines).toMatchObject([{ lineNo: line.lineNo, state: 'instructed', live: null }]);
        door.set(ANSWERS, 'open');
        expect(await stateOf(line)).toMatchObject({ lineNo: line.lineNo });
      },
    ));
});
