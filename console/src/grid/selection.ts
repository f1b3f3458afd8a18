import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { doneIn, keyOf, onSettled } from '../api/jobs.ts';
import { store, stored } from '../api/stored.ts';

/** What the grid reports: which of the rows it holds are selected. It knows nothing about other rows. */
export interface Held<Row> {
  selected: Row[];
  holds: (id: string) => boolean;
}

/** All rows that a filter meant at one moment. They stay as they were read then, whatever the list shows later. */
export interface Whole {
  /** When they were read, by the server's clock. */
  at: string;
  /** There were more than can be selected. */
  isCut: boolean;
}
interface Dropped {
  at: string;
  count: number;
}

/** The selected rows, including those the list does not hold at the moment; they survive a reload. `scope` = filters and sort. */
export function useSelection<Row>(
  name: string,
  rows: Row[],
  idOf: (row: Row) => string,
  { isWindow, isLoaded, scope }: { isWindow: boolean; isLoaded: boolean; scope: string },
) {
  const [picked, setPicked] = useState<ReadonlyMap<string, Row>>(() => new Map());
  const [whole, setWhole] = useState<Whole | null>(null);
  /** A selection of all ends with its filter, and with the page, because it cannot be shown what it meant. */
  const [dropped, setDropped] = useState<Dropped | null>(() => stored<Dropped | null>(`whole.${name}`, null));
  /** Every row that the list holds was selected by one act: those it does not hold may have been meant too. */
  const [isAll, setAll] = useState(false);
  /** Rows whose command was refused: then their newest version counts again. */
  const [refused, setRefused] = useState<ReadonlySet<string>>(() => new Set());
  const remembered = useRef<string[]>(stored<string[]>(`picked.${name}`, []));
  const byId = useMemo(() => new Map(rows.map((row) => [idOf(row), row])), [rows, idOf]);

  // When the whole list is held, rows that left it are deselected, so that nobody acts on rows they cannot see.
  useEffect(() => {
    if (!isLoaded) return;
    setPicked((before) => {
      const again = remembered.current.flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : ([[id, row]] as const);
      });
      remembered.current = [];
      const kept = [...before].filter(([id]) => isWindow || whole || byId.has(id));
      return kept.length === before.size && again.length === 0 ? before : new Map([...kept, ...again]);
    });
  }, [byId, isWindow, isLoaded, whole]);
  useEffect(() => {
    if (isLoaded) store(`picked.${name}`, whole ? [] : [...picked.keys()]);
    store(`whole.${name}`, whole && picked.size > 0 ? { at: whole.at, count: picked.size } : null);
    if (whole && picked.size === 0) setWhole(null);
    if (picked.size === 0) setAll(false);
  }, [picked, name, isLoaded, whole]);
  useEffect(
    () =>
      onSettled((part) => {
        const done = doneIn(part);
        setPicked((before) => new Map([...before].filter(([id]) => !done.has(id))));
        setRefused((before) => new Set([...before, ...part.targets.map(keyOf).filter((id) => !done.has(id))]));
      }),
    [],
  );

  const now = useRef({ whole, count: picked.size, held: rows.length });
  now.current = { whole, count: picked.size, held: rows.length };
  // Compared once a change is on the screen: a drawing that is broken off and begun anew must not lose that there was one.
  const drawn = useRef(scope);
  useEffect(() => {
    const { whole: meant, count } = now.current;
    if (scope === drawn.current) return;
    drawn.current = scope;
    setAll(false);
    if (!meant) return;
    setPicked(new Map());
    setWhole(null);
    setDropped({ at: meant.at, count });
  }, [scope]);

  const clear = useCallback(() => {
    setPicked(new Map());
    setWhole(null);
    setDropped(null);
  }, []);
  const select = useCallback(
    ({ selected, holds }: Held<Row>) => {
      setDropped(null);
      setAll(selected.length > 0 && selected.length >= now.current.held);
      // The box above the rows takes the selection of all back as a whole.
      if (now.current.whole && selected.length === 0) return clear();
      setPicked(
        (before) => new Map([...[...before].filter(([id]) => !holds(id)), ...selected.map((row) => [idOf(row), row] as const)]),
      );
    },
    [idOf, clear],
  );
  const pickWhole = useCallback(
    (all: Row[], read: Whole) => {
      setPicked(new Map(all.map((row) => [idOf(row), row])));
      setWhole(read);
      setRefused(new Set());
      setDropped(null);
      setAll(false);
    },
    [idOf],
  );
  const current = useMemo(
    () => [...picked].map(([id, row]) => (whole && !refused.has(id) ? row : (byId.get(id) ?? row))),
    [picked, byId, whole, refused],
  );
  return { picked, select, current, clear, whole, isAll, dropped, pickWhole };
}
