import { useSyncExternalStore } from 'react';

/** Whether the one search of every screen is open; screens offer it by buttons and keys of their own. */
let isOpen = false;
const listeners = new Set<() => void>();
const set = (open: boolean) => {
  isOpen = open;
  for (const listener of listeners) listener();
};
export const openSearch = (): void => set(true);
export const closeSearch = (): void => set(false);
export const useSearchOpen = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOpen,
  );
