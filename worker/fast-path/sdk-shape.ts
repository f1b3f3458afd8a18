import { Worker } from '@temporalio/worker';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { GlobalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';

/** The part of the SDK's code that is not as the fast path expects, or null. Call it before patch.ts changes that code. */
export function shapeProblem(): string | null {
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
    "stacks of workflows' errors are written by one function": /Error\.prepareStackTrace = /.test(
      String(Reflect.get(GlobalHandlers.prototype, 'overridePrepareStackTrace')),
    ),
    "debugMode means the worker's own thread":
      /if \(compiledOptions\.debugMode\) \{\s+if \(compiledOptions\.reuseV8Context\) \{\s+return await reusable_vm/.test(
        String(Reflect.get(Worker, 'createWorkflowCreator')),
      ),
  };
  const changed = Object.entries(shape).find(([, holds]) => !holds);
  return changed ? `no longer true of the SDK: ${changed[0]}` : null;
}
