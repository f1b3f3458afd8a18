import { useEffect } from 'react';
import type { Family, Target } from '../api/jobs.ts';

/** null = what is typed for the row keeps it from being sent. */
type Fresh = (command: string, target: Target, more: Record<string, unknown>) => Target | null | undefined;
let screen: { family: Family; fresh: Fresh } | null = null;

/** The current list provides its rows, so that a retry uses their current revision and input. */
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
 * A target to be sent again. If no list shows the row, its revision is left out, because the row may have moved since. A command
 * that undoes a step keeps the revision: after another step it would undo that one. null = it must not be sent now.
 */
export function freshTarget(family: Family, command: string, target: Target, more: Record<string, unknown>): Target | null {
  if (command === 'undo' || command === 'reopen') return target;
  const fresh = screen?.family === family ? screen.fresh(command, target, more) : undefined;
  // How much of the line was meant, and where its waybill comes from, was said in a dialog, and the list does not know it.
  const said = fresh && {
    ...('quantity' in target ? { quantity: target.quantity } : {}),
    ...('autoWaybill' in target && !fresh.waybillNo ? { autoWaybill: target.autoWaybill } : {}),
  };
  if (fresh !== undefined) return fresh && ({ ...fresh, ...said } as Target);
  const { revision: _old, ...rest } = target;
  return rest as Target;
}
