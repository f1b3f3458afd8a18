import { existsSync } from 'node:fs';
import { createRoute, z } from '@hono/zod-openapi';
import { lacksOfPolling, ping } from '../../db/operations/workers.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer } from '../http/schemas.ts';

const PROBE_MS = 2_000;

const within = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([work, new Promise<never>((_, reject) => setTimeout(reject, PROBE_MS, new Error('no answer')).unref())]);

const upSchema = z.object({ status: z.literal('up') }).openapi('Up', { example: { status: 'up' } });
const readySchema = z
  .object({
    status: z.enum(['ready', 'not ready']),
    checks: z.record(z.string(), z.enum(['up', 'down'])),
    missing: z.array(z.string()),
  })
  .openapi('Ready', {
    example: { status: 'ready', checks: { postgresql: 'up', temporal: 'up', worker: 'up' }, missing: [] },
  });

/**
 * `/healthz` process up · `/readyz` PostgreSQL, Temporal and a polling worker are reachable now · `/metrics`. What workers could not
 * ensure yet (Schedules, search attributes) is named by `/readyz` without a 503, because commands are answered without it.
 */
export function healthRoutes(app: App, { db, temporal, taskQueue, config, metrics }: ApiDeps): void {
  /** Each answers what else is missing, and throws when it is missing itself. */
  const probes: Record<string, () => Promise<string[]>> = {
    postgresql: async () => {
      await ping(db.query);
      return [];
    },
    temporal: async () => {
      await temporal.withDeadline(Date.now() + PROBE_MS, () =>
        temporal.workflowService.describeNamespace({ namespace: temporal.options.namespace }),
      );
      return [];
    },
    worker: async () => {
      const lacks = await lacksOfPolling(db.query, taskQueue);
      if (lacks.length === 0) throw new Error('no worker polls');
      return lacks.flat();
    },
  };
  const open = { method: 'get' as const, tags: ['운영'] };
  app.openapi(
    createRoute({
      ...open,
      path: '/healthz',
      summary: '프로세스가 살아 있음',
      responses: { 200: jsonAnswer(upSchema, '살아 있음') },
    }),
    (c) => c.json({ status: 'up' as const }, 200),
  );
  app.openapi(
    createRoute({
      ...open,
      path: '/readyz',
      summary: 'PostgreSQL, Temporal, 일하는 worker에 지금 닿음',
      responses: {
        200: jsonAnswer(readySchema, '준비됨: missing에 있는 것 없이도 명령에 답합니다'),
        503: jsonAnswer(readySchema, '준비되지 않음: missing에 있는 것이 없음'),
      },
    }),
    async (c) => {
      const lacks = new Set<string>();
      const results = await Promise.all(
        Object.entries(probes).map(async ([name, probe]): Promise<[string, boolean]> => {
          try {
            for (const lack of await within(probe())) lacks.add(lack);
            return [name, true];
          } catch {
            return [name, false];
          }
        }),
      );
      if (config.READY_FILE !== undefined) results.push(['start', existsSync(config.READY_FILE)]);
      const isReady = results.every(([, ok]) => ok);
      for (const lack of lacks) results.push([lack, false]);
      const missing = results.filter(([, ok]) => !ok).map(([name]) => name);
      const checks = Object.fromEntries(results.map(([name, ok]) => [name, ok ? ('up' as const) : ('down' as const)]));
      if (!isReady) return c.json({ status: 'not ready' as const, checks, missing }, 503);
      return c.json({ status: 'ready' as const, checks, missing }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...open,
      path: '/metrics',
      summary: 'Prometheus 지표',
      responses: {
        200: {
          description: '지표',
          content: {
            'text/plain': { schema: z.string().openapi({ example: 'line_commands_total{command="ship",outcome="ok"} 3' }) },
          },
        },
      },
    }),
    async (c) => c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }) as never,
  );
}
