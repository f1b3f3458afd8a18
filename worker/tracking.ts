import type { Terms, Tracking } from '../activities/deps.ts';
import type { BatchConfig } from '../process/config/batches.ts';
import type { TrackerConfig } from '../process/config/tracker.ts';
import type { WorkerConfig } from '../process/config/worker.ts';
import { createTracker } from '../tracker/client.ts';

/** The configuration for the batches' activities. */
export function trackingOf(tracker: TrackerConfig, batches: BatchConfig): Tracking {
  return {
    tracker: createTracker({ ...tracker, DELIVERY_API_TIMEOUT_MS: batches.DELIVERY_API_TIMEOUT_MS }),
    provider: tracker.DELIVERY_API_PROVIDER,
    rowAgeSeconds: batches.BATCH_ROW_AGE_SECONDS,
    untrackedAfterDays: batches.AUTO_COMPLETE_UNTRACKED_AFTER_DAYS ?? null,
    ratePerSecond: batches.DELIVERY_API_RATE_PER_SECOND,
    retryMs: batches.DELIVERY_API_RETRY_MS,
    dailyQuota: batches.DELIVERY_TRACKING_DAILY_QUOTA ?? null,
  };
}

/** What the configuration says to the activities. */
export const settingsOf = (worker: WorkerConfig, tracker: TrackerConfig, batches: BatchConfig) => ({
  bulkConcurrency: worker.BULK_CONCURRENCY,
  tracking: trackingOf(tracker, batches),
  terms: termsOf(batches),
});

/** How long personal data are kept. */
export const termsOf = ({ TRACKING_BODY_DAYS, PERSONAL_DATA_DAYS, ACCESS_RECORD_DAYS }: BatchConfig): Terms => ({
  trackingBodyDays: TRACKING_BODY_DAYS,
  personalDataDays: PERSONAL_DATA_DAYS ?? null,
  accessRecordDays: ACCESS_RECORD_DAYS ?? null,
});
