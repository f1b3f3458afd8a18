import type { Child } from '../../../local/keeper/keeper.ts';
import { PATIENCE_MS } from '../patience.ts';

/** A child process that a test may kill. */
export interface Victim {
  pid: number;
  /** SIGKILL to its whole group; resolves when it is gone. */
  kill: () => Promise<void>;
  /** As an operator stops it. */
  stop: () => Promise<void>;
  signal: (name: NodeJS.Signals) => void;
}

/** A server that can be started again, on the same data and port. */
export interface Server extends Victim {
  start: () => Promise<void>;
}

/** The victim that this child is, also after it was started again. */
export function victimOf(child: () => Child): Victim {
  return {
    get pid() {
      return child().pid;
    },
    kill: async () => {
      process.kill(-child().pid, 'SIGKILL');
      await child().exited;
    },
    stop: async () => {
      await child().stop(PATIENCE_MS);
    },
    signal: (name) => {
      process.kill(child().pid, name);
    },
  };
}

/** A server that runs now; `again` starts another on the same data and port. */
export function serverOf(first: Child, again: () => Promise<{ child: Child }>): Server {
  let child = first;
  const start = async () => {
    child = (await again()).child;
  };
  return Object.assign(
    victimOf(() => child),
    { start },
  );
}

const no = () => {
  throw new Error('this server is shared by all tests: ask for an own one');
};
/** A server that all tests share. */
export const notOurs: Server = { pid: 0, kill: no, stop: no, signal: no, start: no };
