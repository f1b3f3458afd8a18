import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setWorkflowOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { BulkStart } from './messages/bulk-shipment.ts';
import { pinned } from './pinned.ts';
import { isCrowded } from './until-finished.ts';

const { shipChunk } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
});
const { finishBulk } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * 출고완료 일괄: ships a validated sheet's rows chunk by chunk. The job's rows record what is done, so a chunk may run again, late,
 * or on another worker; the workflow's history holds counts only.
 */
export async function bulkShipment(start: BulkStart): Promise<void> {
  const { jobId, continueAsNewAfter } = start;
  const finish = (canceled: boolean) => CancellationScope.nonCancellable(() => finishBulk({ jobId, canceled }));
  for (;;) {
    try {
      const { more, canceled, processed, valid } = await shipChunk({ jobId });
      setCurrentDetails(`${valid}행 중 ${processed}행 처리`);
      if (canceled || !more) return await finish(canceled);
    } catch (error) {
      // Canceled in the Temporal UI: has the same effect as the cancel route.
      if (isCancellation(error)) return await finish(true);
      throw error;
    }
    if (isCrowded(continueAsNewAfter)) await continueAsNew<typeof bulkShipment>(start);
  }
}

setWorkflowOptions(pinned, bulkShipment);
