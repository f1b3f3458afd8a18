import { z } from '@hono/zod-openapi';
import { type CellValue, writeXlsx, writeXlsxStream } from 'hucre/xlsx';
import { sheetColumns } from '../../domain/bulk-shipments/sheet-header.ts';
import { EXAMPLE_MARK } from '../../domain/bulk-shipments/shipment-sheet.ts';
import { carriers } from '../../domain/carriers.ts';
import { attachment, cellText, sheetName } from '../../domain/safe-text.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** An .xlsx, for a route's documentation. */
export const sheetContent = (description: string) => ({
  description,
  content: { [XLSX]: { schema: z.string().openapi({ format: 'binary', example: 'PK…' }) } },
});

/** Rows of the template that are formatted as text, so that they keep leading zeros. */
const READY_ROWS = 5_000;
const TEXT_FORMAT = '@';
/** What an empty waybill means. */
const NEXT_NUMBER = '택배사만 적고 비워 두면, 운송장 대역을 자동으로 쓰는 출하지에서는 다음 번호를 받습니다';

/** A column of a sheet written here: as text (the default) it keeps zeros and long numbers unchanged. */
export interface Column {
  title: string;
  width?: number;
  number?: boolean;
}
export type Value = string | number | null | undefined;

/** Every cell goes through this: no text can run as a formula or break the file. */
const safe = (value: Value): CellValue => (typeof value === 'string' ? cellText(value) : (value ?? null));

/** An .xlsx as the answer, written while `rows` arrive, so that memory does not grow with them. */
export function sheetAnswer(fileName: string, columns: Column[], rows: AsyncIterable<Value[]>): Response {
  async function* cells() {
    for await (const row of rows) yield row.map(safe);
  }
  const stream = writeXlsxStream(cells(), {
    name: sheetName(fileName),
    columns: columns.map(({ title, width = 16, number = false }) => ({
      header: cellText(title),
      width,
      ...(number ? {} : { numFmt: TEXT_FORMAT }),
    })),
    freezePane: { rows: 1 },
  });
  return new Response(stream, { headers: sheetHeaders(fileName) });
}

export const sheetHeaders = (fileName: string) => ({
  'content-type': XLSX,
  'content-disposition': attachment(fileName, 'xlsx'),
  'cache-control': 'no-store',
});

/** The template of 출고완료 일괄: an example row, number columns as text, a choice of carriers and a sheet that lists them. */
export function shipmentTemplate(): Promise<Uint8Array> {
  const cells = new Map<string, { style: { numFmt: string } }>();
  for (let row = 1; row <= READY_ROWS; row++)
    for (let column = 0; column < sheetColumns.length; column++)
      cells.set(`${row},${column}`, { style: { numFmt: TEXT_FORMAT } });
  return writeXlsx({
    sheets: [
      {
        name: '출고완료',
        columns: [{ width: 24 }, { width: 8 }, { width: 14 }, { width: 22 }, { width: 8 }],
        rows: [sheetColumns.map(({ title }) => title), [`${EXAMPLE_MARK} D261123000001`, '1', '04', '681234567890']],
        cells,
        dataValidations: [
          {
            type: 'list',
            formula1: `택배사!$A$2:$A$${carriers.length + 1}`,
            range: 'C2:C50001',
            allowBlank: true,
            // A carrier's name is allowed too, so another value only causes a question.
            showErrorMessage: true,
            errorStyle: 'warning',
            errorTitle: '택배사',
            errorMessage: '택배사 시트에 있는 코드나 이름을 적어 주세요',
          },
          // Only a hint beside the cell: what a waybill must be is judged with the sheet.
          {
            type: 'textLength',
            operator: 'greaterThanOrEqual',
            formula1: '0',
            range: 'D2:D50001',
            allowBlank: true,
            showInputMessage: true,
            inputTitle: '운송장번호',
            inputMessage: NEXT_NUMBER,
          },
        ],
        freezePane: { rows: 1 },
      },
      {
        name: '택배사',
        columns: [
          { width: 8, numFmt: TEXT_FORMAT },
          { width: 24, numFmt: TEXT_FORMAT },
        ],
        rows: [['택배사코드', '택배사명'], ...carriers.map(({ code, name }) => [code, name])],
        freezePane: { rows: 1 },
      },
    ],
  });
}
