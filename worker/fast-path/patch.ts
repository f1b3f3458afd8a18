import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { type ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { GlobalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { called, calledBy } from './calls.ts';
import { type SandboxGlobals, sandboxGlobals } from './globals.ts';

const STACK_TRACE_QUERY = '__stack_trace';
const TRACES_ARE_OFF =
  '스택 추적이 꺼져 있습니다 (stack traces are off). worker를 WORKFLOW_STACK_TRACES=on 으로 다시 시작하면 켜집니다 (start the worker with it to turn them on).';

/**
 * Changes the SDK's sandbox so that it can run in the worker's own thread, which saves the messages between threads: no time-out
 * per call (watchdog.ts has one for all of them), no promise hook, no copying of globals. It affects workers created with
 * `debugMode`, the SDK's name for running in that thread. A workflow with a `refusal` gets no sandbox, and its tasks fail with it.
 * Call it only once (open.ts does).
 */
export function patchSdk(refusal: (workflowId: string) => string | null): void {
  const { create } = ReusableVMWorkflowCreator;
  const NO_TIMEOUT = undefined as unknown as number;
  ReusableVMWorkflowCreator.create = function (this: typeof ReusableVMWorkflowCreator, bundle, _timeout, ...rest) {
    return create.call(this, bundle, NO_TIMEOUT, ...rest) as never;
  };
  const globalsOf = new WeakMap<ReusableVMWorkflowCreator, SandboxGlobals>();
  const { createWorkflow } = ReusableVMWorkflowCreator.prototype;
  ReusableVMWorkflowCreator.prototype.createWorkflow = async function (options) {
    const why = refusal(options.info.workflowId);
    if (why !== null) return refused(why);
    const globals = globalsOf.get(this) ?? sandboxGlobals(this);
    globalsOf.set(this, globals);
    globals.leave();
    const name = calledBy(options.info);
    const workflow = (await called(name, () => createWorkflow.call(this, options))) as ReusableVMWorkflow;
    const enter = globals.adopt(workflow);
    passBy(workflow, (call) => {
      enter();
      return called(name, call);
    });
    const query = Reflect.get(workflow, 'activator')?.queryHandlers.get(STACK_TRACE_QUERY);
    if (query) query.handler = () => TRACES_ARE_OFF;
    return workflow;
  };
  Reflect.set(GlobalHandlers.prototype, 'setPromiseHook', () => {});
  keepOwnStackTraces();
}

/** Stands for a workflow until its first task has failed; the SDK then drops it. */
const refused = (why: string): Workflow => ({
  activate: () => Promise.reject(new Error(why)),
  getAndResetSinkCalls: async () => [],
  dispose: async () => {},
});

/** Routes every call into the workflow through `by`. */
function passBy(workflow: ReusableVMWorkflow, by: <T>(call: () => T) => T): void {
  const calls: object = Reflect.get(workflow, 'workflowModule');
  const passing = new Proxy(calls, {
    get:
      (target, name) =>
      (...args: unknown[]) =>
        by(() => Reflect.get(target, name)(...args)),
  });
  Reflect.set(workflow, 'workflowModule', passing);
}

/** The SDK rewrites error stacks from the workflows' sources; in one thread it would do that to this process's own errors too. */
function keepOwnStackTraces(): void {
  const override: () => void = Reflect.get(GlobalHandlers.prototype, 'overridePrepareStackTrace');
  Reflect.set(GlobalHandlers.prototype, 'overridePrepareStackTrace', function (this: GlobalHandlers) {
    const own = Error.prepareStackTrace ?? ((error, frames) => [String(error), ...frames].join('\n    at '));
    override.call(this);
    const ofWorkflows = Error.prepareStackTrace ?? own;
    Error.prepareStackTrace = (error, frames) => (error instanceof Error ? own : ofWorkflows)(error, frames);
  });
}
