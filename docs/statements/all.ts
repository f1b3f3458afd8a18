import { assemblyExamples } from './assembly.ts';
import { batchExamples } from './batches.ts';
import { bulkShipmentExamples } from './bulk-shipments.ts';
import { deliveryExamples } from './deliveries.ts';
import { eventExamples } from './events.ts';
import type { Example } from './example.ts';
import { noticeExamples } from './notices.ts';
import { operationsExamples } from './operations.ts';
import { packingExamples, printingExamples } from './packing.ts';
import { pickupExamples } from './pickups.ts';
import { recordExamples } from './record.ts';
import { trackingExamples } from './tracking.ts';
import { webhookExamples } from './webhooks.ts';

/** Every list of `db/`, at least once. */
export const examples: readonly Example[] = [
  ...deliveryExamples,
  ...pickupExamples,
  ...trackingExamples,
  ...bulkShipmentExamples,
  ...assemblyExamples,
  ...batchExamples,
  ...operationsExamples,
  ...recordExamples,
  ...printingExamples,
  ...eventExamples,
  ...webhookExamples,
  ...noticeExamples,
  ...packingExamples,
];
