/**
 * Preloaded (`node --import`) into the worker's process, which its threads inherit. A workflow thread of the SDK then runs its
 * sandbox without the two things that cost most of a command's CPU: a watchdog thread for every call into a workflow (one
 * watchdog for the whole thread does that, watchdog.ts), and a source-mapped stack trace for every promise. Nothing else is
 * touched. `WORKFLOW_FAST_PATH=off` leaves the SDK as it is, `WORKFLOW_STACK_TRACES=on` keeps the traces.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import type { FastPathData } from './sandbox-shape.ts';

const DATA: typeof import('./sandbox-shape.ts').FAST_PATH_DATA = 'workflow-fast-path';
const WORKFLOW_THREAD = /[\\/]@temporalio[\\/]worker[\\/]lib[\\/]workflow[\\/]workflow-worker-thread\.js$/;

if (isMainThread) {
  const data: FastPathData | false = process.env.WORKFLOW_FAST_PATH !== 'off' && {
    stackTraces: process.env.WORKFLOW_STACK_TRACES === 'on',
  };
  setEnvironmentData(DATA, data);
} else if (getEnvironmentData(DATA) && WORKFLOW_THREAD.test(process.argv[1] ?? '')) {
  const { openSandbox } = await import('./sandbox.ts');
  openSandbox(getEnvironmentData(DATA) as FastPathData);
}
