import { useCallback, useState } from 'react';

/** What this tab remembers over a reload under a name. */
export function stored<T>(name: string, initial: T): T {
  try {
    return JSON.parse(sessionStorage.getItem(`console.${name}`) ?? 'null') ?? initial;
  } catch {
    return initial;
  }
}

/** False when the storage is full: that costs the memory of a reload, never the work itself. */
export function store(name: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(`console.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** State of a screen that survives a reload of this tab: what somebody was in the middle of typing. */
export function useStored<T>(name: string, initial: T): [T, (change: (before: T) => T) => void] {
  const [value, setValue] = useState<T>(() => stored(name, initial));
  const set = useCallback(
    (change: (before: T) => T) =>
      setValue((before) => {
        const next = change(before);
        store(name, next);
        return next;
      }),
    [name],
  );
  return [value, set];
}
