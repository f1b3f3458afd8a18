import { Worker } from 'node:worker_threads';
import { sandboxMemory } from './calls.ts';

/**
 * One watchdog for the process, in the place of the SDK's one per call: when workflow code has not come back for 5 s it logs which
 * workflow and run that is, and kills the process (SIGKILL, in a shell exit code 137), so that its supervisor starts a new one.
 */
export function startWatchdog(): void {
  new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData: sandboxMemory }).unref();
}
