import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { errorOf, raw } from '../api/api.ts';

export interface Page<Row> {
  items: Row[];
  nextCursor?: string | null;
  total?: number;
  totalIsMinimum?: boolean;
  /** When it was read, by the server's clock, because a browser's clock may be wrong. */
  asOf?: string;
}
/** Query parameters; several values under one name are an array. */
export type Params = Record<string, string | string[]>;
/** Where a page begins, and how to get back to the page before it, because cursors only go forward. */
export interface Place {
  cursor: string;
  previous: Place | null;
  total?: Pick<Page<never>, 'total' | 'totalIsMinimum'>;
}
export type ListData<Row> = InfiniteData<Page<Row>, Place>;

/** The first page fills the screen quickly; the others load while the user scrolls. */
const FIRST_PAGE = 200;
const PAGE = 500;
/** 20,000 rows are held; farther ones are read again when the user scrolls back to them. */
const MOST_PAGES = 40;

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
  const date = response.headers.get('date');
  return { ...(body as Page<Row>), ...(date ? { asOf: new Date(date).toISOString() } : {}) };
}

/** Every row of a list, as it is now, page after page; at most `most` of them, and none after `isStopped`. */
export async function readAll<Row>(
  path: string,
  params: Params,
  most: number,
  onRead: (count: number) => void = () => {},
  isStopped: () => boolean = () => false,
): Promise<{ rows: Row[]; isCut: boolean; asOf: string | undefined }> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  let first: string | undefined;
  do {
    const read = await page<Row>(path, { ...params, limit: String(PAGE) }, cursor);
    if (rows.length === 0) first = read.asOf;
    rows.push(...read.items);
    cursor = read.nextCursor ?? undefined;
    onRead(Math.min(rows.length, most));
  } while (cursor !== undefined && rows.length < most && !isStopped());
  return { rows: rows.slice(0, most), isCut: cursor !== undefined || rows.length > most, asOf: first };
}

const start: Place = { cursor: '', previous: null };

/** A keyset list that grows page by page while the user scrolls; rows keep their place until the user asks for news. */
export function useList<Row>(path: string, params: Params, counted = true) {
  const result = useInfiniteQuery({
    queryKey: [path, params],
    queryFn: async ({ pageParam: { cursor, total } }) => {
      const limit = String(cursor === '' ? FIRST_PAGE : PAGE);
      const read = await page<Row>(path, { limit, ...params, ...(counted && cursor === '' ? { count: 'true' } : {}) }, cursor);
      return { ...total, ...read };
    },
    initialPageParam: start,
    getNextPageParam: (last, _pages, place): Place | undefined => {
      const { nextCursor, total, totalIsMinimum } = last;
      if (!nextCursor) return undefined;
      const counts = total === undefined ? {} : { total: { total, ...(totalIsMinimum === undefined ? {} : { totalIsMinimum }) } };
      return { cursor: nextCursor, previous: place, ...counts };
    },
    getPreviousPageParam: (_first, _pages, place) => place.previous ?? undefined,
    maxPages: MOST_PAGES,
    // Pages already held are the same objects as before; comparing 20,000 rows with themselves takes seconds.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const { data } = result;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const { hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage } = result;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const before = useCallback(() => {
    if (hasPreviousPage && !isFetching) void fetchPreviousPage();
  }, [hasPreviousPage, isFetching, fetchPreviousPage]);
  return {
    ...result,
    // Loaded rows stay when reading further or reloading fails; that error is reported separately.
    error: data ? null : result.error,
    trouble: data ? result.error : null,
    rows,
    more,
    before,
    first: data?.pages[0],
    /** Changes when rows are dropped or added above. */
    windowStart: (data as ListData<Row> | undefined)?.pageParams[0]?.cursor ?? '',
    /** Some rows of the list are not held: a missing row may still be in the list. */
    isWindow: hasPreviousPage || (data?.pages.length ?? 0) >= MOST_PAGES,
    asOf: asOf(data?.pages ?? []),
  };
}

/** How many rows the whole list has, as its first page says. */
export const totalOf = (first: Pick<Page<never>, 'total' | 'totalIsMinimum'> | undefined) => ({
  total: first?.total,
  atLeast: first?.totalIsMinimum,
});

/** When the oldest of these pages was read. */
export const asOf = (pages: Page<unknown>[]): string | undefined =>
  pages.reduce<string | undefined>(
    (least, each) => (least && each.asOf && least < each.asOf ? least : (each.asOf ?? least)),
    undefined,
  );
