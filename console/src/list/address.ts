import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Opens a detail beside the list: `?delivery=` or `?pickup=`. */
export function useOpen<Row>(name: 'delivery' | 'pickup', noOf: (row: Row) => string): (row: Row) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (row) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        next.set(name, noOf(row));
        return next;
      }),
    [setSearch, name, noOf],
  );
}

/** The order of the list, kept in the address too. */
export function useSort(byDefault: string): [sort: string, onSort: (sort: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const onSort = useCallback(
    (sort: string | null) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (sort === null || sort === byDefault) next.delete('sort');
          else next.set('sort', sort);
          return next;
        },
        { replace: true },
      ),
    [setSearch, byDefault],
  );
  return [search.get('sort') ?? byDefault, onSort];
}
