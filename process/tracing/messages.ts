import type { WorkflowClientInterceptor } from '@temporalio/client';
import { messageName, type Tracing } from '../../commands/tracing.ts';

/** The stored request in a message's first argument, and the command of a signal that carries one. */
const inMessage = ([message]: unknown[]): { requestId?: string; command?: string } => {
  const { requestId, command } = (message ?? {}) as Record<string, unknown>;
  return {
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(typeof command === 'string' ? { command } : {}),
  };
};

/**
 * A span for each message to a workflow and each start. They put nothing into the messages' headers, so histories are the same with
 * and without traces.
 */
export function messageSpans({ span }: Tracing): WorkflowClientInterceptor {
  return {
    startUpdate: ({ updateName, args, workflowExecution, ...rest }, next) => {
      const { workflowId = '' } = workflowExecution;
      const about = { of: inMessage(args).requestId, as: messageName(workflowId, updateName) };
      return span({ name: `update ${updateName}`, facts: { 'workflow.id': workflowId }, ...about }, async (say) => {
        const output = await next({ updateName, args, workflowExecution, ...rest });
        const refusal = output.outcome?.failure?.applicationFailureInfo?.type;
        say({ outcome: refusal ? (/^[A-Z_]+$/.test(refusal) ? refusal : 'failed') : 'ok' });
        return output;
      });
    },
    signal: ({ signalName, args, workflowExecution, ...rest }, next) => {
      const { workflowId = '' } = workflowExecution;
      const { requestId, command = signalName } = inMessage(args);
      const about = { of: requestId, as: messageName(workflowId, command) };
      return span({ name: `signal ${signalName}`, facts: { 'workflow.id': workflowId }, ...about }, () =>
        next({ signalName, args, workflowExecution, ...rest }),
      );
    },
    startWithDetails: (input, next) =>
      span({ name: `start ${input.workflowType}`, facts: { 'workflow.id': input.options.workflowId } }, () => next(input)),
  };
}
