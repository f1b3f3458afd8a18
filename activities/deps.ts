import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Tracker } from '../tracker/client.ts';

/** What the batches know of the tracker and how they may use it. */
export interface Tracking {
  tracker: Tracker;
  /** The `by` of what the batches do. */
  provider: string;
  rowAgeSeconds: number;
  /** Days after which a parcel of an untrackable carrier counts as delivered; null = never. */
  untrackedAfterDays: number | null;
  ratePerSecond: number;
  retryMs: number;
  dailyQuota: number | null;
}

/** What every activity may use; one object, made once per worker. */
export interface ActivityDeps {
  db: Db;
  /** For what one workflow asks of others. */
  client: Client;
  log: Logger;
  /** Rows of a bulk shipment in flight at most. */
  bulkConcurrency: number;
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
  tracking: Tracking;
}
