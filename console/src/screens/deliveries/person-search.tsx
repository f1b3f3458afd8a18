import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api, get } from '../../api/api.ts';
import type { Delivery } from '../../list/columns.tsx';
import { asOf, type Params, useList } from '../../list/list.ts';
import { t } from '../../ui/texts.ts';

export const PATH = '/api/bo/v1/deliveries';
const SEARCH = 'deliveries of a person';
const PAGE = 200;
const fields = ['receiverName', 'ordererName', 'phone'] as const;
export type Person = Partial<Record<(typeof fields)[number], string>>;

/**
 * 배송조회 by a person. Names and numbers are sent in a body and stay in this page's memory, never in the address, storage or a log;
 * a reload loses them. The other filters are in the address as usual.
 */
export function usePersonList(params: Params) {
  const client = useQueryClient();
  const [person, setPerson] = useState<Person | null>(null);
  const all = useList<Delivery>(PATH, params);
  const found = useInfiniteQuery({
    queryKey: [PATH, params, SEARCH, person],
    enabled: person !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ pageParam }) => {
      const body = { ...params, ...person, limit: PAGE, ...(pageParam ? { cursor: pageParam } : { count: true }) };
      return get(api.POST('/api/bo/v1/deliveries/search', { body }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = useMemo(() => found.data?.pages.flatMap(({ items }) => items) ?? [], [found.data]);
  const search = (next: Person | null) => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(SEARCH) });
    setPerson(next);
  };
  const ofPerson = {
    ...all,
    ...found,
    rows,
    more,
    before: () => {},
    first: found.data?.pages[0],
    error: found.data ? null : found.error,
    trouble: found.data ? found.error : null,
    windowStart: '',
    isWindow: false,
    asOf: asOf(found.data?.pages ?? []),
  };
  return { list: person === null ? all : ofPerson, isPerson: person !== null, search };
}

/** Search by exact name or number. */
export function PersonSearch({ onSearch }: { onSearch: (person: Person | null) => void }) {
  const [typed, setTyped] = useState<Person>({});
  const [isFound, setIsFound] = useState(false);
  const asked = Object.fromEntries(fields.flatMap((name) => (typed[name]?.trim() ? [[name, typed[name].trim()]] : [])));
  const search = (person: Person | null) => {
    setIsFound(person !== null);
    onSearch(person);
  };
  return (
    <search>
      <form
        className={`filters person-search${isFound ? ' on' : ''}`}
        aria-label={t('personSearch')}
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          search(Object.keys(asked).length > 0 ? asked : null);
        }}
      >
        {fields.map((name) => (
          <label key={name} className="filter">
            <span>{t(name)}</span>
            <input
              name={name}
              value={typed[name] ?? ''}
              autoComplete="off"
              spellCheck={false}
              maxLength={name === 'phone' ? 30 : 100}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </label>
        ))}
        <button type="submit" className="primary" disabled={Object.keys(asked).length === 0}>
          {t('search')}
        </button>
        {(isFound || Object.keys(typed).length > 0) && (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setTyped({});
              search(null);
            }}
          >
            {t('forget')}
          </button>
        )}
        <span className="muted">{t(isFound ? 'personFound' : 'personNote')}</span>
      </form>
    </search>
  );
}
