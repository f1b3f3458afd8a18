import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

export interface WorkerHealth {
  isPolling: () => boolean;
  /** What cannot be reached or is not there yet. */
  missing: () => string[];
  registry: Registry;
  /** The SDK's own metrics. */
  sdkMetrics: () => Promise<string>;
  log: Logger;
}

/** On `WORKER_PORT`: 200 when the worker polls, else 503, both naming what is missing; and `/metrics`. */
export function serveHealth(port: number, { isPolling, missing, registry, sdkMetrics, log }: WorkerHealth): void {
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
    response
      .writeHead(isPolling() ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status, missing: missing() }));
  });
  server.listen(port);
}
