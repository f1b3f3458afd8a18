import { getEnvironmentData } from 'node:worker_threads';
import { versionProblem } from './sdk-version.ts';
import { startWatchdog } from './watchdog.ts';

/** The only file of this folder that others import; README.md beside it says what the fast path is. */

/** Name under which preload.ts says, for this process and its threads, that it was loaded. */
export const FAST_PATH = 'workflow-fast-path';

export interface Preloaded {
  /** What turned the fast path off. */
  offBy?: string | undefined;
}

export interface FastPath {
  /** Whether workflows of this process take it. */
  on: boolean;
  /** Why not. */
  why: string;
}

let opened: Promise<FastPath> | undefined;

/**
 * Puts the workflows of this process on the fast path where that is possible, and says whether they are. The first call decides for
 * as long as the process lives: what it patches no longer looks like the SDK that the checks know.
 */
export function openFastPath({ watchdog }: { watchdog: boolean }): Promise<FastPath> {
  opened ??= open(watchdog);
  return opened;
}

async function open(watchdog: boolean): Promise<FastPath> {
  const why = await obstacle();
  if (why !== null) return { on: false, why };
  const { patchSdk } = await import('./patch.ts');
  patchSdk();
  if (watchdog) startWatchdog();
  return { on: true, why: '' };
}

/** Why the SDK stays as it is, or null. */
async function obstacle(): Promise<string | null> {
  const preloaded = getEnvironmentData(FAST_PATH) as Preloaded | undefined;
  if (preloaded === undefined) return 'not preloaded: node --import ./worker/fast-path/preload.ts';
  const known = preloaded.offBy ?? versionProblem();
  if (known !== null) return known;
  // Imported only now: in another version the SDK's own files may have other names, and the worker must start all the same.
  const { shapeProblem } = await import('./sdk-shape.ts');
  return shapeProblem();
}
