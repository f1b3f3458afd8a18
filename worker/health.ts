import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

export interface WorkerHealth {
  isPolling: () => boolean;
  /** What cannot be reached or is not there yet. */
  missing: () => string[];
  registry: Registry;
}

/** On `WORKER_PORT`: 200 when the worker polls, else 503, both naming what is missing; and `/metrics`. */
export function serveHealth(port: number, { isPolling, missing, registry }: WorkerHealth): void {
  const server = createServer(async ({ url }, response) => {
    if (url === '/metrics') {
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
      return;
    }
    const status = isPolling() ? 'polling' : 'not polling';
    response
      .writeHead(isPolling() ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status, missing: missing() }));
  });
  server.listen(port);
}
