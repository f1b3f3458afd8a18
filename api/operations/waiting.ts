import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/database.ts';
import { rowsNotStarted, unansweredRequests, type Waiting } from '../../db/requests/waiting.ts';

/**
 * What waits in PostgreSQL for a sweep, read when the metrics are: every API process says the same. While PostgreSQL is away the last
 * figures stay.
 */
export function waitingMetrics(db: Db, registry: Registry, log: Pick<Logger, 'warn'>): void {
  const pair = (name: string, help: string, read: () => Promise<Waiting>) => {
    let reading: Promise<Waiting> | undefined;
    const readOnce = () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    };
    const gauge = (own: { name: string; help: string }, of: (waiting: Waiting) => number) =>
      new Gauge({
        ...own,
        registers: [registry],
        async collect() {
          try {
            this.set(of(await readOnce()));
          } catch (error) {
            log.warn({ metric: name, err: error }, 'what waits could not be counted');
          }
        },
      });
    gauge({ name, help: `${help}, counted up to 10,000` }, ({ count }) => count);
    gauge({ name: `${name}_oldest_seconds`, help: `${help}: the age of the oldest` }, ({ age }) => age);
  };
  pair('requests_unanswered', 'Stored requests without an answer', () => unansweredRequests(db.query));
  pair('workflows_not_started', 'Lines, pickups and plans without a workflow', () => rowsNotStarted(db.query));
}
