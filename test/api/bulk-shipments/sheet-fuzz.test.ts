import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvText, oddCsv, oddRecord, writing } from '../../support/sheets/odd-csv.ts';
import { oddRow, oddWorkbook, packing } from '../../support/sheets/odd-sheets.ts';
import { readHere, readSheet } from '../../support/sheets/read-sheet.ts';

/** `SHEET_FUZZ=10000 npm test -- test/api/bulk-shipments/sheet-fuzz` runs it long. */
const numRuns = Number(process.env.SHEET_FUZZ ?? 300);
/** The reader's process takes some 0.2 s to start. */
const FEW = 5;
const LONG_MS = 120_000 + numRuns * 2_000;

describe('what is read is what was meant, or an error that names the row', () => {
  test(
    'workbooks of random rows, formats and writers',
    async () => {
      const property = fc.asyncProperty(fc.array(oddRow, { minLength: 1, maxLength: 40 }), packing, async (rows, how) => {
        const { rows: read, code } = await readHere(oddWorkbook(rows, how));
        expect(code).toBeUndefined();
        expect(read.map(({ row }) => row)).toEqual(read.map((_, at) => at + 2));
        expect(read).toHaveLength(rows.length);
        for (const [at, { cells, hidden }] of rows.entries()) {
          const [deliveryNo, lineNo, carrierCode, waybillNo] = cells.map(({ means }) => means);
          expect(read[at]?.hidden).toBe(hidden);
          if (lineNo === null || waybillNo === null) expect(read[at]?.codes).toContain('CELL_UNREADABLE');
          else expect(read[at]).toMatchObject({ deliveryNo, lineNo: Number(lineNo), carrierCode, waybillNo });
        }
      });
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  test(
    'CSVs of random records, encodings and writers',
    async () => {
      const property = fc.asyncProperty(fc.array(oddRecord, { minLength: 1, maxLength: 40 }), writing, async (records, how) => {
        const { rows, code } = await readHere(oddCsv(records, how));
        expect(code).toBeUndefined();
        expect(rows).toHaveLength(records.length);
        for (const [at, { deliveryNo, lineNo, carrier, waybillNo }] of records.entries())
          expect(rows[at]).toMatchObject({ deliveryNo, lineNo: Number(lineNo), carrierCode: carrier, waybillNo, codes: [] });
      });
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  test(
    'a CSV with a quote too many, or one too few, is all its rows or `CSV_UNCLOSED_QUOTE`',
    async () => {
      const property = fc.asyncProperty(
        fc.array(oddRecord, { minLength: 1, maxLength: 10 }),
        writing,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        async (made, how, where, isMissing) => {
          const records = made.map((record, at) => ({ ...record, deliveryNo: `D${100_000 + at}` }));
          const text = csvText(records, how);
          const start = text.search(/[\r\n]/) + how.lineEnds[0].length;
          const quotes = [...text.matchAll(/"/g)].map(({ index }) => index).filter((index) => index >= start);
          const missing = isMissing ? quotes[Math.floor(where * (quotes.length - 1))] : undefined;
          const extra = start + Math.floor(where * (text.length - start));
          const odd =
            missing === undefined
              ? `${text.slice(0, extra)}"${text.slice(extra)}`
              : text.slice(0, missing) + text.slice(missing + 1);
          const { rows, code } = await readHere(how.encode(odd));
          if (code !== undefined) return expect(code).toBe('CSV_UNCLOSED_QUOTE');
          const said = rows.map(({ cells }) =>
            records.filter(({ deliveryNo }) => cells.join().replaceAll('"', '').includes(deliveryNo)),
          );
          // Each has a row of its own.
          expect(said.filter(({ length }) => length > 0)).toEqual(records.map((record) => [record]));
        },
      );
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  test(
    'any bytes at all are rows or a refusal, never a fault of ours',
    async () => {
      const head = fc.constantFrom('', 'PK\u0003\u0004', '배송번호,순번,택배사코드,운송장번호\n', '\ufeff', '<html>', '"');
      const property = fc.asyncProperty(head, fc.uint8Array({ maxLength: 4_000 }), async (start, bytes) => {
        const { code, rows } = await readHere(Buffer.concat([Buffer.from(start), bytes]));
        expect(code !== undefined || rows.length > 0).toBe(true);
      });
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  test('the process in which uploads are read says the same', async () => {
    const workbooks = fc.tuple(fc.array(oddRow, { minLength: 1 }), packing).map(([rows, how]) => oddWorkbook(rows, how));
    const csvs = fc.tuple(fc.array(oddRecord, { minLength: 1 }), writing).map(([records, how]) => oddCsv(records, how));
    const property = fc.asyncProperty(fc.oneof(workbooks, csvs), async (bytes) => {
      expect(await readSheet(bytes)).toEqual(await readHere(bytes));
    });
    await fc.assert(property, { numRuns: FEW });
  });
});
