import { readShipmentSheet } from '../../../api/sheets/read.ts';
import { type ReadRow, readBytes } from '../../../api/sheets/read-bytes.ts';
import { Problem, type ProblemCode } from '../../../domain/problems.ts';

export interface ReadSheet {
  rows: ReadRow[];
  code?: ProblemCode;
  detail?: string;
  more?: Record<string, unknown>;
}

/** What the reader's process makes of a file: its rows, or why it is refused. */
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

/** The same, read in this process: thousands of files need no program each. */
export async function readHere(bytes: Uint8Array, sheet?: string): Promise<ReadSheet> {
  const read: ReadSheet = { rows: [] };
  await readBytes(Buffer.from(bytes), sheet, async (message) => {
    if ('rows' in message) read.rows.push(...message.rows);
    if ('problem' in message) Object.assign(read, { code: message.problem, detail: message.detail, more: message.more ?? {} });
  });
  return read;
}
