import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { GlobalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { type FastPathData, shapeProblem } from './sandbox-shape.ts';

const STACK_TRACE_QUERY = '__stack_trace';
const TRACES_ARE_OFF =
  '스택 추적이 꺼져 있습니다 (stack traces are off). worker를 WORKFLOW_STACK_TRACES=on 으로 다시 시작하면 켜집니다 (start the worker with it to turn them on).';

/** In the SDK's workflow thread, before it begins: no time-out per call, and no promise hook unless stack traces are wanted. */
export function openSandbox({ stackTraces }: FastPathData): void {
  if (shapeProblem() !== null) return;
  const { create } = ReusableVMWorkflowCreator;
  const NO_TIMEOUT = undefined as unknown as number;
  ReusableVMWorkflowCreator.create = function (this: typeof ReusableVMWorkflowCreator, bundle, _timeout, ...rest) {
    return create.call(this, bundle, NO_TIMEOUT, ...rest) as never;
  };
  if (stackTraces) return;
  Reflect.set(GlobalHandlers.prototype, 'setPromiseHook', () => {});
  const { createWorkflow } = ReusableVMWorkflowCreator.prototype;
  ReusableVMWorkflowCreator.prototype.createWorkflow = async function (options) {
    const workflow = await createWorkflow.call(this, options);
    const query = Reflect.get(workflow, 'activator')?.queryHandlers.get(STACK_TRACE_QUERY);
    if (query) query.handler = () => TRACES_ARE_OFF;
    return workflow;
  };
}
