import { workerData } from 'node:worker_threads';
import { callIn } from './calls.ts';

/** The watchdog's thread (watchdog.ts); its data is the memory of calls.ts. */
const CHECK_MS = 1_000;
/** Counted in checks, not by the clock, because a machine that slept is not in a loop. */
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
    // A stuck main thread cannot be asked to exit, and a thread's own exit ends only the thread. This works with a full disk too.
    process.kill(process.pid, 'SIGKILL');
  }
}, CHECK_MS);
