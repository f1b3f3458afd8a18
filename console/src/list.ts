import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { errorOf, raw } from './api.ts';
import { type Job, keyOf, onSettled } from './jobs.ts';

export interface Page<Row> {
  items: Row[];
  nextCursor?: string | null;
  total?: number;
  totalIsMinimum?: boolean;
}
/** Values of a query; several under one name are an array. */
export type Params = Record<string, string | string[]>;

const PAGE = 200;
const WATCH_MS = 10_000;

export function queryOf(params: Params): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    for (const each of [value].flat()) if (each !== '') query.append(name, each);
  return query;
}

export async function page<Row>(path: string, params: Params, cursor?: string): Promise<Page<Row>> {
  const query = queryOf({ ...params, ...(cursor ? { cursor } : {}) });
  const response = await raw(`${path}?${query}`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !Array.isArray(Reflect.get(body, 'items'))) throw errorOf(response, body);
  return body as Page<Row>;
}

/** A keyset list that grows page by page as one scrolls; rows keep their place until the reader asks for news. */
export function useList<Row>(path: string, params: Params, counted = true) {
  const result = useInfiniteQuery({
    queryKey: [path, params],
    queryFn: ({ pageParam }) =>
      page<Row>(path, { limit: String(PAGE), ...params, ...(counted && !pageParam ? { count: 'true' } : {}) }, pageParam),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const rows = useMemo(() => result.data?.pages.flatMap(({ items }) => items) ?? [], [result.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = result;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  // Rows that are there stay there when reading on or anew fails; that is told apart from them.
  return { ...result, error: result.data ? null : result.error, rows, more, first: result.data?.pages[0] };
}

interface StatefulRow {
  revision: number;
  state: string;
  updatedAt: string;
}

/** Newest revision that this page has seen of a row, by its own commands too: what it did itself is no news. */
const known = new Map<string, number>();

/** How many rows of this list others have changed since it was read. */
export function useChanges<Row extends StatefulRow>(
  path: string,
  params: Params,
  rows: Row[],
  id: (row: Row) => string,
  readAt: number,
) {
  const { state, limit: _l, sort: _s, screen: _screen, ...rest } = params;
  const { data = 0 } = useQuery({
    queryKey: ['changes', path, params, readAt],
    enabled: readAt > 0,
    refetchInterval: WATCH_MS,
    queryFn: async () => {
      const since = new Date(readAt - 1_000).toISOString();
      const { items } = await page<Row>(path, { ...rest, updatedFrom: since, limit: '500' });
      const shown = new Map(rows.map((row) => [id(row), row.revision]));
      const states = new Set([state ?? []].flat());
      return items.filter((row) => {
        const key = id(row);
        const before = Math.max(shown.get(key) ?? 0, known.get(key) ?? 0);
        return row.revision > before && (shown.has(key) || states.size === 0 || states.has(row.state));
      }).length;
    },
  });
  return data;
}

const refreshed = ['/api/bo/v1/summary', '/api/bo/v1/stockouts', 'detail'];

/** After a command: rows that have moved on leave their list at once, the others are read anew. */
export function useFollowJobs(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onSettled((job: Job) => {
        const path = `/api/bo/v1/${job.family}`;
        const moved = new Map<string, string>();
        job.targets.forEach((target, at) => {
          const result = job.results[at];
          if (!result?.ok || result.state === undefined) return;
          moved.set(keyOf(target), result.state);
          if (result.revision !== undefined) known.set(keyOf(target), result.revision);
        });
        let stays = job.status === 'failed' || job.results.some(({ ok }) => !ok);
        for (const [key, data] of client.getQueriesData<InfiniteData<Page<Record<string, unknown>>>>({ queryKey: [path] })) {
          const params = key[1] as Params | undefined;
          const states = new Set([params?.state ?? []].flat());
          if (data === undefined || states.size === 0) {
            stays = true;
            continue;
          }
          if ([...moved.values()].some((state) => states.has(state))) stays = true;
          let gone = 0;
          const pages = data.pages.map((each) => {
            const items = each.items.filter((row) => {
              const state = moved.get(row.pickupNo ? String(row.pickupNo) : `${row.deliveryNo}/${row.lineNo}`);
              return state === undefined || states.has(state);
            });
            gone += each.items.length - items.length;
            return { ...each, items };
          });
          const [first, ...others] = pages;
          const total = first?.total === undefined || first.totalIsMinimum ? first?.total : first.total - gone;
          client.setQueryData(key, {
            ...data,
            pages: first ? [{ ...first, ...(total === undefined ? {} : { total }) }, ...others] : [],
          });
        }
        void client.invalidateQueries({ queryKey: [path], refetchType: stays ? 'active' : 'none' });
        for (const name of refreshed) void client.invalidateQueries({ queryKey: [name] });
        void client.invalidateQueries({ queryKey: ['/api/bo/v1/deliveries'] });
      }),
    [client],
  );
}
