import type { GridApi } from 'ag-grid-community';
import { cleanText } from '../ui/clean-text.ts';

export interface Pasted<Row> {
  cells: { row: Row; field: string; value: string }[];
  /** Rows that accepted a value. */
  rows: number;
  /** Pasted rows beyond the end of the list. */
  beyond: number;
}

/** Parses a block as spreadsheets copy it: tabs between cells, lines between rows, quotes around a cell that contains either. */
function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  for (let at = 0; at <= text.length; ) {
    cell.lastIndex = at;
    const [all = '', quoted, plain] = cell.exec(text) ?? [];
    lines.at(-1)?.push(cleanText(quoted?.replaceAll('""', '"') ?? plain ?? '').trim());
    at += all.length;
    const end = /^(?:\t|\r?\n|\r)/.exec(text.slice(at, at + 2))?.[0];
    if (end === undefined) break;
    at += end.length;
    if (end !== '\t') lines.push([]);
  }
  while (lines.at(-1)?.every((each) => each === '')) lines.pop();
  return lines;
}

/** Pastes a block into the grid from the focused cell on; only editable cells accept values. */
export function pasteAt<Row>(api: GridApi<Row>, text: string): Pasted<Row> | null {
  const focused = api.getFocusedCell();
  if (!focused) return null;
  const columns = api.getAllDisplayedColumns();
  const first = columns.indexOf(focused.column);
  const lines = cellsOf(text);
  const taken = lines.map((line, down) => {
    const row = api.getDisplayedRowAtIndex(focused.rowIndex + down)?.data;
    if (!row) return null;
    return line.flatMap((value, right) => {
      const definition = columns[first + right]?.getColDef();
      return definition?.editable && definition.field ? [{ row, field: definition.field, value }] : [];
    });
  });
  const within = taken.filter((cells) => cells !== null);
  return {
    cells: within.flat(),
    rows: within.filter((cells) => cells.length > 0).length,
    beyond: taken.length - within.length,
  };
}
