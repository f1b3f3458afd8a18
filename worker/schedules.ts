import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { changeSchedule } from '../commands/change-schedule.ts';
import { keywords } from '../commands/keywords.ts';
import type { BatchConfig } from '../process/config/batches.ts';
import type { Ensure } from '../process/ensuring.ts';
import {
  BATCH_TIME_ZONE,
  type BatchId,
  type BatchStart,
  batchScheduleId,
  batchWorkflows,
} from '../workflows/messages/batches.ts';
import { searchAttributes } from '../workflows/messages/names.ts';

/** Their name in `/readyz` and the log. */
export const SCHEDULES = 'schedules';

const cronsOf = (config: BatchConfig): Record<BatchId, string> => ({
  'auto-complete': config.AUTO_COMPLETE_CRON,
  'waybill-registration': config.WAYBILL_REGISTRATION_CRON,
  'personal-data': config.PERSONAL_DATA_CRON,
  'dispatch-overdue': config.OVERDUE_CRON,
});

/** The Schedules as data: each starts its batch's workflow; while a run is in progress the next is skipped. */
function schedulesOf(config: BatchConfig, taskQueue: string): ScheduleOptions[] {
  return Object.entries(cronsOf(config)).map(([id, cron]) => {
    const batch = id as BatchId;
    const start: BatchStart = { batch, trigger: 'schedule', cron };
    return {
      scheduleId: batchScheduleId(batch, taskQueue),
      spec: { cronExpressions: [cron], timezone: BATCH_TIME_ZONE },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1h' },
      action: {
        type: 'startWorkflow',
        workflowType: batchWorkflows[batch],
        workflowId: batchScheduleId(batch, taskQueue),
        taskQueue,
        args: [start],
        typedSearchAttributes: keywords({ [searchAttributes.kind]: 'batch' }),
      },
    };
  });
}

/** Creates or updates each Schedule and keeps the operator's pause, also one of the same moment. Two workers may do so at once. */
export async function ensureSchedules(client: Client, taskQueue: string, config: BatchConfig): Promise<void> {
  for (const { scheduleId, ...ours } of schedulesOf(config, taskQueue)) {
    try {
      await client.schedule.create({ scheduleId, ...ours });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await changeSchedule(client, scheduleId, ({ state }) => ({ ...ours, state }));
    }
  }
}

/** Needs Temporal's own system worker, for a Schedule that exists already; lines do not. */
export const schedulesIn =
  (client: Client, taskQueue: string, config: BatchConfig): Ensure =>
  (deadline) =>
    client.withDeadline(deadline, () => ensureSchedules(client, taskQueue, config));
