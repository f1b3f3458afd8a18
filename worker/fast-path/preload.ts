/**
 * Preloaded (`node --import`) into the worker's process: says whether its workflows take the fast path (patch.ts). Without it, with
 * `WORKFLOW_FAST_PATH=off`, and with `WORKFLOW_STACK_TRACES=on`, which needs what the fast path leaves out, the SDK is as it is.
 */
import { isMainThread, setEnvironmentData } from 'node:worker_threads';

const FAST_PATH: typeof import('./sdk-shape.ts').FAST_PATH = 'workflow-fast-path';
const { WORKFLOW_FAST_PATH, WORKFLOW_STACK_TRACES } = process.env;

/** Why the SDK stays as it is, or nothing. */
const offBy = [
  WORKFLOW_FAST_PATH === 'off' ? 'WORKFLOW_FAST_PATH=off' : '',
  WORKFLOW_STACK_TRACES === 'on' ? 'WORKFLOW_STACK_TRACES=on' : '',
].find(Boolean);

if (isMainThread) setEnvironmentData(FAST_PATH, { offBy });
