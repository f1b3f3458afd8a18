import { getEnvironmentData } from 'node:worker_threads';
import { versionProblem } from './sdk-version.ts';
import { startWatchdog } from './watchdog.ts';

/** The only file of this folder that others import; README.md in this folder explains the fast path. */

/** The key under which preload.ts tells this process and its threads that it was loaded. */
export const FAST_PATH = 'workflow-fast-path';

export interface Preloaded {
  /** What turned the fast path off. */
  offBy?: string | undefined;
}

export interface FastPath {
  /** Whether this process's workflows use the fast path. */
  on: boolean;
  /** Why it is not used. */
  why: string;
}

export interface FastPathOptions {
  /** A module that follows `Witness` (watchdog.ts), for the watchdog's thread; null = no watchdog. */
  watchdog: URL | null;
  /** Why the tasks of this workflow fail at once, or null. */
  refusal?: (workflowId: string) => string | null;
}

let opened: Promise<FastPath> | undefined;

/**
 * Puts this process's workflows on the fast path if possible, and says whether it did. The first call decides for the life of the
 * process, because afterwards the patched SDK no longer passes the checks.
 */
export function openFastPath(options: FastPathOptions): Promise<FastPath> {
  opened ??= open(options);
  return opened;
}

async function open({ watchdog, refusal = () => null }: FastPathOptions): Promise<FastPath> {
  const why = await obstacle();
  if (why !== null) return { on: false, why };
  const { patchSdk } = await import('./patch.ts');
  patchSdk(refusal);
  if (watchdog) startWatchdog(watchdog);
  return { on: true, why: '' };
}

/** Why the SDK cannot be patched, or null. */
async function obstacle(): Promise<string | null> {
  const preloaded = getEnvironmentData(FAST_PATH) as Preloaded | undefined;
  if (preloaded === undefined) return 'not preloaded: node --import ./worker/fast-path/preload.ts';
  const known = preloaded.offBy ?? versionProblem();
  if (known !== null) return known;
  // Imported only now: in another version the SDK's files may have other names, and the worker must start anyway.
  const { shapeProblem } = await import('./sdk-shape.ts');
  return shapeProblem();
}
