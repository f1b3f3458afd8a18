import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import pLimit, { type LimitFunction } from 'p-limit';

/** A workflow's answer. `error` is what the client threw, to be logged or thrown again. */
export type Answered<Outcome> =
  | { kind: 'outcome'; outcome: Outcome }
  /** `code` is absent when the failure has no code of this system. */
  | { kind: 'refused'; code: string | undefined; error: Error }
  | Ended;
/** There is no running workflow with this id. */
export interface Ended {
  kind: 'ended';
  error: Error;
}

type Caller = Pick<Client, 'workflow'>;

/** Temporal takes ten updates of one workflow at once, and then none until some are answered. Two are left for other processes. */
const BESIDE_THE_FIRST = 7;
const lanes = new Map<string, { users: number; others?: LimitFunction }>();

/** Runs `work` when fewer than eight of this workflow are under way in this process. Most are alone, and need no queue. */
async function inLane<T>(workflowId: string, work: () => Promise<T>): Promise<T> {
  const lane = lanes.get(workflowId) ?? { users: 0 };
  lanes.set(workflowId, lane);
  const isFirst = lane.users++ === 0;
  try {
    if (isFirst) return await work();
    lane.others ??= pLimit(BESIDE_THE_FIRST);
    return await lane.others(work);
  } finally {
    if (--lane.users === 0) lanes.delete(workflowId);
  }
}

/**
 * Sends an update to a workflow, once for each update id, and waits for its answer. Throws when there is none in the time the
 * caller gives the client; the command may still be done later.
 */
export async function updateWorkflow<Outcome>(
  { workflow }: Caller,
  workflowId: string,
  command: string,
  message: object,
  updateId: string,
): Promise<Answered<Outcome>> {
  try {
    const update = { args: [message] as [object], updateId };
    const handle = workflow.getHandle(workflowId);
    const outcome = await inLane(workflowId, () => handle.executeUpdate<Outcome, [object]>(command, update));
    return { kind: 'outcome', outcome };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      return { kind: 'refused', code: error.cause.type ?? undefined, error };
    if (error instanceof WorkflowNotFoundError) return { kind: 'ended', error };
    throw error;
  }
}

/** Sends a signal, without waiting for an effect. Throws when the server did not accept it. */
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

/** Longer than the second for which Temporal itself waits for a worker that has gone before it asks another one. */
const ASK_MS = 1_500;
const ASKS = 6;
/** A server may end a call just before its deadline, and calls it canceled, as the caller's own canceling is called. */
const EARLY_MS = 50;

/**
 * Asks a workflow; undefined when there is none with this id. Asks again where no answer comes, in 9 s in all or in the time the caller
 * gives the client: Temporal can lose an answer (1.29 does where a worker gives it before matching waits for it), and would say so
 * only after 30 s.
 */
export async function queryWorkflow<State>(
  client: Pick<Client, 'workflow' | 'withDeadline'>,
  workflowId: string,
  query: string,
): Promise<State | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  for (let asked = 1; ; asked++) {
    const deadline = Date.now() + ASK_MS;
    try {
      return await client.withDeadline(deadline, () => handle.query<State>(query));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      if (asked === ASKS || Date.now() < deadline - EARLY_MS) throw error;
    }
  }
}
