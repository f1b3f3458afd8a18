import type { Context } from 'node:vm';
import type { ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/** What the SDK keeps of a workflow's globals while another one has the sandbox: their descriptors. */
interface Holder {
  bag: Record<PropertyKey, PropertyDescriptor>;
}

const HOLDER = '__TEMPORAL_BAG_HOLDER__';
const ACTIVATOR = '__TEMPORAL_ACTIVATOR__';
const OF_ONE_WORKFLOW = 2;

/** The globals of one sandbox, which its workflows share one at a time. */
export interface SandboxGlobals {
  /** To be called before the SDK creates a workflow. */
  leave: () => void;
  /** To be called with a workflow that was created; the answer before each call into it: it then enters the short way where it can. */
  adopt: (workflow: ReusableVMWorkflow) => () => void;
}

/**
 * When another workflow enters the sandbox, the SDK copies the descriptors of every global out and compares and puts back every one,
 * each through an interceptor of Node's `vm`. Our workflows touch no global, so that one reference, to the workflow's activator, is
 * all that differs. Seen from outside the sandbox is a plain object: where nothing of it has changed, only that reference is put
 * in. A workflow that has changed a global is left to the SDK, then and ever after. Not seen: a built-in that is deleted.
 */
export function sandboxGlobals(creator: ReusableVMWorkflowCreator): SandboxGlobals {
  const context: Context = Reflect.get(creator, '_context');
  const pristine: Holder['bag'] = Reflect.get(creator, 'pristineObj');
  const shared = Reflect.ownKeys(context).map((key) => [key, Reflect.get(context, key)] as const);
  /** Workflows whose globals are the shared ones and their activator. */
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
      // The SDK, where it does the entering or leaving, finds here what it would have kept, or keeps what it found.
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
