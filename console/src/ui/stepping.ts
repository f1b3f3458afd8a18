import { useSyncExternalStore } from 'react';

/** From the open detail to that of the previous (-1) or the next (1) row. */
export type By = -1 | 1;
export interface Stepping {
  go: (by: By) => void;
  /** Whether there is a row to go to. */
  back: boolean;
  on: boolean;
}

/** What the list beside the open detail offers; null where there is no list. */
let offered: Stepping | null = null;
const listeners = new Set<() => void>();

export function offerSteps(steps: Stepping | null): void {
  if (offered?.go === steps?.go && offered?.back === steps?.back && offered?.on === steps?.on) return;
  offered = steps;
  for (const listener of listeners) listener();
}
/** Takes an offer back, unless another list has made its own by now. */
export function withdrawSteps(go: Stepping['go']): void {
  if (offered?.go === go) offerSteps(null);
}
export const useSteps = (): Stepping | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
