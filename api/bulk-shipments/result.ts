import { findRows } from '../../db/bulk-shipments/list.ts';
import type { BulkShipmentRow } from '../../db/bulk-shipments/row.ts';
import type { Query } from '../../db/statement.ts';
import { bulkReason, bulkRowStatuses, drawnReason, splitReason } from '../../domain/bulk-shipments/bulk-shipment.ts';
import { readHeader } from '../../domain/bulk-shipments/sheet-header.ts';
import { resultTitles } from '../../domain/bulk-shipments/shipment-sheet.ts';
import type { Column, Value } from '../sheets/write.ts';

const PAGE = 1_000;

/** The uploaded sheet's own titles, then 결과 and 사유. */
export const resultColumns = ({ titles }: BulkShipmentRow): Column[] => [
  ...titles.map((title) => ({ title })),
  { title: resultTitles[0], width: 10 },
  { title: resultTitles[1], width: 60 },
];

/** Every uploaded row with its result, in the sheet's order; or only the rows to be corrected and uploaded again. */
export async function* resultRows(query: Query, job: BulkShipmentRow, onlyFaulty: boolean): AsyncGenerator<Value[]> {
  const waybillAt = readHeader(job.titles)?.waybillNo;
  let after = 0;
  for (;;) {
    const rows = await findRows(query, job.id, { after, limit: PAGE, onlyFaulty });
    for (const { cells, status, codes, states, failed_line_nos, unread_columns, new_line, drawn_no } of rows) {
      // A number that was drawn stands where it was left empty, as if it had been in the sheet.
      const own = job.titles.map((_, at) => (at === waybillAt && drawn_no) || (cells[at] ?? ''));
      const reason = new_line ? splitReason(new_line) : bulkReason(status, codes, states, failed_line_nos, unread_columns);
      yield [...own, bulkRowStatuses[status], [drawn_no && drawnReason(drawn_no), reason].filter(Boolean).join(' · ')];
    }
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    after = last.row_no;
  }
}
