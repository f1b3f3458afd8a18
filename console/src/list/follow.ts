import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keyOf, newLinesOf, onSettled, type Settled } from '../api/jobs.ts';
import { holdsAny } from '../splits/part-rows.ts';
import { asOf, type ListData, type Params, page } from './list.ts';
import { belongs, isBefore, type Moved, type Row, rowKey, withChanges, withoutMoved } from './list-merge.ts';

const WATCH_MS = 10_000;
/** The clocks of two servers may differ by this much; rows read twice are recognized by their revision. */
const CLOCKS_MS = 5_000;
/** 2,000 rows; after larger changes the whole list is reloaded. */
const MOST_READ = 4;

/** The newest revision of each row that this page knows, including its own commands: own changes are not news. */
const known = new Map<string, number>();
const isKnown = (row: Row) => Number(row.revision) <= (known.get(rowKey(row)) ?? 0);

const statesOf = (params: Params) => new Set([params.state ?? []].flat());

interface Changed<Each> {
  rows: Each[];
  /** Whether these are all the changes. */
  isAll: boolean;
  asOf: string;
}

/** Rows within a list's filters, in any state, that have changed since an instant. */
async function changedSince<Each>(path: string, params: Params, since: string): Promise<Changed<Each>> {
  const { state: _state, sort: _sort, ...filters } = params;
  const updatedFrom = new Date(Date.parse(since) - CLOCKS_MS).toISOString();
  const found: Changed<Each> = { rows: [], isAll: false, asOf: since };
  let cursor: string | undefined;
  for (let at = 0; at < MOST_READ; at++) {
    const read = await page<Each>(path, { ...filters, updatedFrom, limit: '500' }, cursor);
    found.rows.push(...read.items);
    if (at === 0) found.asOf = read.asOf ?? since;
    if (!read.nextCursor) return { ...found, isAll: true };
    cursor = read.nextCursor;
  }
  return found;
}

interface Watched {
  path: string;
  params: Params;
  rows: Row[];
  /** Whether the list continues beyond these rows. */
  hasMore: boolean;
  asOf: string | undefined;
}

/** How many rows of this list others have changed since it was read (`asOf`, server time). */
export function useChanges({ path, params, rows, hasMore, asOf: since }: Watched): number {
  const { data = 0 } = useQuery({
    queryKey: ['changes', path, params, since],
    enabled: since !== undefined,
    refetchInterval: WATCH_MS,
    queryFn: async () => {
      const changed = await changedSince<Row>(path, params, since ?? '');
      const shown = new Map(rows.map((row) => [rowKey(row), row]));
      const order = orderOf([path, params]);
      const last = hasMore ? rows.at(-1) : undefined;
      return changed.rows.filter((row) => {
        const before = shown.get(rowKey(row));
        if (before === undefined) return belongs(order, row) && !(last && isBefore(order.sort, last, row)) && !isKnown(row);
        return typeof row.revision === 'number'
          ? row.revision > Number(before.revision) && !isKnown(row)
          : String(row.updatedAt) > String(before.updatedAt);
      }).length;
    },
  });
  return data;
}

const refreshed = ['/api/bo/v1/stockouts', 'detail'];
const SUMMARY = '/api/bo/v1/summary';
/** Parts of a large command are answered one after the other; what waits is counted once for those of this time. */
const SUMMARY_MS = 1_000;
const DELIVERIES = '/api/bo/v1/deliveries';

/** After a command: rows that moved on leave their list at once; rows that stay or arrive are read, and nothing else. */
export function useFollowJobs(): void {
  const client = useQueryClient();
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined;
    const stop = onSettled((settled) => {
      counting ??= setTimeout(() => {
        counting = undefined;
        void client.invalidateQueries({ queryKey: [SUMMARY] });
      }, SUMMARY_MS);
      const path = `/api/bo/v1/${settled.family}`;
      // Lists that are not on the screen are read again when they are opened.
      for (const name of [path, DELIVERIES]) client.removeQueries({ queryKey: [name], type: 'inactive' });
      for (const name of refreshed) void client.invalidateQueries({ queryKey: [name] });
      for (const [key, data] of client.getQueriesData<ListData<Row>>({ queryKey: [path] }))
        if (data) followList(client, key, data, settled);
      for (const [key, data] of client.getQueriesData<ListData<Row>>({ queryKey: [DELIVERIES] }))
        if (data && settled.family === 'delivery-lines') void reread(client, key, settled.since, deliveriesOf(settled));
    });
    return () => {
      clearTimeout(counting);
      stop();
    };
  }, [client]);
}

function followList(client: QueryClient, key: readonly unknown[], data: ListData<Row>, settled: Settled): void {
  const { targets, results } = settled;
  const moved = new Map<string, Moved>();
  const refused: string[] = [];
  targets.forEach((target, at) => {
    const result = results[at];
    if (!result?.ok) refused.push(keyOf(target));
    else if (result.state !== undefined) {
      const { state, validQuantity } = result;
      moved.set(keyOf(target), validQuantity === undefined ? { state } : { state, validQuantity });
    }
    if (result?.revision !== undefined) known.set(keyOf(target), result.revision);
  });
  const { states, sort } = orderOf(key);
  client.setQueryData<ListData<Row>>(key, withoutMoved(data, moved, { states, sort }));
  const made = newLinesOf(results);
  const comes = states.size === 0 || [...moved.values(), ...made].some(({ state }) => states.has(state ?? ''));
  if (refused.length === 0 && !comes) return;
  // A refused row may have moved at any time since it was read.
  const since = refused.length > 0 ? (asOf(data.pages) ?? settled.since) : settled.since;
  const own = new Set([...targets, ...made].map(keyOf));
  // The quantity of a part that has ended goes back to its line.
  const lines = data.pages.flatMap(({ items }) => items.filter((row) => holdsAny(row, own)).map(rowKey));
  void reread(client, key, since, new Set([...own, ...lines]), refused);
}

const deliveriesOf = ({ targets, results }: Settled) =>
  new Set([...targets, ...newLinesOf(results)].flatMap((target) => ('deliveryNo' in target ? [target.deliveryNo] : [])));

function orderOf(key: readonly unknown[]) {
  const params = key[1] as Params;
  return { states: statesOf(params), sort: String(params.sort ?? '-orderedAt'), params };
}

/** Reads these rows again and merges them into a visible list; other users' other changes remain news. */
async function reread(
  client: QueryClient,
  key: readonly unknown[],
  since: string,
  own: ReadonlySet<string>,
  refused: string[] = [],
): Promise<void> {
  const { params, ...order } = orderOf(key);
  const again = () => client.invalidateQueries({ queryKey: key, exact: true });
  const changed = await changedSince<Row>(String(key[0]), params, since).catch(() => null);
  if (changed === null || !changed.isAll) return again();
  const rows = changed.rows.filter((row) => own.has(rowKey(row)));
  for (const row of rows) if (typeof row.revision === 'number') known.set(rowKey(row), row.revision);
  client.setQueryData<ListData<Row>>(key, (data) => data && withChanges(data, rows, order));
  const found = new Set(rows.map(rowKey));
  // Refused and no longer in any list: canceled or wholly returned.
  if (refused.some((each) => !found.has(each))) await again();
}

/** A list with at most this many pages is reloaded as a whole. */
const FEW_PAGES = 4;

/** Loads other users' changes on request: a long list keeps its pages and only merges the changes. */
export async function bringNews(client: QueryClient, key: readonly unknown[], since: string): Promise<void> {
  const pages = client.getQueryData<ListData<Row>>(key)?.pages.length ?? 0;
  const { params, ...order } = orderOf(key);
  const changed = pages > FEW_PAGES ? await changedSince<Row>(String(key[0]), params, since) : null;
  if (changed === null || !changed.isAll) return client.invalidateQueries({ queryKey: key, exact: true });
  client.setQueryData<ListData<Row>>(key, (data) => {
    if (!data) return data;
    const merged = withChanges(data, changed.rows, order);
    return { ...merged, pages: merged.pages.map((each) => ({ ...each, asOf: changed.asOf })) };
  });
}
