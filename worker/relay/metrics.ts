import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/database.ts';
import { waitingRows } from '../../db/tracking/journal.ts';

/** Rows waiting in the journal, counted when the metrics are read; while PostgreSQL is away the last count stays. */
export function relayMetrics(db: Db, registry: Registry, log: Logger): void {
  const gauge = (name: string, help: string, read: (waiting: { count: number; age: number }) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        try {
          this.set(read(await waitingRows(db)));
        } catch (error) {
          log.warn({ err: error }, 'the journal could not be counted');
        }
      },
    });
  gauge('tracking_journal_waiting', 'Callbacks stored and not applied yet', ({ count }) => count);
  gauge('tracking_journal_oldest_seconds', 'Age of the oldest callback that waits to be applied', ({ age }) => age);
}
