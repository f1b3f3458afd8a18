import { useCallback, useState } from 'react';

/** Reads what this tab has stored under a name; it survives a reload. */
export function stored<T>(name: string, initial: T): T {
  try {
    return JSON.parse(sessionStorage.getItem(`console.${name}`) ?? 'null') ?? initial;
  } catch {
    return initial;
  }
}

/** False when the storage is full: then a reload forgets the value, but the work continues. */
export function store(name: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(`console.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** State of a screen that survives a reload of this tab, such as a half-filled form. */
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
