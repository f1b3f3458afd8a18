import { useEffect } from 'react';
import { keyOf, onSettled } from '../api/jobs.ts';
import { type Draft, draftsIn, type Named, refreshRows } from './draft-store.ts';
import { lookUp } from './look-up.ts';
import type { DraftTab } from './tab-of.ts';

/** Rows with input that the list may not hold are read when the tab is opened, and when a command on them was refused. */
export function useRefreshedDrafts<Row extends Named>(tab: DraftTab<Row>): void {
  useEffect(() => {
    const read = (some: readonly Draft<Row>[]) => {
      const numbers = some.map(({ row }) => tab.noOf(row));
      lookUp<Row>(tab, tab.noField, numbers).then(
        (rows) => refreshRows(tab.name, rows.map(tab.kept), tab.idOf),
        // The rows stay as they were known; a command on them is judged by their revision.
        () => {},
      );
    };
    const all = Object.values(draftsIn<Row>(tab.name));
    if (all.length > 0) read(all);
    return onSettled(({ targets, results }) => {
      const drafts = draftsIn<Row>(tab.name);
      const refused = targets.flatMap((target, at) => (results[at]?.ok ? [] : (drafts[keyOf(target)] ?? [])));
      if (refused.length > 0) read(refused);
    });
  }, [tab]);
}
