import { sleep } from '@temporalio/workflow';
import { delivery as unchanged } from '../../../workflows/delivery.ts';
import type { DeliveryStart } from '../../../workflows/messages/delivery.ts';

/** The delivery workflow with a step that its histories do not have: for replay.test.ts, which must notice it. */
export async function delivery(start: DeliveryStart): Promise<void> {
  await sleep('1 minute');
  await unchanged(start);
}
