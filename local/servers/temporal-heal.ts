import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { ChildExit } from '../keeper/keeper.ts';
import type { RunningTemporal } from './temporal.ts';

const LOOK_EVERY_MS = 2_000;
const ANSWER_MS = 2_000;
/** Restarts after this many checks in a row that found the fault. */
const LOOKS_UNTIL_RESTART = 3;

export interface HealOptions {
  namespace: string;
  /** Starts the server again on the same port and file. */
  start: () => Promise<RunningTemporal>;
  onRestart: () => void;
  /** Whether the server is in that state now; checked every two seconds. */
  isInterrupted?: () => Promise<boolean>;
}

/**
 * Restarts a dev server whose SQLite connection answers `interrupted (9)` to everything. On an overloaded machine a cancelled
 * query can leave it so for good; a restart loses nothing in its file. Resolves when the server has ended by itself.
 */
export async function healTemporal(first: RunningTemporal, options: HealOptions): Promise<ChildExit> {
  const { namespace, start, onRestart } = options;
  let server = first;
  const { isInterrupted = askCount(first.address, namespace) } = options;
  for (let met = 0; ; ) {
    const ended = await Promise.race([server.child.exited, sleep(LOOK_EVERY_MS, null)]);
    if (ended) return ended;
    met = (await isInterrupted()) ? met + 1 : 0;
    if (met < LOOKS_UNTIL_RESTART) continue;
    onRestart();
    met = 0;
    try {
      await server.child.stop();
      server = await start();
    } catch {
      // It does not start again, or everything is being stopped: either way the stack ends.
      return server.child.exited;
    }
  }
}

/** Requests a count, which reaches SQLite. Only the fault's own message counts, not slowness. */
function askCount(address: string, namespace: string): () => Promise<boolean> {
  const connection = Connection.lazy({ address, interceptors: [] });
  return async () => {
    try {
      await connection.withDeadline(Date.now() + ANSWER_MS, () =>
        connection.workflowService.countWorkflowExecutions({ namespace }),
      );
      return false;
    } catch (error) {
      return error instanceof Error && error.message.includes('interrupted (9)');
    }
  };
}
