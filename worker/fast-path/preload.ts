/**
 * Preloaded into the worker's process (`node --import`): declares that its workflows may use the fast path (open.ts). The SDK stays
 * unchanged without this file, with `WORKFLOW_FAST_PATH=off`, and with `WORKFLOW_STACK_TRACES=on`, which the fast path cannot give.
 */
import { isMainThread, setEnvironmentData } from 'node:worker_threads';

const FAST_PATH: typeof import('./open.ts').FAST_PATH = 'workflow-fast-path';
const { WORKFLOW_FAST_PATH, WORKFLOW_STACK_TRACES } = process.env;

/** Why the SDK stays unchanged, if it does. */
const offBy = [
  WORKFLOW_FAST_PATH === 'off' ? 'WORKFLOW_FAST_PATH=off' : '',
  WORKFLOW_STACK_TRACES === 'on' ? 'WORKFLOW_STACK_TRACES=on' : '',
].find(Boolean);

if (isMainThread) setEnvironmentData(FAST_PATH, { offBy } satisfies import('./open.ts').Preloaded);
