import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { LineKey } from '../domain/deliveries/line.ts';
import type { Tracker } from '../tracker/client.ts';
import type { ClaimSettlement } from '../workflows/messages/pickup.ts';

/** The tracker and its settings, for the batches. */
export interface Tracking {
  tracker: Tracker;
  /** The `by` in the history for the batches' commands. */
  provider: string;
  rowAgeSeconds: number;
  /** Days after which a parcel of a carrier without tracking counts as delivered; null = never. */
  untrackedAfterDays: number | null;
  ratePerSecond: number;
  retryMs: number;
  dailyQuota: number | null;
}

/** How long personal data are kept; a null term never ends. */
export interface Terms {
  /** Of callbacks, and of requests that nobody has answered. */
  trackingBodyDays: number;
  /** After the end of the order's last line. */
  personalDataDays: number | null;
  accessRecordDays: number | null;
}

/** Dependencies of all activities; one object, made once per worker. */
export interface ActivityDeps {
  db: Db;
  /** For calls from one workflow to others. */
  client: Client;
  log: Logger;
  /** Starts the workflows of what was split off lines, as an order's are. */
  startParts: (parts: readonly LineKey[]) => Promise<void>;
  /** Most rows of a bulk shipment in flight. */
  bulkConcurrency: number;
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
  /** Counted when a line refuses to settle or release a claim: its pickup and the line disagree. */
  onClaimRefused: (settlement: ClaimSettlement, code: string) => void;
  /** Counted when PostgreSQL refuses what an activity wants to store or to read. */
  onDataRefused: (operation: string) => void;
  tracking: Tracking;
  terms: Terms;
  /** Counted when the people of orders, the bodies of callbacks, unanswered requests, or access records have been erased. */
  onErased: (kind: 'order' | 'callback' | 'request' | 'access', count: number) => void;
  /** Counted when lines have been marked as overdue, each once. */
  onOverdue: (count: number) => void;
}
