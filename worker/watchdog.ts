import { getEnvironmentData } from 'node:worker_threads';
import type { Worker } from '@temporalio/worker';
import { ThreadedVMWorkflowCreator, type WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import { FAST_PATH_DATA, shapeProblem } from './sandbox-shape.ts';
import { skipEmptySinkCalls } from './sink-calls.ts';

const CHECK_MS = 1_000;
/** Counted in checks, not by the clock: a machine that slept has not looped. */
const STUCK_AFTER_CHECKS = 5;

/** The workflow whose code the thread was in when it stopped answering. */
export interface Stuck {
  workflowId: string | undefined;
  workflowType: string | undefined;
  runId: string | undefined;
}

/** Whether this process's workflow threads run without the SDK's own time-out, and if not, why. */
export function fastPath(): { on: boolean; why: string } {
  const data = getEnvironmentData(FAST_PATH_DATA);
  if (data === undefined) return { on: false, why: 'not preloaded: node --import ./worker/fast-path.ts' };
  if (data === false) return { on: false, why: 'WORKFLOW_FAST_PATH=off' };
  const problem = shapeProblem();
  return problem === null ? { on: true, why: '' } : { on: false, why: problem };
}

/**
 * One watchdog for each workflow thread, in the place of the SDK's one per call: calls `onStuck` once when a thread has not answered
 * for 5 s. Ends by the function it answers. What the thread need not be asked, it no longer is (sink-calls.ts).
 */
export function watchWorkflowThreads(worker: Worker, onStuck: (where: Stuck) => void): () => void {
  const creator = Reflect.get(worker, 'workflowCreator');
  if (!(creator instanceof ThreadedVMWorkflowCreator)) throw new Error('the worker has no workflow thread to watch');
  const clients: WorkerThreadClient[] = Reflect.get(creator, 'workerThreadClients');
  const checks = clients.map(watch);
  for (const client of clients) skipEmptySinkCalls(client);
  const timer = setInterval(() => {
    const stuck = checks.map((check) => check()).find((where) => where !== null);
    if (!stuck) return;
    clearInterval(timer);
    onStuck(stuck);
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Listens to what a thread is asked; the check answers what it has been silent over for too long. */
function watch(client: WorkerThreadClient): () => Stuck | null {
  const asked = new Map<symbol, string | undefined>();
  const workflows = new Map<string, { workflowId: string; workflowType: string }>();
  let answers = 0;
  const send = client.send.bind(client);
  client.send = async (input) => {
    const id = Symbol();
    const runId = runOf(input);
    if (input.type === 'create-workflow') {
      const { workflowId, workflowType } = input.options.info;
      workflows.set(input.options.info.runId, { workflowId, workflowType });
    }
    asked.set(id, runId);
    try {
      return await send(input);
    } finally {
      asked.delete(id);
      answers++;
      if (input.type === 'dispose-workflow' && runId !== undefined) workflows.delete(runId);
    }
  };
  let before = 0;
  let silent = 0;
  return () => {
    silent = asked.size > 0 && answers === before ? silent + 1 : 0;
    before = answers;
    if (silent < STUCK_AFTER_CHECKS) return null;
    const [runId] = asked.values();
    const { workflowId, workflowType } = workflows.get(runId ?? '') ?? {};
    return { runId, workflowId, workflowType };
  };
}

type Input = Parameters<WorkerThreadClient['send']>[0];

function runOf(input: Input): string | undefined {
  if (input.type === 'create-workflow') return input.options.info.runId;
  return 'runId' in input ? input.runId : undefined;
}
