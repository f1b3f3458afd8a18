import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { writePace } from '../db/operations/pace.ts';
import { ADMIN_WAITS_MS } from '../domain/bulk-shipments/bulk-shipment.ts';

const RECENT_MS = 5_000;
const RECENT_COUNT = 20;
const WRITE_EVERY_MS = 1_000;

/** Measures how long admins' single commands wait and writes it to `command_pace`, where bulk shipment reads it. */
export interface Pace {
  /** A single command was answered after this many ms. */
  observe: (ms: number) => void;
}

/**
 * The pace of one API process: the median of its last single commands. It is written at most once a second, while it is too long,
 * and once more when it no longer is. A failed write is only logged; bulk shipment then continues with all its slots.
 */
export function createPace({ db, log }: { db: Db; log: Logger }): Pace {
  const process = randomUUID();
  let recent: { at: number; ms: number }[] = [];
  let writtenAt = Number.NEGATIVE_INFINITY;
  let slow = false;
  return {
    observe: (ms) => {
      const now = performance.now();
      recent = [...recent.filter(({ at }) => now - at < RECENT_MS), { at: now, ms }].slice(-RECENT_COUNT);
      const median = recent.map((one) => one.ms).sort((a, b) => a - b)[Math.floor(recent.length / 2)] ?? 0;
      const isSlow = median > ADMIN_WAITS_MS;
      if ((!isSlow && !slow) || now - writtenAt < WRITE_EVERY_MS) return;
      [slow, writtenAt] = [isSlow, now];
      writePace(db.query, process, Math.round(median)).catch((error: unknown) =>
        log.warn({ err: error }, 'how long commands wait could not be written'),
      );
    },
  };
}
