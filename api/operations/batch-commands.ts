import {
  type Client,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { keywords } from '../../commands/keywords.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { notePause } from '../../db/operations/batch-pauses.ts';
import { otherRuns } from '../../db/operations/batch-runs.ts';
import { lastRuns } from '../../db/operations/list.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import {
  BATCH_TIME_ZONE,
  type BatchId,
  type BatchStart,
  batchScheduleId,
  batchWorkflows,
} from '../../workflows/messages/batches.ts';
import { searchAttributes } from '../../workflows/messages/names.ts';
import type { ApiDeps } from '../http/deps.ts';

/** Two calls of Temporal while a transaction of at most 10 s waits for them. */
const IN_TRANSACTION_MS = 4_000;

/** The Schedule's state; `cron` is the one in force, taken from the arguments of its runs. Null = no worker has created it yet. */
async function scheduleOf(client: Client, scheduleId: string) {
  try {
    const { action, state, info } = await client.schedule.getHandle(scheduleId).describe();
    const [start] = (action.args ?? []) as BatchStart[];
    return { cron: start?.cron ?? null, paused: state.paused, nextRunAt: info.nextActionTimes[0]?.toISOString() ?? null };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** A run, under way or ended; null = there is none with this id. */
async function runOf(client: Client, workflowId: string) {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** What operators do with batches, in Temporal and in our rows. */
export function batchCommands(deps: ApiDeps) {
  const { db, temporal, taskQueue, config, log } = deps;

  /** Calls Temporal within the command time-out; answers `code` when it fails. */
  const within = async <T>(
    code: 'UNAVAILABLE' | 'COMMAND_PENDING',
    work: () => Promise<T>,
    ms = config.COMMAND_TIMEOUT_MS,
  ): Promise<T> => {
    const limit = timeLimit(ms);
    try {
      return await limit.run(temporal, work);
    } catch (error) {
      if (error instanceof Problem) throw error;
      log.warn({ err: error }, 'a batch could not be reached');
      throw new Problem(code, undefined, {}, { 'retry-after': '5' });
    } finally {
      limit.clear();
    }
  };

  const shown = async <Id extends BatchId>(ids: readonly Id[], ms?: number) => {
    const last = await lastRuns(db.query, [...ids]);
    const schedules = await within(
      'UNAVAILABLE',
      () => Promise.all(ids.map((id) => scheduleOf(temporal, batchScheduleId(id, taskQueue)))),
      ms,
    );
    return ids.map((id, at) => {
      const schedule = schedules[at] ?? { cron: null, paused: false, nextRunAt: null };
      const nextRunAt = schedule.paused ? null : schedule.nextRunAt;
      return { id, ...schedule, nextRunAt, timeZone: BATCH_TIME_ZONE, lastRun: last.get(id) ?? null };
    });
  };

  /** Started under its own id, so that a repeated request starts only one run; a run next to another closes itself (beginRun). */
  const run = async (batch: BatchId, request: StoredRequest): Promise<Answer> => {
    const workflowId = `${batchScheduleId(batch, taskQueue)}-manual-${request.id}`;
    const others = await otherRuns(db.query, batch, workflowId);
    const runId = await within('COMMAND_PENDING', async () => {
      // It may have started without its caller being told, and since then another one: that one refuses nothing.
      const own = request.attempts > 1 ? await runOf(temporal, workflowId) : null;
      if (own) return own.runId;
      for (const { workflow_id } of others)
        if ((await runOf(temporal, workflow_id))?.status.name === 'RUNNING')
          throw new Problem('BATCH_RUNNING', `실행 중: ${workflow_id}`);
      const start: BatchStart = { batch, trigger: 'manual', by: request.sub };
      try {
        const handle = await temporal.workflow.start(batchWorkflows[batch], {
          workflowId,
          taskQueue,
          args: [start],
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          typedSearchAttributes: keywords({ [searchAttributes.kind]: 'batch' }),
        });
        return handle.firstExecutionRunId;
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return (await temporal.workflow.getHandle(workflowId).describe()).runId;
      }
    });
    return { status: 202, body: { workflowId, runId }, final: true };
  };

  /** The Schedule is changed under the wish's lock, so that an older wish can neither come later nor overtake a newer one. */
  const setPaused = (batch: BatchId, paused: boolean, request: StoredRequest): Promise<Answer> =>
    once(deps, request, async (query, { askedAt }) => {
      const { sub: by } = request;
      const scheduleId = batchScheduleId(batch, taskQueue);
      if (!(await notePause(query, { scheduleId, paused, by, askedAt }))) throw new Problem('SUPERSEDED');
      const handle = temporal.schedule.getHandle(scheduleId);
      const change = async () => {
        try {
          await (paused ? handle.pause(`${by}: 일시정지`) : handle.unpause(`${by}: 재개`));
        } catch (error) {
          if (error instanceof ScheduleNotFoundError) throw new Problem('BATCH_NOT_FOUND', 'worker가 아직 만들지 않았습니다');
          throw error;
        }
      };
      const ms = Math.min(config.COMMAND_TIMEOUT_MS, IN_TRANSACTION_MS);
      await within('COMMAND_PENDING', change, ms);
      const [body] = await shown([batch], ms);
      // A worker that brought the Schedule up to date at the same moment may have put the former state back.
      if (body?.paused !== paused) throw new Problem('COMMAND_PENDING');
      return { status: 200, body, final: true };
    });

  return { shown, run, setPaused };
}
