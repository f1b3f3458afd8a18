import { workerData } from 'node:worker_threads';
import { createLastLog } from '../../process/log.ts';
import { type CalledWorkflow, callIn } from './calls.ts';
import type { WatchdogData, Witness } from './watchdog.ts';

/** The watchdog's thread (watchdog.ts); its data is the memory of calls.ts. */
const CHECK_MS = 1_000;
/**
 * Counted in checks, not by the clock, because a machine that slept is not in a loop: the first check after its sleep finds the call
 * that it slept in, the second does not.
 */
const TELL_AFTER_CHECKS = 2;
const STUCK_AFTER_CHECKS = 5;

const { memory, witness: url }: WatchdogData = workerData;
// Loaded now, not when it is needed: by then the process's memory may be used up.
const witness: Witness = await import(url);
const log = createLastLog('worker', process.env);
let before: number | null = null;
let silent = 0;
let told: CalledWorkflow | undefined;

function look(): void {
  const { number, who } = callIn(memory);
  silent = number !== null && number === before ? silent + 1 : 0;
  before = number;
  if (silent === 0 && told) {
    witness.returned(told);
    told = undefined;
  }
  if (silent < TELL_AFTER_CHECKS || told) return;
  const workflow = who();
  // If the call has ended meanwhile, that may be another one's name, or half of it.
  if (callIn(memory).number !== number) return;
  told = workflow;
  witness.stuck(workflow);
}

setInterval(() => {
  try {
    look();
  } catch (error) {
    log.error({ err: error }, 'the watchdog could not tell who does not answer');
  }
  if (silent < STUCK_AFTER_CHECKS) return;
  try {
    log.fatal(told, 'workflow code does not answer: the worker leaves, others go on');
  } finally {
    // A stuck main thread cannot be asked to exit, and a thread's own exit ends only the thread. This works with a full disk too.
    process.kill(process.pid, 'SIGKILL');
  }
}, CHECK_MS);
