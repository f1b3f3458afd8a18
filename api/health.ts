import { existsSync } from 'node:fs';
import type { ApiDeps, App } from './deps.ts';

const PROBE_MS = 2_000;
/** A worker says every second that it polls. */
const WORKER_SILENT_AFTER = '10 seconds';

const within = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([work, new Promise<never>((_, reject) => setTimeout(reject, PROBE_MS, new Error('no answer')).unref())]);

/** `/healthz` process up · `/readyz` PostgreSQL, Temporal and a polling worker are reachable now · `/metrics`. */
export function healthRoutes(app: App, { db, temporal, taskQueue, config, metrics }: ApiDeps): void {
  const probes: Record<string, () => Promise<unknown>> = {
    postgresql: () => db.query('select 1'),
    temporal: () =>
      temporal.withDeadline(Date.now() + PROBE_MS, () =>
        temporal.workflowService.describeNamespace({ namespace: temporal.options.namespace }),
      ),
    worker: async () => {
      const rows = await db.query(
        `select 1 from workers where task_queue = $1 and seen_at > now() - interval '${WORKER_SILENT_AFTER}' limit 1`,
        [taskQueue],
      );
      if (rows.length === 0) throw new Error('no worker polls');
    },
  };
  app.get('/healthz', (c) => c.json({ status: 'up' }));
  app.get('/readyz', async (c) => {
    const results = await Promise.all(
      Object.entries(probes).map(
        async ([name, probe]): Promise<[string, boolean]> => [
          name,
          await within(probe()).then(
            () => true,
            () => false,
          ),
        ],
      ),
    );
    if (config.READY_FILE !== undefined) results.push(['start', existsSync(config.READY_FILE)]);
    const missing = results.filter(([, ok]) => !ok).map(([name]) => name);
    const checks = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'up' : 'down']));
    return c.json({ status: missing.length === 0 ? 'ready' : 'not ready', checks, missing }, missing.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );
}
