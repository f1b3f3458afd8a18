import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { queryWorkflow } from '../../../commands/workflow-calls.ts';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { STATE_QUERY } from '../../../workflows/messages/names.ts';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type GrpcDoor, openGrpcDoor } from '../../support/processes/grpc-door.ts';
import { loggedOf } from '../../support/processes/looping-bundle.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import type { PlacedLine } from '../../support/scenes/orders.ts';
import { claimsOn, commandPickup, pickupIn, placedLine, SHIPPED } from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';

/** How a worker answers a query. Temporal 1.29 does not know of the query where the answer comes before somebody waits for it. */
const ANSWERS = /RespondQueryTaskCompleted$/;
/** The call by which a worker learns whether Temporal is there. */
const PROBE = /DescribeNamespace$/;
/** Longer than a worker bears to be refused. */
const LONG_REFUSED_MS = 3_000;
let stack: ProcessStack;
let door: GrpcDoor;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { COMMAND_TIMEOUT_MS: String(PATIENCE_MS) } });
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

  test('a pickup that has asked its line goes on, and its activity does not start over', () =>
    askedOfAnother(
      async () => {
        const line = await placedLine(api, SHIPPED);
        return { line, pickupNo: await pickupIn(api, 'confirmed', line, 'return') };
      },
      async ({ line, pickupNo }) => {
        expect(await loseOne(() => commandPickup(api, 'complete', pickupNo))).toMatchObject({ ok: true, state: 'completed' });
        const { events } = await stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo)).fetchHistory();
        const attempts = events?.flatMap(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? []);
        expect(attempts).toEqual([1]);
        expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'settled' } });
      },
    ));

  test('none comes at all: it is asked six times at most, and the caller decides', () =>
    askedOfAnother(
      () => placedLine(api, ['instruct']),
      async (line) => {
        const before = door.kept();
        door.set(ANSWERS, 'not-found');
        await expect(stateOf(line)).rejects.toThrow('Failed to query Workflow');
        expect(door.kept() - before).toBeGreaterThan(1);
        expect(door.kept() - before).toBeLessThanOrEqual(6);
        const { body } = await api.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
        expect(body.lines).toMatchObject([{ lineNo: line.lineNo, state: 'instructed', live: null }]);
        door.set(ANSWERS, 'open');
        expect(await stateOf(line)).toMatchObject({ lineNo: line.lineNo });
      },
    ));
});

describe('Temporal is slow', () => {
  test.each(['silent', 'canceled'] as const)(
    'the worker goes on with what it has, however a call ends at its time-out (%s)',
    async (passage) => {
      const worker = await stack.startWorker({ TEMPORAL_ADDRESS: door.address });
      const before = door.kept();
      door.set(PROBE, passage);
      await eventually(async () => door.kept() - before > 3);
      await sleep(LONG_REFUSED_MS);
      expect(loggedOf(worker.logFile).filter(({ msg }) => String(msg).startsWith('Temporal is away'))).toEqual([]);
      await placedLine(api, ['instruct']);
      door.set(PROBE, 'open');
      await worker.stop();
    },
  );
});
