import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { doneIn, onSettled } from '../api/jobs.ts';
import { store, stored } from '../api/stored.ts';

/** What the grid reports: which of the rows it holds are selected. It knows nothing about other rows. */
export interface Held<Row> {
  selected: Row[];
  holds: (id: string) => boolean;
}

/** The selected rows, including those the list does not hold at the moment; they survive a reload. */
export function useSelection<Row>(name: string, rows: Row[], idOf: (row: Row) => string, isWindow: boolean, isLoaded: boolean) {
  const [picked, setPicked] = useState<ReadonlyMap<string, Row>>(() => new Map());
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
      const kept = [...before].filter(([id]) => isWindow || byId.has(id));
      return kept.length === before.size && again.length === 0 ? before : new Map([...kept, ...again]);
    });
  }, [byId, isWindow, isLoaded]);
  useEffect(() => {
    if (isLoaded) store(`picked.${name}`, [...picked.keys()]);
  }, [picked, name, isLoaded]);
  useEffect(
    () =>
      onSettled((part) => {
        const done = doneIn(part);
        setPicked((before) => new Map([...before].filter(([id]) => !done.has(id))));
      }),
    [],
  );

  const select = useCallback(
    ({ selected, holds }: Held<Row>) =>
      setPicked(
        (before) => new Map([...[...before].filter(([id]) => !holds(id)), ...selected.map((row) => [idOf(row), row] as const)]),
      ),
    [idOf],
  );
  const current = useMemo(() => [...picked].map(([id, row]) => byId.get(id) ?? row), [picked, byId]);
  return { picked, select, current, clear: useCallback(() => setPicked(new Map()), []) };
}
