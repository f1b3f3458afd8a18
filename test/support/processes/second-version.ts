/** The worker's workflows as a later version has them: a bulk shipment does other things, so one of the first version does not replay. */
import { setWorkflowOptions, sleep } from '@temporalio/workflow';
import { bulkShipment as first } from '../../../workflows/bulk-shipment.ts';
import type { BulkStart } from '../../../workflows/messages/bulk-shipment.ts';
import { pinned } from '../../../workflows/pinned.ts';

export { assemblyPlan } from '../../../workflows/assembly-plan.ts';
export { autoComplete, erasePersonalData, waybillRegistration } from '../../../workflows/batches.ts';
export { delivery } from '../../../workflows/delivery.ts';
export { pickup } from '../../../workflows/pickup.ts';

export async function bulkShipment(start: BulkStart): Promise<void> {
  await sleep(1);
  await first(start);
}

setWorkflowOptions(pinned, bulkShipment);
