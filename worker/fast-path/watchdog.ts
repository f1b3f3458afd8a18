import { Worker } from 'node:worker_threads';
import { sandboxMemory } from './calls.ts';

/**
 * One watchdog for the process instead of the SDK's one per call. When workflow code has not returned for 5 s, it logs workflow and
 * run and kills the process (SIGKILL, exit code 137 in a shell), so that its supervisor starts a new one.
 */
export function startWatchdog(): void {
  new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData: sandboxMemory }).unref();
}
