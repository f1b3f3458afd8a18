import type { Context } from 'node:vm';
import type { ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/** Where the SDK keeps the descriptors of a workflow's globals while another workflow uses the sandbox. */
interface Holder {
  bag: Record<PropertyKey, PropertyDescriptor>;
}

const HOLDER = '__TEMPORAL_BAG_HOLDER__';
const ACTIVATOR = '__TEMPORAL_ACTIVATOR__';
const OF_ONE_WORKFLOW = 2;

/** The globals of one sandbox. Its workflows use them one at a time. */
export interface SandboxGlobals {
  /** Call this before the SDK creates a workflow. */
  leave: () => void;
  /** Call this with a newly created workflow; call what it returns before each call into that workflow, to switch to it quickly. */
  adopt: (workflow: ReusableVMWorkflow) => () => void;
}

/**
 * When another workflow enters the sandbox, the SDK saves the descriptors of all globals, then compares and restores every one,
 * each through an interceptor of Node's `vm`. Our workflows change no global, so the only difference is one reference, to the
 * workflow's activator. From outside, the sandbox is a plain object: if nothing in it has changed, only that reference is
 * replaced. A workflow that has changed a global is handled by the SDK from then on. A deleted built-in is not noticed.
 */
export function sandboxGlobals(creator: ReusableVMWorkflowCreator): SandboxGlobals {
  const context: Context = Reflect.get(creator, '_context');
  const pristine: Holder['bag'] = Reflect.get(creator, 'pristineObj');
  const shared = Reflect.ownKeys(context).map((key) => [key, Reflect.get(context, key)] as const);
  /** Workflows that differ from the shared globals only in their activator; the value is the activator. */
  const plain = new WeakMap<Holder, unknown>();

  const isPlain = (): boolean => {
    const holder: Holder | undefined = context[HOLDER];
    return (
      holder !== undefined &&
      plain.get(holder) === context[ACTIVATOR] &&
      Reflect.ownKeys(context).length === shared.length + OF_ONE_WORKFLOW &&
      shared.every(([key, value]) => Reflect.get(context, key) === value)
    );
  };
  const enter = (holder: Holder): void => {
    if (context[HOLDER] === holder || !plain.has(holder) || !isPlain()) return;
    context[ACTIVATOR] = plain.get(holder);
    context[HOLDER] = holder;
  };

  return {
    leave: () => {
      if (isPlain()) context[HOLDER] = undefined;
    },
    adopt: (workflow) => {
      const holder: Holder | undefined = context[HOLDER];
      const activator: unknown = Reflect.get(workflow, 'activator');
      if (!holder || holder.bag !== pristine || context[ACTIVATOR] !== activator) return () => {};
      plain.set(holder, activator);
      // When the SDK itself switches workflows, it reads here what it would have saved, or stores here what it has saved.
      Object.defineProperty(holder, 'bag', {
        configurable: true,
        get: () => ({ ...pristine, [ACTIVATOR]: { value: activator, writable: true, enumerable: true, configurable: true } }),
        set: (value: Holder['bag']) => {
          plain.delete(holder);
          Object.defineProperty(holder, 'bag', { value, writable: true });
        },
      });
      return () => enter(holder);
    },
  };
}
