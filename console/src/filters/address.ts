import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** New values of filters; none = without the filter. */
export type Put = (values: Record<string, readonly string[]>) => void;

/** The filters in the address, and how to change them: a reload, a link and the back button keep them. */
export function useFilterAddress(): [URLSearchParams, Put] {
  const [search, setSearch] = useSearchParams();
  const put = useCallback<Put>(
    (values) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, some] of Object.entries(values)) {
            next.delete(name);
            for (const value of some) if (value !== '') next.append(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [search, put];
}

export const onlyOne = (value: string): string[] => (value === '' ? [] : [value]);
