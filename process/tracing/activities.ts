import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { messageName, type Tracing } from '../../commands/tracing.ts';

/** A signal sent by hand may hold any text. */
const isCode = (command: unknown): command is string => typeof command === 'string' && /^[\w-]{1,40}$/.test(command);

/** The request and the command that an activity works for, if it is one that records. */
const inEntry = ([entry]: unknown[]) => {
  const { requestId, command } = (entry ?? {}) as Record<string, unknown>;
  return typeof requestId === 'string' ? { requestId, command: isCode(command) ? command : undefined } : {};
};

/** A span for each activity: `record` under the update or signal that asked for it, whatever process that came from. */
export const activitySpans =
  ({ span }: Tracing): ActivityInterceptorsFactory =>
  ({ info: { activityType, workflowExecution, attempt } }) => ({
    inbound: {
      execute: (input, next) => {
        const { requestId, command } = inEntry(input.args);
        const workflowId = workflowExecution?.workflowId ?? '';
        const about = { of: requestId, ...(command === undefined ? {} : { under: messageName(workflowId, command) }) };
        const facts = { 'workflow.id': workflowId, command, attempt };
        return span({ name: activityType, facts, ...about, again: attempt > 1 }, () => next(input));
      },
    },
  });
