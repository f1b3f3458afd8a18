import { useEffect, useLayoutEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { type Opened, openedIn, withOpened } from '../ui/opened.ts';
import { type By, offerSteps, withdrawSteps } from '../ui/stepping.ts';

interface Listed<Row> {
  rows: Row[];
  rowId: (row: Row) => string;
  onMore: (() => void) | undefined;
  /** Marks the rows of the open detail. */
  mark: (ids: ReadonlySet<string>) => void;
  /** Brings a row into view. */
  show: (row: Row, at: number) => void;
}

/** The number by which a row opens that kind of detail. */
const noOf = (row: unknown, opened: Opened | null): unknown =>
  typeof row === 'object' && row !== null && opened ? Reflect.get(row, `${opened.kind}No`) : undefined;

/** Whether these rows are such that the open detail is one of theirs, or could be. */
const lists = ({ opened, rows }: { opened: Opened | null; rows: readonly unknown[] }) =>
  opened !== null && rows.some((row) => typeof noOf(row, opened) === 'string');

const busy = 'input, select, textarea, [role=dialog], [role=menu]';

/** Marks the rows of the open detail and keeps them in view; J, K and the buttons of the detail go on to the next and the previous. */
export function useOpenRow<Row>({ rows, rowId, onMore, mark, show }: Listed<Row>): void {
  const [search, setSearch] = useSearchParams();
  const opened = openedIn(search);
  const id = opened && `${opened.kind} ${opened.no}`;
  /** Where the reader stands: a row may move away while its detail is open, and another delivery's rows may lie between its own. */
  const place = useRef<{ opened: string; row: string; at: number } | null>(null);
  /** J was pressed at the end of what is loaded. */
  const goesOn = useRef(false);
  const now = useRef({ opened, id, rows, rowId, onMore, mark, show });
  now.current = { opened, id, rows, rowId, onMore, mark, show };

  /** The next row of another detail in that direction. */
  const beside = useRef((_by: By): { row: Row; at: number; no: string } | null => null);
  beside.current = (by) => {
    const { opened: open, id: own, rows: all } = now.current;
    const stood = place.current?.opened === own ? place.current : null;
    const held = stood ? all.findIndex((row) => rowId(row) === stood.row) : -1;
    // The row has left the list: the next one has moved up to its place.
    const gone = stood && held < 0 ? stood.at - (by > 0 ? 1 : 0) : -1;
    for (let at = (held >= 0 ? held : gone) + by; ; at += by) {
      const row = all[at];
      if (row === undefined) return null;
      const no = noOf(row, open);
      if (typeof no === 'string' && no !== open?.no) return { row, at, no };
    }
  };

  const step = useRef((_by: By): void => {});
  step.current = (by) => {
    const { opened: open } = now.current;
    goesOn.current = false;
    if (open === null || !lists(now.current)) return;
    const next = beside.current(by);
    goesOn.current = next === null && by > 0;
    if (goesOn.current) now.current.onMore?.();
    if (next === null) return;
    place.current = { opened: `${open.kind} ${next.no}`, row: now.current.rowId(next.row), at: next.at };
    now.current.show(next.row, next.at);
    setSearch((before) => withOpened(before, { kind: open.kind, no: next.no }), { replace: true });
  };

  const go = useRef((by: By) => step.current(by));
  useLayoutEffect(() => {
    const { opened: open } = now.current;
    const own = open ? rows.flatMap((row, at) => (noOf(row, open) === open.no ? [{ row, at }] : [])) : [];
    const ids = new Set(own.map(({ row }) => rowId(row)));
    now.current.mark(ids);
    const { current: stood } = place;
    const first = own[0];
    if (id === null) place.current = null;
    else if (first && (stood?.opened !== id || !ids.has(stood.row)))
      place.current = { opened: id, row: rowId(first.row), at: first.at };
    else if (first && stood) stood.at = own.find(({ row }) => rowId(row) === stood.row)?.at ?? stood.at;
    const standing = place.current;
    const row = standing ? rows[standing.at] : undefined;
    if (first && standing && row !== undefined && stood !== standing) now.current.show(row, standing.at);
    offerSteps(lists(now.current) ? { go: go.current, back: beside.current(-1) !== null, on: beside.current(1) !== null } : null);
  }, [id, rows, rowId]);
  useEffect(() => () => withdrawSteps(go.current), []);

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
