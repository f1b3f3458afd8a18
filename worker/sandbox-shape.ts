import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import {
  ThreadedVMWorkflowCreator,
  VMWorkflowThreadProxy,
  WorkerThreadClient,
} from '@temporalio/worker/lib/workflow/threaded-vm.js';
import { BaseVMWorkflow, GlobalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';

/** The SDK that the fast path was written for and measured with. */
const SDK_VERSION = '1.24.0';

/** Name under which the main thread tells its workflow threads, and itself, what was preloaded (fast-path.ts). */
export const FAST_PATH_DATA = 'workflow-fast-path';

/** Set by the thread on its answer to an activation in which no sink was called: the main thread then need not ask for the calls. */
export const NO_SINK_CALLS = 'noSinkCalls';

/** What is asked of the sandbox; false under `off`. */
export interface FastPathData {
  stackTraces: boolean;
}

const sdkVersion = (): unknown =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@temporalio/worker/package.json'), 'utf8')).version;

/** Why this SDK is not the one that the fast path knows, or null. Asked by the worker and by its workflow thread: same answer. */
export function shapeProblem(): string | null {
  const version = sdkVersion();
  if (version !== SDK_VERSION) return `@temporalio/worker is ${version}, not ${SDK_VERSION}`;
  const shape: Record<string, boolean> = {
    'the sandbox takes its time-out from create()':
      ReusableVMWorkflowCreator.create.length === 4 &&
      /timeout: isolateExecutionTimeoutMs/.test(ReusableVMWorkflowCreator.prototype.createWorkflow.toString()),
    'workflows take turns in one sandbox, each with a bag of globals':
      /holder = \{ bag: this\.pristineObj \}/.test(ReusableVMWorkflowCreator.prototype.createWorkflow.toString()) &&
      /__temporal_args = \[holder, fn, args\]/.test(ReusableVMWorkflowCreator.prototype.createWorkflow.toString()),
    'stack traces come from one promise hook':
      /createHook/.test(String(Reflect.get(GlobalHandlers.prototype, 'setPromiseHook'))) &&
      /setPromiseHook/.test(GlobalHandlers.prototype.install.toString()),
    'threads are asked by send()':
      typeof WorkerThreadClient.prototype.send === 'function' && typeof ThreadedVMWorkflowCreator.create === 'function',
    'sink calls are asked for after each activation, of one list':
      /extract-sink-calls/.test(VMWorkflowThreadProxy.prototype.getAndResetSinkCalls.toString()) &&
      /return output\.completion;/.test(VMWorkflowThreadProxy.prototype.activate.toString()) &&
      /this\.activator\.getAndResetSinkCalls\(\)/.test(BaseVMWorkflow.prototype.getAndResetSinkCalls.toString()),
  };
  const changed = Object.entries(shape).find(([, holds]) => !holds);
  return changed ? `no longer true of the SDK: ${changed[0]}` : null;
}
