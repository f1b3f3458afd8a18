import type { Readable } from 'node:stream';
import { type Cell, unreadable } from '../../domain/bulk-shipments/sheet-cell.ts';
import { columnOf, type SheetRow } from './cells.ts';
import { decoderFor, TooLarge } from './zip.ts';

/** Cells that are shown as one: what the first holds stands for all, and nothing is in the others. */
export interface MergedCells {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const MOST_MERGED = 200_000;
const LONGEST_ELEMENT = 1_000;
const ELEMENT = /<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']/gi;

/** The merged cells of a sheet's part, by their top. They stand behind the rows, so the part is searched before it is read. */
export async function mergedCells(stream: Readable): Promise<MergedCells[]> {
  const found: MergedCells[] = [];
  let decoder: ReturnType<typeof decoderFor> | undefined;
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(chunk);
    const text = rest + decoder.decode(chunk, { stream: true });
    const open = text.lastIndexOf('<');
    rest = open < 0 ? '' : text.slice(open, open + LONGEST_ELEMENT);
    for (const [, left, top, right, bottom] of text.slice(0, Math.max(open, 0)).matchAll(ELEMENT)) {
      if (found.length >= MOST_MERGED) throw new TooLarge();
      found.push({ top: Number(top), bottom: Number(bottom), left: columnOf(left) ?? 0, right: columnOf(right) ?? 0 });
    }
  }
  return found.sort((a, b) => a.top - b.top);
}

/**
 * What a row's cells show where they are part of a merged one: a 순번 that stands for several rows is no blank 순번. `columns` are
 * those in which a blank cell has a meaning. Rows are asked in order.
 */
export function withMerged(merged: MergedCells[], columns: number[]): (row: SheetRow) => Cell[] {
  let next = 0;
  let open: MergedCells[] = [];
  const firsts = new Map<MergedCells, Cell>();
  return ({ row, cells }) => {
    open = open.filter(({ bottom }) => bottom >= row);
    for (let range = merged[next]; range && range.top <= row; range = merged[++next]) {
      if (range.bottom >= row) open.push(range);
      if (range.top === row) firsts.set(range, cells[range.left] ?? null);
    }
    if (open.length === 0) return cells;
    const shown = [...cells];
    for (const range of open)
      for (const column of columns) {
        const isOther = range.left <= column && column <= range.right && (range.top < row || range.left < column);
        // Of one that begins in the header or above, the first cell is no row's.
        if (isOther && (firsts.get(range) ?? null) !== null && (cells[column] ?? null) === null) shown[column] = unreadable('');
      }
    return shown;
  };
}
