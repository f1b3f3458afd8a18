import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';

/** What a workflow answers. `error` is what the client threw, for a log line or to throw it on. */
export type Answered<Outcome> =
  | { kind: 'outcome'; outcome: Outcome }
  /** `code` is absent when the failure is none of ours. */
  | { kind: 'refused'; code: string | undefined; error: Error }
  | Ended;
/** No run of this id is left to be spoken to. */
export interface Ended {
  kind: 'ended';
  error: Error;
}

type Caller = Pick<Client, 'workflow'>;

/**
 * Asks a workflow to do something, once for each update id, and waits for its answer. Throws when there is none, as long as the
 * caller lets the client wait: the command may still be done.
 */
export async function updateWorkflow<Outcome>(
  { workflow }: Caller,
  workflowId: string,
  command: string,
  message: object,
  updateId: string,
): Promise<Answered<Outcome>> {
  try {
    const outcome = await workflow.getHandle(workflowId).executeUpdate<Outcome, [object]>(command, { args: [message], updateId });
    return { kind: 'outcome', outcome };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      return { kind: 'refused', code: error.cause.type ?? undefined, error };
    if (error instanceof WorkflowNotFoundError) return { kind: 'ended', error };
    throw error;
  }
}

/** Tells a workflow something that nobody waits for. Throws when the server did not take it. */
export async function signalWorkflow(
  { workflow }: Caller,
  workflowId: string,
  signal: string,
  message: object,
): Promise<{ kind: 'sent' } | Ended> {
  try {
    await workflow.getHandle(workflowId).signal(signal, message);
    return { kind: 'sent' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'ended', error };
    throw error;
  }
}
