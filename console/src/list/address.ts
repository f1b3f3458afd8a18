import { useCallback, useState } from 'react';
import { useSearchParams } from 'react-router';
import { withOpened } from '../ui/opened.ts';

/** Opens a detail beside the list: `?delivery=` or `?pickup=`. */
export function useOpen<Row>(name: 'delivery' | 'pickup', noOf: (row: Row) => string): (row: Row) => void {
  const [, setSearch] = useSearchParams();
  return useCallback((row) => setSearch((before) => withOpened(before, { kind: name, no: noOf(row) })), [setSearch, name, noOf]);
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

const GROUPED = 'console.grouped';
/** The order in which lines of a delivery stand beside each other, whenever each was commanded. */
const BY_DELIVERY = 'deliveryNo';

/** The order of a queue: by its date, or, for whoever has chosen so on this machine, with each delivery's lines together. */
export function useGroupedSort(byDate: string): {
  sort: string;
  onSort: (sort: string | null) => void;
  isGrouped: boolean;
  setGrouped: (grouped: boolean) => void;
} {
  const [preferred, prefer] = useState(() => localStorage.getItem(GROUPED) !== null);
  const [sort, onSort] = useSort(preferred ? BY_DELIVERY : byDate);
  const [, setSearch] = useSearchParams();
  const setGrouped = (grouped: boolean) => {
    if (grouped) localStorage.setItem(GROUPED, '1');
    else localStorage.removeItem(GROUPED);
    prefer(grouped);
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('sort');
        return next;
      },
      { replace: true },
    );
  };
  return { sort, onSort, isGrouped: sort === BY_DELIVERY, setGrouped };
}
