import { Worker } from 'node:worker_threads';
import { type CalledWorkflow, sandboxMemory } from './calls.ts';

/** Told by the watchdog, in its thread, what this process's own thread cannot tell. Neither may throw or take long. */
export interface Witness {
  /** Code of this workflow has not returned for two seconds. */
  stuck: (workflow: CalledWorkflow) => void;
  /** It has returned, late. */
  returned: (workflow: CalledWorkflow) => void;
}

export interface WatchdogData {
  memory: SharedArrayBuffer;
  /** Of the module that is the witness. */
  witness: string;
}

/**
 * One watchdog for the process instead of the SDK's one per call. When workflow code has not returned for two seconds, it tells the
 * witness; after 5 s it logs workflow and run and kills the process (SIGKILL, exit code 137 in a shell), so that its supervisor
 * starts a new one.
 */
export function startWatchdog(witness: URL): void {
  const workerData: WatchdogData = { memory: sandboxMemory, witness: witness.href };
  new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData }).unref();
}
