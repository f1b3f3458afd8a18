import { cleanText } from '../ui/clean-text.ts';

/** Without what only keeps a spreadsheet from reading a number: ="0123" and '0123. The same rule as for sheets. */
const asTyped = (text: string) => (/^="(.*)"$/s.exec(text)?.[1] ?? text).replace(/^'/, '').trim();

/**
 * Parses a block as spreadsheets copy it: tabs between cells, lines between rows, quotes around a cell that contains either. Blank
 * lines at its end are no rows.
 */
export function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|\r|$)|([^\t\r\n]*)/y;
  for (let at = 0; at <= text.length; ) {
    cell.lastIndex = at;
    const [all = '', quoted, plain] = cell.exec(text) ?? [];
    lines.at(-1)?.push(asTyped(cleanText(quoted?.replaceAll('""', '"') ?? plain ?? '').trim()));
    at += all.length;
    const end = /^(?:\t|\r?\n|\r)/.exec(text.slice(at, at + 2))?.[0];
    if (end === undefined) break;
    at += end.length;
    if (end !== '\t') lines.push([]);
  }
  while (lines.at(-1)?.every((each) => each === '')) lines.pop();
  return lines;
}
