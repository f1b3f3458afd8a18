import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSheet } from '../../support/sheets/read-sheet.ts';

const folder = join(import.meta.dirname, '..', '..', 'sheets', 'cases');

const readCase = (name: string, sheet?: string) => readSheet(readFileSync(join(folder, name)), sheet);

const one = { deliveryNo: 'D261128000001', lineNo: 1, carrierCode: '04', waybillNo: '681234567890', codes: [] };

describe('sheets as people and their programs make them', () => {
  test.each([
    ['01-number-in-text-format.xlsx'],
    ['05-part-names-in-another-case.xlsx'],
    ['06-header-with-crlf.xlsx'],
    ['07-direction-marks.xlsx'],
    ['11-bytes-after-the-zip.xlsx'],
    ['12-utf16be.csv'],
    ['14-equals-quoted.csv'],
    ['15-empty-template-first.xlsx'],
  ])('%s is one row', async (name) => {
    expect(await readCase(name)).toMatchObject({ rows: [one] });
  });

  test('a number is read as its format shows it', async () => {
    const { rows } = await readCase('02-number-shown-with-format.xlsx');
    expect(rows).toMatchObject([{ ...one, waybillNo: '012345678901' }]);
  });

  test('a 순번 that was never calculated is an error of its row', async () => {
    const { rows } = await readCase('03-line-number-formula-never-calculated.xlsx');
    expect(rows).toMatchObject([{ codes: ['CELL_UNREADABLE'] }]);
  });

  test('a quote that is never closed swallows nothing', async () => {
    const found = await readCase('04-unclosed-quote.csv');
    expect(found).toMatchObject({ code: 'CSV_UNCLOSED_QUOTE', more: { row: 2 } });
    expect(found.detail).toContain('2행');
  });

  test.each([
    ['that closes at a later row', 'D1,1,04,681234567890,"서울\nD2,1,04,681234567891,부산"\n', 'CSV_UNCLOSED_QUOTE'],
    ['around lines that are no rows', 'D1,1,04,681234567890,"목록: 1, 2, 3, 4, 5\n1, 2, 3, 4, 5"\n', undefined],
  ])('a quote %s', async (_name, rows, code) => {
    const found = await readSheet(Buffer.from(`배송번호,순번,택배사코드,운송장번호,메모\n${rows}`));
    expect(found.code).toBe(code);
    expect(found.rows).toHaveLength(code === undefined ? 1 : 0);
  });

  test('two sheets with our header: both are named, and one can be chosen', async () => {
    const found = await readCase('08-two-sheets-with-headers.xlsx');
    expect(found.code).toBe('SHEET_AMBIGUOUS');
    for (const name of (found.more?.sheets ?? ['?']) as string[]) expect(found.detail).toContain(name);
    expect((await readCase('08-two-sheets-with-headers.xlsx', '한진')).rows).toMatchObject([{ carrierCode: '05' }]);
    expect(await readCase('08-two-sheets-with-headers.xlsx', '없는 시트')).toMatchObject({ code: 'SHEET_NOT_FOUND' });
  });

  test('half a letter in a column nobody asks for', async () => {
    const { rows } = await readCase('09-half-a-letter-cp949.csv');
    expect(rows.map(({ codes }) => codes)).toEqual([[], []]);
  });

  test('a row hidden by a filter is read, and said so', async () => {
    const { rows } = await readCase('10-rows-hidden-by-a-filter.xlsx');
    expect(rows.map(({ hidden }) => hidden)).toEqual([false, true]);
  });

  test('HTML named .xls: how to save it', async () => {
    const found = await readCase('13-html-named-xls.xls');
    expect(found.code).toBe('SHEET_UNREADABLE');
    expect(found.detail).toContain('.xlsx');
  });
});
