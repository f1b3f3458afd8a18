import { workerData } from 'node:worker_threads';
import { callIn } from './calls.ts';

/** The watchdog's thread (watchdog.ts), whose data is the memory of calls.ts. */
const CHECK_MS = 1_000;
/** Counted in checks, not by the clock: a machine that slept has not looped. */
const STUCK_AFTER_CHECKS = 5;

const memory: SharedArrayBuffer = workerData;
let before: number | null = null;
let silent = 0;

setInterval(async () => {
  const { number, who } = callIn(memory);
  silent = number !== null && number === before ? silent + 1 : 0;
  before = number;
  if (silent < STUCK_AFTER_CHECKS) return;
  try {
    const { createLastLog } = await import('../../process/log.ts');
    createLastLog('worker', process.env).fatal(who(), 'workflow code does not answer: the worker leaves, others go on');
  } finally {
    // The main thread cannot be asked to leave, and a thread's own exit ends nothing but the thread. Also with a full disk.
    process.kill(process.pid, 'SIGKILL');
  }
}, CHECK_MS);
