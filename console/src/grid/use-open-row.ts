import type { GridApi } from 'ag-grid-community';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { type Opened, openedIn, withOpened } from '../ui/opened.ts';
import { markRows } from './open-rows.ts';

interface Listed<Row> {
  grid: RefObject<GridApi<Row> | null>;
  host: RefObject<HTMLElement | null>;
  rows: Row[];
  rowId: (row: Row) => string;
  onMore: (() => void) | undefined;
}

/** The number by which a row opens that kind of detail. */
const noOf = (row: unknown, opened: Opened | null): unknown =>
  typeof row === 'object' && row !== null && opened ? Reflect.get(row, `${opened.kind}No`) : undefined;

const busy = 'input, select, textarea, [role=dialog], [role=menu]';

/** Marks the rows of the open detail and keeps them in view; J and K go on to the next and the previous row's detail. */
export function useOpenRow<Row>({ grid, host, rows, rowId, onMore }: Listed<Row>): void {
  const [search, setSearch] = useSearchParams();
  const opened = openedIn(search);
  const id = opened && `${opened.kind} ${opened.no}`;
  /** Where the reader stands: a row may move away while its detail is open, and another delivery's rows may lie between its own. */
  const place = useRef<{ opened: string; row: string; at: number } | null>(null);
  /** J was pressed at the end of what is loaded. */
  const goesOn = useRef(false);
  const now = useRef({ opened, id, rows, rowId, onMore });
  now.current = { opened, id, rows, rowId, onMore };

  const step = useRef((_by: 1 | -1): void => {});
  step.current = (by) => {
    const { opened: open, id: own, rows: all } = now.current;
    goesOn.current = false;
    const isOther = (row: Row) => typeof noOf(row, open) === 'string' && noOf(row, open) !== open?.no;
    if (open === null || !all.some((row) => typeof noOf(row, open) === 'string')) return;
    const stood = place.current?.opened === own ? place.current : null;
    const held = stood ? all.findIndex((row) => rowId(row) === stood.row) : -1;
    // The row has left the list: the next one has moved up to its place.
    const gone = stood && held < 0 ? stood.at - (by > 0 ? 1 : 0) : -1;
    let at = (held >= 0 ? held : gone) + by;
    for (let row = all[at]; row !== undefined && !isOther(row); row = all[at]) at += by;
    const next = all[at];
    const no = noOf(next, open);
    goesOn.current = next === undefined && by > 0;
    if (goesOn.current) now.current.onMore?.();
    if (next === undefined || typeof no !== 'string') return;
    place.current = { opened: `${open.kind} ${no}`, row: rowId(next), at };
    setSearch((before) => withOpened(before, { kind: open.kind, no }), { replace: true });
  };

  useLayoutEffect(() => {
    const api = grid.current;
    if (!api || !host.current) return;
    const { opened: open } = now.current;
    const own = open ? rows.flatMap((row, at) => (noOf(row, open) === open.no ? [{ row, at }] : [])) : [];
    const ids = new Set(own.map(({ row }) => rowId(row)));
    markRows(host.current, ids);
    const { current: stood } = place;
    const first = own[0];
    if (id === null) place.current = null;
    else if (first && (stood?.opened !== id || !ids.has(stood.row)))
      place.current = { opened: id, row: rowId(first.row), at: first.at };
    else if (first && stood) stood.at = own.find(({ row }) => rowId(row) === stood.row)?.at ?? stood.at;
    if (first && place.current && stood !== place.current) api.ensureIndexVisible(place.current.at);
  }, [id, rows, rowId, grid, host]);

  // The rows that J was waiting for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when rows have come
  useEffect(() => {
    if (goesOn.current) step.current(1);
  }, [rows]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      goesOn.current = false;
      // By its place on the keyboard, because under the Korean one it is another letter.
      const by = event.code === 'KeyJ' ? 1 : event.code === 'KeyK' ? -1 : null;
      if (by === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
      if (now.current.opened === null || document.querySelector('[role=dialog]')) return;
      if (document.activeElement?.closest(busy)) return;
      event.preventDefault();
      step.current(by);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
