import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { loggedOf, loopingBundle } from '../support/processes/looping-bundle.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../support/processes/process-stack.ts';
import { expectSame } from '../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeOrder, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
let bundle: string;

// Its own PostgreSQL, because it is also killed.
beforeAll(async () => {
  stack = await startProcesses({ own: ['postgres'] });
  api = await stack.startApi({}, false);
  bundle = await loopingBundle(stack.folder);
});
afterAll(() => stack.stop());

const startWorker = (more: Record<string, string> = {}) => stack.startWorker({ WORKFLOW_BUNDLE: bundle, ...more });
const startWorkflow = async (type: string) => {
  const workflowId = unique(type);
  return stack.temporal.workflow.start(type, { taskQueue: stack.taskQueue, workflowId });
};
const metricOf = async ({ url }: WorkerProcess, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};
const rowOf = async (workflowId: string) => {
  const rows = await stack.db.query(sql<{ times: number; workflow_type: string; run_id: string; held: boolean }>`
    select times, workflow_type, run_id, until > now() as held from workflow_quarantines where workflow_id = ${workflowId}`);
  return rows[0];
};
const refused = (worker: WorkerProcess) =>
  eventually(async () => (await metricOf(worker, 'workflow_quarantine_refusals_total')) > 0);
const warnedOf = ({ logFile }: WorkerProcess, workflowId: string) =>
  loggedOf(logFile).filter((line) => line.workflowId === workflowId && /^quarantined workflow/.test(line.msg));

/** The lines are commanded one after the other, on whichever workers there are. */
async function answered(command: 'instruct' | 'release', lines: PlacedLine[]): Promise<void> {
  for (const line of lines) {
    expect(await commandLine(api, command, line)).toMatchObject({ ok: true });
    await expectSame(stack, line);
  }
}

describe('one workflow whose code does not return takes one worker, not one after the other', () => {
  test('the second refuses its tasks and works for all others', async () => {
    const workflowType = 'loops';
    const workers = await Promise.all([startWorker(), startWorker()]);
    const lines = await placeOrder(api, [{}, {}, {}]);
    await answered('instruct', lines);

    const looping = await startWorkflow(workflowType);
    const { workflowId } = looping;
    const ended = await Promise.race(workers.map((worker) => worker.exited.then(() => worker)));
    const [other] = workers.filter((worker) => worker !== ended) as [WorkerProcess];
    expect(await ended.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await rowOf(workflowId)).toMatchObject({
      times: 1,
      workflow_type: workflowType,
      run_id: looping.firstExecutionRunId,
      held: true,
    });

    await refused(other);
    expect(await metricOf(other, 'workflows_quarantined')).toBe(1);
    expect(warnedOf(other, workflowId)).toMatchObject([{ level: 40, workflowType, times: 1 }]);
    await answered('release', lines);
    // A new one knows it before it polls.
    const third = await startWorker();
    expect(warnedOf(third, workflowId)).toHaveLength(1);

    await looping.terminate('seen');
    await stack.db.query(sql`update workflow_quarantines set until = now()`);
    await eventually(async () => (await metricOf(other, 'workflows_quarantined')) === 0);
    await Promise.all([other.stop(), third.stop()]);
  });

  test('after that time it is tried again, and takes one worker once more', async () => {
    const again = { WORKFLOW_QUARANTINE_MS: '15000' };
    const workers = await Promise.all([startWorker(again), startWorker(again)]);
    const looping = await startWorkflow('loops');
    const ended = await Promise.race(workers.map((worker) => worker.exited.then(() => worker)));
    const [other] = workers.filter((worker) => worker !== ended) as [WorkerProcess];
    await refused(other);
    expect(await other.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await rowOf(looping.workflowId)).toMatchObject({ times: 2 });
    await looping.terminate('seen');
  });

  test('code that fills the heap ends its worker before the watchdog does: it is known all the same', async () => {
    const worker = await startWorker({ NODE_OPTIONS: '--max-old-space-size=300' });
    const filling = await startWorkflow('fillsHeap');
    // V8 aborts; on a machine on which that takes long, the watchdog comes first.
    expect(['SIGABRT', 'SIGKILL']).toContain((await worker.exited).signal);
    expect(await rowOf(filling.workflowId)).toMatchObject({ times: 1, held: true });
    const next = await startWorker();
    const lines = await placeOrder(api);
    await answered('instruct', lines);
    await refused(next);
    await filling.terminate('seen');
    await next.stop();
  });

  test('code that returns late is no longer kept from workers', async () => {
    const worker = await startWorker();
    const slow = await startWorkflow('slow');
    expect(await slow.result()).toBe('done');
    await eventually(async () => (await rowOf(slow.workflowId))?.held === false);
    expect(await rowOf(slow.workflowId)).toMatchObject({ times: 0 });
    await worker.stop();
  });

  test('PostgreSQL away: the next worker on this machine knows it, and PostgreSQL when it is back', async () => {
    const worker = await startWorker();
    await stack.postgres.kill();
    const looping = await startWorkflow('loops');
    expect(await worker.exited).toMatchObject({ signal: 'SIGKILL' });
    const next = await startWorker();
    await refused(next);
    await stack.postgres.start();
    await eventually(async () => (await rowOf(looping.workflowId))?.held);
    const lines = await placeOrder(api);
    await answered('instruct', lines);
    await looping.terminate('seen');
    await next.stop();
  });
});

test('without the fast path the SDK fails the task itself: the worker stays, and others go on', async () => {
  const worker = await startWorker({ WORKFLOW_FAST_PATH: 'off' });
  const looping = await startWorkflow('loops');
  await eventually(async () => {
    const { events } = await looping.fetchHistory();
    return events?.some(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);
  });
  await answered('instruct', await placeOrder(api));
  await looping.terminate('seen');
  await worker.stop();
});
