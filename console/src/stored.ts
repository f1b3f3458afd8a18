import { useCallback, useState } from 'react';

/** State of a screen that survives a reload of this tab: what somebody was in the middle of typing. */
export function useStored<T>(name: string, initial: T): [T, (change: (before: T) => T) => void] {
  const key = `console.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? initial;
    } catch {
      return initial;
    }
  });
  const set = useCallback(
    (change: (before: T) => T) =>
      setValue((before) => {
        const next = change(before);
        sessionStorage.setItem(key, JSON.stringify(next));
        return next;
      }),
    [key],
  );
  return [value, set];
}
