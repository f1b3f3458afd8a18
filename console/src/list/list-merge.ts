import type { ListData } from './list.ts';

export type Row = Record<string, unknown>;

/** Of a line, a pickup or a delivery, as targets of commands name them. */
export const rowKey = (row: Row): string =>
  row.pickupNo ? String(row.pickupNo) : row.lineNo ? `${row.deliveryNo}/${row.lineNo}` : String(row.deliveryNo);

interface Order {
  /** As the list asks for it: `releasedAt`, `-orderedAt`. */
  sort: string;
  /** The states the list shows; empty = all. */
  states: ReadonlySet<string>;
}

/** A line and a pickup have one state, a delivery those of its lines. */
export const belongs = ({ states }: Order, row: Row): boolean =>
  states.size === 0 || [row.state ?? row.states].flat().some((state) => states.has(String(state)));

/** Where a value comes in the order of the list; what has none is last. */
export function isBefore(sort: string, one: Row, other: Row): boolean {
  const field = sort.replace('-', '');
  const [a, b] = [one[field], other[field]];
  if (a === null || a === undefined || b === null || b === undefined) return a !== null && a !== undefined;
  return sort.startsWith('-') ? String(a) > String(b) : String(a) < String(b);
}

/**
 * A list with these changed rows: those that are shown are replaced, or leave when they no longer belong; those that have come
 * to it are put where they belong, unless that place is not among the pages held. Nothing else moves.
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

/** A list without the rows of which a command has told that they left it. */
export function withoutMoved(data: ListData<Row>, moved: ReadonlyMap<string, string>, order: Order): ListData<Row> {
  const gone = data.pages
    .flatMap(({ items }) => items)
    .flatMap((row) => {
      const state = moved.get(rowKey(row));
      return state === undefined || belongs(order, { state }) ? [] : [{ ...row, state }];
    });
  return gone.length === 0 ? data : withChanges(data, gone, order);
}
