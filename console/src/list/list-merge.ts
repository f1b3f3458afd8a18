import type { Result } from '../api/jobs.ts';
import { putUnder } from '../splits/part-rows.ts';
import type { ListData } from './list.ts';

export type Row = Record<string, unknown>;

/** Key of a line, a pickup or a delivery, in the form commands use for their targets. */
export const rowKey = (row: Row): string =>
  row.pickupNo ? String(row.pickupNo) : row.lineNo ? `${row.deliveryNo}/${row.lineNo}` : String(row.deliveryNo);

interface Order {
  /** The sort parameter: `releasedAt`, `-orderedAt`. */
  sort: string;
  /** The states the list shows; empty = all. */
  states: ReadonlySet<string>;
}

/** A line or pickup has one state, a delivery the states of its lines. A line of which nothing is left is in no list. */
export const belongs = ({ states }: Order, row: Row): boolean =>
  row.validQuantity !== 0 && (states.size === 0 || [row.state ?? row.states].flat().some((state) => states.has(String(state))));

/** Compares by the order of the list; rows without a value are last. */
export function isBefore(sort: string, one: Row, other: Row): boolean {
  const field = sort.replace('-', '');
  const [a, b] = [one[field], other[field]];
  if (a === null || a === undefined || b === null || b === undefined) return a !== null && a !== undefined;
  return sort.startsWith('-') ? String(a) > String(b) : String(a) < String(b);
}

/**
 * Merges changed rows into a list: rows it shows are replaced, or removed when they no longer belong; new ones are inserted in
 * order, unless their position is outside the pages held. All other rows stay in place.
 */
export function withChanges(data: ListData<Row>, changed: Row[], order: Order): ListData<Row> {
  const news = new Map(changed.map((row) => [rowKey(row), row]));
  let difference = 0;
  const pages = data.pages.map((page) => {
    const items = page.items.flatMap((row) => {
      const now = news.get(rowKey(row));
      if (now === undefined) return [row];
      news.delete(rowKey(row));
      return belongs(order, now) ? [now] : [];
    });
    difference += items.length - page.items.length;
    return { ...page, items };
  });
  const last = pages.at(-1);
  for (const row of news.values()) {
    if (!belongs(order, row)) continue;
    // A part stands under its line, also where the list goes on with many of the same day.
    if (pages.some(({ items }) => putUnder(items, row, order.sort))) {
      difference += 1;
      continue;
    }
    const page =
      pages.find(({ items }) => items.some((item) => isBefore(order.sort, row, item))) ?? (last?.nextCursor ? null : last);
    const isAbove = page === pages[0] && data.pageParams[0]?.previous;
    if (!page || isAbove) continue;
    const at = page.items.findIndex((item) => isBefore(order.sort, row, item));
    page.items.splice(at < 0 ? page.items.length : at, 0, row);
    difference += 1;
  }
  const counted = pages.map((page) =>
    page.total === undefined || page.totalIsMinimum ? page : { ...page, total: page.total + difference },
  );
  return { ...data, pages: counted };
}

/** What a command has made of a row. */
export type Moved = Pick<Result, 'state' | 'validQuantity'>;

/** The list without the rows that a command has moved out of it. */
export function withoutMoved(data: ListData<Row>, moved: ReadonlyMap<string, Moved>, order: Order): ListData<Row> {
  const gone = data.pages
    .flatMap(({ items }) => items)
    .flatMap((row) => {
      const now = moved.get(rowKey(row));
      return now === undefined || belongs(order, { ...now }) ? [] : [{ ...row, ...now }];
    });
  return gone.length === 0 ? data : withChanges(data, gone, order);
}
