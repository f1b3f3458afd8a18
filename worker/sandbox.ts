import { type ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { BaseVMWorkflow, GlobalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { type SandboxGlobals, sandboxGlobals } from './sandbox-globals.ts';
import { type FastPathData, NO_SINK_CALLS, shapeProblem } from './sandbox-shape.ts';

const STACK_TRACE_QUERY = '__stack_trace';
const TRACES_ARE_OFF =
  '스택 추적이 꺼져 있습니다 (stack traces are off). worker를 WORKFLOW_STACK_TRACES=on 으로 다시 시작하면 켜집니다 (start the worker with it to turn them on).';

/**
 * In the SDK's workflow thread, before it begins: no time-out per call, no promise hook unless
 * stack traces are wanted, no question about sinks that were not called, no globals carried to and fro.
 */
export function openSandbox({ stackTraces }: FastPathData): void {
  if (shapeProblem() !== null) return;
  const { create } = ReusableVMWorkflowCreator;
  const NO_TIMEOUT = undefined as unknown as number;
  ReusableVMWorkflowCreator.create = function (this: typeof ReusableVMWorkflowCreator, bundle, _timeout, ...rest) {
    return create.call(this, bundle, NO_TIMEOUT, ...rest) as never;
  };
  const { activate } = BaseVMWorkflow.prototype;
  BaseVMWorkflow.prototype.activate = async function (activation) {
    const completion = await activate.call(this, activation);
    const calls: unknown = Reflect.get(Reflect.get(this, 'activator') ?? {}, 'sinkCalls');
    if (Array.isArray(calls) && calls.length === 0) Reflect.set(completion, NO_SINK_CALLS, true);
    return completion;
  };
  const globalsOf = new WeakMap<ReusableVMWorkflowCreator, SandboxGlobals>();
  const { createWorkflow } = ReusableVMWorkflowCreator.prototype;
  ReusableVMWorkflowCreator.prototype.createWorkflow = async function (options) {
    const globals = globalsOf.get(this) ?? sandboxGlobals(this);
    globalsOf.set(this, globals);
    globals.leave();
    const workflow = await createWorkflow.call(this, options);
    globals.adopt(workflow as ReusableVMWorkflow);
    const query = Reflect.get(workflow, 'activator')?.queryHandlers.get(STACK_TRACE_QUERY);
    if (query && !stackTraces) query.handler = () => TRACES_ARE_OFF;
    return workflow;
  };
  if (!stackTraces) Reflect.set(GlobalHandlers.prototype, 'setPromiseHook', () => {});
}
