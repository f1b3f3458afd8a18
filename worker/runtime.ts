import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { DefaultLogger, Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Between finding a free port and the SDK's taking it, another process may be faster. */
const MOST_TRIES = 5;
const READ_MS = 2_000;

/** Names as Prometheus has them: units and `_total` in the name, durations in seconds. */
const naming = {
  // The SDK's own begin at 50 or 100 ms, where ours have ended.
  histogramBucketOverrides: Object.fromEntries(
    ['workflow_task_schedule_to_start_latency', 'local_activity_execution_latency', 'request_latency'].map((name) => [
      name,
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ]),
  ),
  countersTotalSuffix: true,
  unitSuffix: true,
  useSecondsForDurations: true,
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Installs the SDK's runtime with our log. With `measured` it also keeps its metrics, and the result reads them: the SDK serves them
 * by itself, on a port of loopback, from where they are passed on beside ours.
 */
export async function installRuntime(log: Logger, { measured }: { measured: boolean }): Promise<() => Promise<string>> {
  const install = (telemetryOptions: TelemetryOptions) =>
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
        log[level === 'ERROR' ? 'error' : 'warn']({ sdk: true, workflowId: meta?.workflowId, err: meta?.error }, message);
      }),
      shutdownSignals: [],
      telemetryOptions,
    });
  if (!measured) {
    install({});
    return async () => '';
  }
  for (let tries = 1; ; tries++) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      install({ metrics: { prometheus: { bindAddress, ...naming } } });
      return async () => (await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(READ_MS) })).text();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}
