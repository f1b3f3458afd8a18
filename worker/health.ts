import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

export interface WorkerHealth {
  isPolling: () => boolean;
  /** Whether the lines are its version's: it is current, or none is yet. One that waits, or has a share only, leaves them to others. */
  hasTheLines: () => boolean;
  /** What cannot be reached or is not there yet. */
  missing: () => string[];
  registry: Registry;
  /** The SDK's own metrics. */
  sdkMetrics: () => Promise<string>;
  log: Logger;
}

/**
 * On `WORKER_PORT`: 200 when the worker polls, else 503, both naming what is missing; the same at `/current`, where a version that has
 * not all lines is 503 too, so that a rollout keeps those that have them; and `/metrics`.
 */
export function serveHealth(port: number, { isPolling, hasTheLines, missing, registry, sdkMetrics, log }: WorkerHealth): void {
  const metrics = async () => {
    const [ours, sdk] = await Promise.all([
      registry.metrics(),
      sdkMetrics().catch((error: unknown) => {
        log.warn({ err: error }, "the SDK's metrics could not be read");
        return '';
      }),
    ]);
    return `${ours}${sdk}`;
  };
  const server = createServer(async ({ url }, response) => {
    if (url === '/metrics') {
      response.writeHead(200, { 'content-type': registry.contentType }).end(await metrics());
      return;
    }
    const status = isPolling() ? 'polling' : 'not polling';
    const isWell = isPolling() && (url !== '/current' || hasTheLines());
    response
      .writeHead(isWell ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status, missing: missing() }));
  });
  server.listen(port);
}
