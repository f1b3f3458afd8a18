import { useEffect } from 'react';
import type { Family, Target } from '../api/jobs.ts';

type Fresh = (command: string, target: Target) => Target | undefined;
let screen: { family: Family; fresh: Fresh } | null = null;

/** The list of the moment says how its rows are now: what is retried goes with today's revision and what has been typed since. */
export function useFreshTargets(family: Family, fresh: Fresh): void {
  useEffect(() => {
    const own = { family, fresh };
    screen = own;
    return () => {
      if (screen === own) screen = null;
    };
  }, [family, fresh]);
}

/**
 * A target to be sent again; one that no list shows goes without its revision, as the row may have moved since. What takes a step back
 * keeps it: after another step it would take back that one.
 */
export function freshTarget(family: Family, command: string, target: Target): Target {
  if (command === 'undo' || command === 'reopen') return target;
  const fresh = screen?.family === family ? screen.fresh(command, target) : undefined;
  if (fresh) return fresh;
  const { revision: _old, ...rest } = target;
  return rest as Target;
}
