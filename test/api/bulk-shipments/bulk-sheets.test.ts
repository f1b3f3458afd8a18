import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { releasedRows } from '../../support/scenes/rows.ts';
import { BULK, csv, HEADER, rawWorkbook, sheetXml, upload, workbook, zipOf } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const listed = (count: number, more: object = {}) => releasedRows(stack.db, count, more);
const codes = (body: any) => body.errors.map(({ row, code }: any) => `${row} ${code}`);

describe('Bad input', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const header = sheetXml([HEADER]).replace('</sheetData></worksheet>', '');
  test.each<[string, () => Promise<Uint8Array> | Uint8Array, number, string]>([
    ['not a spreadsheet', () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 400, 'SHEET_UNREADABLE'],
    ['a text without header', () => bytes('안녕하세요\n오늘은 출고가 없습니다'), 400, 'SHEET_HEADER_MISSING'],
    ['nothing at all', () => new Uint8Array(), 400, 'SHEET_HEADER_MISSING'],
    ['a truncated zip', async () => (await workbook([['D1', 1, '04', '681234567890']])).slice(0, 900), 400, 'SHEET_UNREADABLE'],
    ['a zip that is no workbook', () => zipOf([{ name: 'a.txt', data: bytes('a') }]), 400, 'SHEET_UNREADABLE'],
    ['a zip bomb that says so', () => rawWorkbook(new Uint8Array(300 * 1024 * 1024)), 413, 'SHEET_TOO_LARGE'],
    ['a zip bomb that lies', () => rawWorkbook(new Uint8Array(100 * 1024 * 1024), 1_000), 400, 'SHEET_UNREADABLE'],
    [
      'entities that grow',
      () => rawWorkbook(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${sheetXml([['&b;']])}`),
      400,
      'SHEET_UNREADABLE',
    ],
    ['broken XML', () => rawWorkbook(`${header}<row><c>`), 400, 'SHEET_UNREADABLE'],
    [
      '1,048,576 rows',
      () => rawWorkbook(`${header}${'<row><c><v>1</v></c></row>'.repeat(1_048_575)}</sheetData></worksheet>`),
      413,
      'SHEET_TOO_LARGE',
    ],
    [
      'encrypted',
      () => writeXlsx({ sheets: [{ name: 'S', rows: [HEADER] }], encryption: { password: 'x', spinCount: 1_000 } }),
      400,
      'SHEET_ENCRYPTED',
    ],
    ['.xls', () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]), 400, 'SHEET_UNREADABLE'],
    [
      'missing header',
      () => workbook([['D1', 1, '04', '681234567890']], ['번호', '순번', '택배사', '송장']),
      400,
      'SHEET_HEADER_MISSING',
    ],
    ['a header and no row', () => workbook([]), 400, 'SHEET_EMPTY'],
    [
      '50,001 rows',
      () => csv(Array.from({ length: 50_001 }, (_, at) => [`D${at}`, 1, '04', 681_234_567_890 + at])),
      413,
      'SHEET_TOO_LARGE',
    ],
  ])('%s', async (_name, make, status, code) => {
    const answer = await upload(stack, await make());
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(await stack.db.query(sql`select id from bulk_shipments where state = 'reading'`)).toEqual([]);
  });

  test('21 MB', async () => {
    expect(await upload(stack, new Uint8Array(21_000_000))).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });

  test('no file, another content type, no multipart at all', async () => {
    const headers = { authorization: `Bearer ${await stack.token()}` };
    const form = new FormData();
    form.append('other', 'x');
    expect((await fetch(stack.url + BULK, { method: 'POST', headers, body: form })).status).toBe(400);
    expect((await stack.post(BULK, {})).status).toBe(415);
    const broken = { ...headers, 'content-type': 'multipart/form-data; boundary=x' };
    expect((await fetch(stack.url + BULK, { method: 'POST', headers: broken, body: 'nonsense' })).status).toBe(400);
  });
});

describe('sheets saved by other programs are read', () => {
  test('openpyxl: a hidden sheet, a title row, columns in another order, numbers, zeros, full-width, dates, errors, formulas, merged cells', async () => {
    const answer = await upload(stack, readFileSync(join(import.meta.dirname, '../../sheets/messy.xlsx')));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ total: 12, valid: 0, invalid: 12 });
    expect(codes(answer.body).filter((code: string) => !code.endsWith('DELIVERY_NOT_FOUND'))).toEqual([
      // Read alike, whatever they were typed as: one waybill for different deliveries.
      '3 WAYBILL_IN_USE',
      '4 WAYBILL_IN_USE',
      '5 WAYBILL_IN_USE',
      '6 WAYBILL_IN_USE',
      '7 DIGITS_LOST',
      '8 DIGITS_LOST',
      '9 CELL_NOT_TEXT',
      '10 CELL_NOT_TEXT',
      '11 CELL_UNREADABLE',
      '15 DELIVERY_NO_REQUIRED',
    ]);
    const kept = await stack.db.query(
      sql<{
        row_no: number;
        waybill_no: string;
      }>`select row_no, waybill_no from bulk_shipment_rows where job_id = ${answer.body.id} and waybill_no is not null order by row_no`,
    );
    expect(kept.map(({ row_no, waybill_no }) => `${row_no} ${waybill_no}`)).toEqual([
      '3 681234567890',
      '4 012345678901',
      '5 012345678901',
      '6 681234567890',
      '14 681234567891',
      '15 681234567892',
      '16 681234567893',
    ]);
  });

  test.each<[string, (text: string) => Uint8Array]>([
    ['UTF-8', (text) => new TextEncoder().encode(text)],
    ['UTF-8 with BOM', (text) => new TextEncoder().encode(`\ufeff${text}`)],
    ['UTF-16, tabs', (text) => Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le')],
    [
      'CP949',
      (text) => {
        const known: Record<string, string> = {
          배송번호: 'b9e8bcdbb9f8c8a3',
          순번: 'bcf8b9f8',
          택배사코드: 'c5c3b9e8bbe7c4dab5e5',
          운송장번호: 'bfeebcdbc0e5b9f8c8a3',
          한진택배: 'c7d1c1f8c5c3b9e8',
        };
        return Buffer.concat(
          text.split(/([가-힣]+)/).map((part) => (known[part] ? Buffer.from(known[part], 'hex') : Buffer.from(part, 'latin1'))),
        );
      },
    ],
  ])('.csv in %s', async (_name, encode) => {
    const [deliveryNo] = await listed(1);
    const answer = await upload(stack, encode(`${HEADER.join(',')}\r\n${deliveryNo},1,한진택배,"6812-3456-7890"\r\n\r\n`), {
      name: '출고.csv',
    });
    expect(answer).toMatchObject({ status: 201, body: { fileName: '출고.csv', total: 1, valid: 1 } });
  });

  test('the template as downloaded is empty; with a row it is read', async () => {
    const response = await fetch(`${stack.url}${BULK}/template.xlsx`, {
      headers: { authorization: `Bearer ${await stack.token()}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { sheets } = await readXlsx(bytes, { readStyles: true });
    expect(sheets.map(({ name }) => name)).toEqual(['출고완료', '택배사']);
    expect(sheets[0]?.rows[0]).toEqual([...HEADER, '수량']);
    expect(sheets[0]?.dataValidations?.[0]).toMatchObject({ type: 'list', range: expect.stringMatching(/^C2:C/) });
    expect(sheets[0]?.dataValidations?.[1]).toMatchObject({
      range: expect.stringMatching(/^D2:D/),
      inputMessage: expect.stringContaining('비워 두면'),
    });
    expect(sheets[0]?.cells?.get('10,3')?.style?.numFmt).toBe('@');
    expect(await upload(stack, bytes)).toMatchObject({ status: 400, body: { code: 'SHEET_EMPTY' } });
  });
});
