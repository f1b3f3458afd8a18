import { readShipmentSheet } from '../../../api/sheets/read.ts';
import type { ReadRow } from '../../../api/sheets/read-process.ts';
import { Problem, type ProblemCode } from '../../../domain/problems.ts';

export interface ReadSheet {
  rows: ReadRow[];
  code?: ProblemCode;
  detail?: string;
  more?: Record<string, unknown>;
}

/** What the reader makes of a file: its rows, or why it is refused. */
export async function readSheet(bytes: Uint8Array, sheet?: string): Promise<ReadSheet> {
  const rows: ReadRow[] = [];
  try {
    await readShipmentSheet(bytes, sheet, {
      titles: async () => {},
      rows: async (more) => {
        rows.push(...more);
      },
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { rows, code: error.code, detail: error.detail, more: error.more };
  }
  return { rows };
}
