import { randomUUID } from 'node:crypto';
import {
  type Client,
  isGrpcServiceError,
  ScheduleClient,
  type ScheduleDescription,
  type ScheduleUpdateOptions,
  ServiceError,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

type WorkflowService = Client['workflowService'];
type UpdateRequest = Parameters<WorkflowService['updateSchedule']>[0];

/** Changes of one Schedule at the same moment; the rest is the caller's next attempt. */
const MOST_TRIES = 10;
const FAILED_PRECONDITION = 9;

/** A header of the Schedule's action, which says whose change was the last. No workflow reads it. */
const CHANGE = 'schedule-change';
const changeIn = ({ raw }: ScheduleDescription): string | undefined => {
  const payload = raw.schedule?.action?.startWorkflow?.header?.fields?.[CHANGE];
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
};

/**
 * The SDK's client for one update of the Schedule that was read. By itself it reads the Schedule once more and sends no conflict
 * token, so that whatever changes in between is put back.
 */
function updating(client: Client, read: ScheduleDescription, change: string): ScheduleClient {
  const { workflowService } = client;
  const marked = (request: UpdateRequest): UpdateRequest => {
    const startWorkflow = request.schedule?.action?.startWorkflow;
    const fields = { ...startWorkflow?.header?.fields, [CHANGE]: defaultPayloadConverter.toPayload(change) };
    const action = { startWorkflow: { ...startWorkflow, header: { fields } } };
    return { ...request, schedule: { ...request.schedule, action }, conflictToken: read.raw.conflictToken };
  };
  const service = Object.create(workflowService, {
    describeSchedule: { value: async () => read.raw },
    updateSchedule: { value: (request: UpdateRequest) => workflowService.updateSchedule(marked(request)) },
  });
  const { namespace, identity, dataConverter } = client.options;
  const connection = Object.create(client.connection, { workflowService: { value: service } });
  return new ScheduleClient({ connection, namespace, identity, dataConverter });
}

const isConflict = (error: unknown) =>
  error instanceof ServiceError && isGrpcServiceError(error.cause) && error.cause.code === FAILED_PRECONDITION;

/**
 * Changes a Schedule from what it is, once, and again from what it is then when somebody else changes it in between. `allowed` is asked
 * after each reading and ends it by throwing. A change that arrives late, after its caller has given up, has no effect once the
 * Schedule was changed. Temporal drops such a change without a word (or refuses it), hence the look afterwards.
 */
export async function changeSchedule(
  client: Client,
  scheduleId: string,
  change: (current: ScheduleDescription) => ScheduleUpdateOptions,
  allowed: () => Promise<void> = async () => {},
): Promise<void> {
  const handle = client.schedule.getHandle(scheduleId);
  let read = await handle.describe();
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await allowed();
    const own = randomUUID();
    try {
      await updating(client, read, own).getHandle(scheduleId).update(change);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    read = await handle.describe();
    if (changeIn(read) === own) return;
  }
  throw new Error(`${scheduleId} was changed by others ${MOST_TRIES} times in a row`);
}
