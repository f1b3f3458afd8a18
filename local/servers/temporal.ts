import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { Child, Keeper } from '../keeper/keeper.ts';
import { STOP_LAST } from '../keeper/processes.ts';
import { lastLines } from './progress.ts';

export interface TemporalOptions {
  /** From `temporalExecutable`. */
  executable: string;
  port: number;
  /** Without it there is no web UI. */
  uiPort?: number;
  /** Of the server's own `/metrics`; without it the server takes any that is free. */
  metricsPort?: number | undefined;
  /** In this file workflows survive the server; without it they are in memory. */
  dbFile?: string;
  /** In addition to `default`, which always exists. */
  namespace?: string;
  logFile: string;
  dynamicConfig?: Record<string, string | number | boolean>;
  /** Name → type (`Keyword` …), set when a namespace is created. */
  searchAttributes?: Record<string, string>;
}

export interface RunningTemporal {
  /** For `TEMPORAL_ADDRESS`. */
  address: string;
  child: Child;
}

/** By default the dev server's single history shard is limited to 20 polls per second. */
const DYNAMIC_CONFIG = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.transferProcessorMaxPollHostRPS': 10000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};
/** NORMAL may lose the last commits on a power cut, but not on kill -9. */
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal'];
const START_MS = 60_000;

/**
 * Starts the dev server on 127.0.0.1 and waits until its namespace answers. Throws with the last lines of the server's log when it
 * does not start.
 */
export async function startTemporal(keeper: Keeper, options: TemporalOptions): Promise<RunningTemporal> {
  const { executable, port, uiPort, metricsPort, dbFile, namespace = 'default', logFile } = options;
  const pairs = (flag: string, values: Record<string, string>) => Object.entries(values).flatMap(([k, v]) => [flag, `${k}=${v}`]);
  const config = Object.entries({ ...DYNAMIC_CONFIG, ...options.dynamicConfig });
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (metricsPort !== undefined) args.push('--metrics-port', String(metricsPort));
  args.push(...config.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]));
  args.push(...pairs('--search-attribute', options.searchAttributes ?? {}));
  if (dbFile !== undefined) {
    prepareFile(dbFile);
    args.push('--db-filename', dbFile, ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]));
  }
  // The CLI reads flags from TEMPORAL_* variables, which are meant for our own processes.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
  const child = await keeper.spawn({ name: 'temporal', command: executable, args, env, logFile, stopOrder: STOP_LAST });
  const address = `127.0.0.1:${port}`;
  if (!(await answers(address, namespace, child))) {
    throw new Error(`Temporal did not start:\n${lastLines(logFile, 10).join('\n')}`);
  }
  if (dbFile !== undefined) writeFileSync(marker(dbFile), '');
  return { address, child };
}

/** Marks that the schema in this file is complete. */
const marker = (dbFile: string): string => `${dbFile}.complete`;

/** A server killed while creating its schema would leave a file that no later server can use. */
function prepareFile(dbFile: string): void {
  mkdirSync(dirname(dbFile), { recursive: true });
  if (existsSync(marker(dbFile))) return;
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${dbFile}${suffix}`, { force: true });
}

/** True once the namespace answers a list request, false when the server has ended. */
async function answers(address: string, namespace: string, child: Child): Promise<boolean> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + START_MS;
  while (!ended) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: '1s' });
      try {
        await connection.withDeadline(Date.now() + 2_000, () =>
          connection.workflowService.countWorkflowExecutions({ namespace }),
        );
      } finally {
        await connection.close();
      }
      return true;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
  return false;
}
