import {
  type Client,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { changeSchedule } from '../../commands/change-schedule.ts';
import { keywords } from '../../commands/keywords.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { isNewestPause, notePause } from '../../db/operations/batch-pauses.ts';
import { otherRuns } from '../../db/operations/batch-runs.ts';
import { withNames } from '../../db/operations/callers.ts';
import { lastRuns } from '../../db/operations/list.ts';
import { askedAtOf } from '../../db/requests/find.ts';
import { Problem } from '../../domain/problems.ts';
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
  const within = async <T>(code: 'UNAVAILABLE' | 'COMMAND_PENDING', work: () => Promise<T>): Promise<T> => {
    const limit = timeLimit(config.COMMAND_TIMEOUT_MS);
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

  type Schedule = Awaited<ReturnType<typeof scheduleOf>>;
  const lastNamed = async (ids: readonly BatchId[]) => {
    const runs = await lastRuns(db.query, [...ids]);
    const named = await withNames(db.query, [...runs.values()]);
    return new Map([...runs.keys()].map((id, at) => [id, named[at] ?? null]));
  };
  const stateOf = <Id extends BatchId>(id: Id, found: Schedule, last: Awaited<ReturnType<typeof lastNamed>>) => {
    const schedule = found ?? { cron: null, paused: false, nextRunAt: null };
    const nextRunAt = schedule.paused ? null : schedule.nextRunAt;
    return { id, ...schedule, nextRunAt, timeZone: BATCH_TIME_ZONE, lastRun: last.get(id) ?? null };
  };

  const shown = async <Id extends BatchId>(ids: readonly Id[]) => {
    const last = await lastNamed(ids);
    const schedules = await within('UNAVAILABLE', () =>
      Promise.all(ids.map((id) => scheduleOf(temporal, batchScheduleId(id, taskQueue)))),
    );
    return ids.map((id, at) => stateOf(id, schedules[at] ?? null, last));
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

  /**
   * Notes the wish, and then changes the Schedule from what it was read as after that, if no newer wish has been noted: so an older
   * wish neither overtakes a newer one nor puts it back when it arrives late. Nothing of PostgreSQL is held meanwhile.
   */
  const setPaused = async (batch: BatchId, paused: boolean, request: StoredRequest): Promise<Answer> => {
    const { id, sub: by } = request;
    const scheduleId = batchScheduleId(batch, taskQueue);
    const wish = { scheduleId, paused, by, askedAt: await askedAtOf(db.query, id) };
    if (!(await notePause(db.query, wish))) throw new Problem('SUPERSEDED');
    const isNewest = async () => {
      if (!(await isNewestPause(db.query, wish))) throw new Problem('SUPERSEDED');
    };
    const schedule = await within('COMMAND_PENDING', async () => {
      try {
        const note = `${by}: ${paused ? '일시정지' : '재개'}`;
        await changeSchedule(
          temporal,
          scheduleId,
          ({ spec, action, policies, state }) => ({ spec, action, policies, state: { ...state, paused, note } }),
          isNewest,
        );
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) throw new Problem('BATCH_NOT_FOUND', 'worker가 아직 만들지 않았습니다');
        throw error;
      }
      return scheduleOf(temporal, scheduleId);
    });
    return { status: 200, body: stateOf(batch, schedule, await lastNamed([batch])), final: true };
  };

  return { shown, run, setPaused };
}
