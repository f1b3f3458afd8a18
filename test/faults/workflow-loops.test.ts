import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { loggedOf, loopingBundle } from '../support/processes/looping-bundle.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, heldBy } from '../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeOrder, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
let bundle: string;

beforeAll(async () => {
  stack = await startProcesses();
  api = await stack.startApi({}, false);
  bundle = await loopingBundle(stack.folder);
});
afterAll(() => stack.stop());

const traceOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  heldBy<string>(stack, deliveryWorkflowId(deliveryNo, lineNo), '__stack_trace');

describe('workflow code that loops for ever', () => {
  test.each(['loops', 'loopsAwaiting'])(
    'with the fast path the worker says where, leaves with an error, and another goes on: no line is lost (%s)',
    async (workflowType) => {
      const first = await stack.startWorker({ WORKFLOW_BUNDLE: bundle, WORKFLOW_FAST_PATH: 'on' });
      const lines = (await placeOrder(api, [{}, {}, {}])) as [PlacedLine, PlacedLine, PlacedLine];
      for (const line of lines) expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true });
      const workflowId = unique('loops');
      const looping = await stack.temporal.workflow.start(workflowType, { taskQueue: stack.taskQueue, workflowId });

      expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
      const fatal = loggedOf(first.logFile).find(({ level }) => level === 60);
      expect(fatal).toMatchObject({ workflowId, workflowType, runId: looping.firstExecutionRunId });

      await looping.terminate('seen');
      const second = await stack.startWorker();
      for (const line of lines) {
        expect(await commandLine(api, 'release', line)).toMatchObject({ ok: true, state: 'released', revision: 3 });
        await expectSame(stack, line);
      }
      await second.stop();
    },
  );

  test.each(['on', 'off'])("what a workflow logs reaches the worker's log, each line once (fast path %s)", async (fastPath) => {
    const worker = await stack.startWorker({ WORKFLOW_BUNDLE: bundle, WORKFLOW_FAST_PATH: fastPath });
    const workflowId = unique('logs');
    await stack.temporal.workflow.execute('logs', { taskQueue: stack.taskQueue, workflowId });
    const logged = () => loggedOf(worker.logFile).filter((line) => line.workflowId === workflowId);
    await eventually(async () => logged().length >= 2);
    expect(logged().map(({ msg }) => msg)).toEqual(['after a quiet activation', 'after two more']);
    await worker.stop();
  });

  test.each(['on', 'off'])('what one workflow makes of its globals no other one sees (fast path %s)', async (fastPath) => {
    const worker = await stack.startWorker({ WORKFLOW_BUNDLE: bundle, WORKFLOW_FAST_PATH: fastPath });
    const run = (mine: string | null): Promise<unknown[]> =>
      stack.temporal.workflow.execute('litters', { taskQueue: stack.taskQueue, workflowId: unique('litters'), args: [mine] });
    const clean = [null, 'object', null, 'object', null, 'object'];
    const own = (mine: string) => [mine, 'string', mine, 'string', mine, 'string'];
    for (const turn of ['first', 'second'])
      expect(await Promise.all([null, `${turn} a`, null, `${turn} b`, null].map(run))).toEqual([
        clean,
        own(`${turn} a`),
        clean,
        own(`${turn} b`),
        clean,
      ]);
    const [line] = (await placeOrder(api)) as [PlacedLine];
    expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true });
    await worker.stop();
  });

  test('the stack trace query of the Temporal UI says that traces are off and how to turn them on', async () => {
    const [line] = (await placeOrder(api)) as [PlacedLine];
    const without = await stack.startWorker({ WORKFLOW_FAST_PATH: 'on' });
    expect(await traceOf(line)).toContain('WORKFLOW_STACK_TRACES=on');
    await without.stop();
    const traced = await stack.startWorker({ WORKFLOW_FAST_PATH: 'on', WORKFLOW_STACK_TRACES: 'on' });
    expect(await traceOf(line)).toContain('delivery.ts');
    await traced.stop();
  });
});
