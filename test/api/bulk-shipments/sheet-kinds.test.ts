import { describe, expect, test } from '@jest/globals';
import { rawWorkbook, sheetXml, zipOf } from '../../support/scenes/sheets.ts';
import { readHere } from '../../support/sheets/read-sheet.ts';

/** Others of the kinds of test/sheets/cases: what is read, or the error of its row. */
const TITLES = ['배송번호', '순번', '택배사코드', '운송장번호'];
const text = (shown: string) => `<c t="inlineStr"><is><t>${shown}</t></is></c>`;
const row = (lineNo: string, waybillNo = text('681234567890')) => `<row>${text('D1')}${lineNo}${text('04')}${waybillNo}</row>`;
const sheet = (rows: string, after = '', before = '') =>
  `<worksheet>${before}<sheetData><row>${TITLES.map(text).join('')}</row>${rows}</sheetData>${after}</worksheet>`;
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const bytes = (part: string) => new TextEncoder().encode(part);

/** A workbook with these styles and more parts. */
const styled = (formatCode: string, rows: string, more: [string, string][] = []) =>
  zipOf(
    [
      [
        'xl/workbook.xml',
        `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ],
      [
        'xl/_rels/workbook.xml.rels',
        `<Relationships><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
      ],
      [
        'xl/styles.xml',
        `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${formatCode.replaceAll('"', '&quot;')}"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>`,
      ],
      ['xl/worksheets/sheet1.xml', sheet(rows)],
      ...more,
    ].map(([name = '', data = '']) => ({ name, data: bytes(data) })),
  );

describe('a 순번 that cannot be known is never "every line"', () => {
  test.each([
    ['an error without its name', '<c t="e"><v/></c>'],
    ['a boolean never calculated', '<c t="b"><f>A1=A1</f></c>'],
    ['a shared text never calculated', '<c t="s"><f>A1</f></c>'],
    ['an inline text never calculated', '<c t="inlineStr"><f>A1</f></c>'],
    ['a shared formula', '<c><f t="shared" si="0"/></c>'],
    ['a text outside of its value', '<c>1</c>'],
    ['a hexadecimal number', '<c><v>0x1</v></c>'],
    ['two values', '<c><v>1</v><v>2</v></c>'],
    ['a text and a value', '<c t="inlineStr"><is><t>1</t></is><v>2</v></c>'],
    ['two cells at one place', '<c r="B2"><v>1</v></c><c r="B2"><v>2</v></c>'],
  ])('%s', async (_name, cell) => {
    const { rows } = await readHere(rawWorkbook(sheet(row(cell))));
    expect(rows).toMatchObject([{ codes: ['CELL_UNREADABLE'], unreadColumns: ['순번'] }]);
  });

  test.each([
    ['over two rows', 'B2:B3', row('<c><v>1</v></c>') + row('<c/>'), [[], ['CELL_UNREADABLE']]],
    ['with 배송번호', 'A2:B2', row('<c/>'), [['CELL_UNREADABLE']]],
    ['over two rows of the header', 'B1:B2', row('<c/>'), [[]]],
    ['with the example', 'B2:B3', row('<c><v>1</v></c>').replace('D1', '(예) D1') + row('<c/>'), [['CELL_UNREADABLE']]],
    ['of blank cells', 'B2:B3', row('<c/>') + row('<c/>'), [[], []]],
  ])('merged %s', async (_name, ref, rows, codes) => {
    const read = await readHere(rawWorkbook(sheet(rows, `<mergeCells><mergeCell ref="${ref}"/></mergeCells>`)));
    expect(read.rows.map((each) => each.codes)).toEqual(codes);
  });

  test('blank ones are blank', async () => {
    const blanks = ['<c/>', '<c t="s"/>', '<c><v></v></c>', '<c t="str"><f>""</f><v></v></c>', '<c t="inlineStr"><is/></c>'];
    const { rows } = await readHere(rawWorkbook(sheet(blanks.map((cell) => row(cell)).join(''))));
    expect(rows.map(({ lineNo, codes }) => [lineNo, ...codes])).toEqual(blanks.map(() => [null]));
  });
});

describe('what a format shows', () => {
  test.each([
    ['"EM"000000000"KR"', '<c s="1"><v>123456789</v></c>', 'EM123456789KR'],
    ['[$-412]General', '<c s="1"><v>681234567890</v></c>', '681234567890'],
    ['"0"@', `<c s="1" t="inlineStr"><is><t>81234567890</t></is></c>`, '081234567890'],
    [';;;', `<c s="1" t="inlineStr"><is><t>81234567890</t></is></c>`, null],
    ['*00', '<c s="1"><v>681234567890</v></c>', null],
    ['0.00E+00', '<c s="1"><v>681234567890</v></c>', null],
  ])('%s', async (formatCode, cell, waybillNo) => {
    const { rows } = await readHere(styled(formatCode, row('<c/>', cell)));
    expect(rows).toMatchObject([{ waybillNo }]);
    expect(rows[0]?.codes.length === 0).toBe(waybillNo !== null && !waybillNo.startsWith('EM'));
  });
});

describe('rows, columns and parts that are there twice', () => {
  test('two columns under one title must say the same', async () => {
    const of = (...waybills: string[]) =>
      sheetXml([[...TITLES, '운송장번호'], ...waybills.map((last) => ['D1', '1', '04', '681234567890', last])]);
    const { rows } = await readHere(rawWorkbook(of('681234567890', '', '681234567891')));
    expect(rows.map(({ codes }) => codes)).toEqual([[], [], ['CELL_UNREADABLE']]);
  });

  test('two columns under one title may say the same otherwise, or nothing', async () => {
    const titles = ['배송번호', '순번', '택배사', '운송장번호', '택배사', '운송장번호', '순번'];
    const rows = [
      ['D1', '1', '04', '681234567890', 'CJ대한통운', '6812-3456-7890', '01'],
      ['D1', '', '', '-', 'CJ대한통운', '6812-3456-7890', '1'],
      ['D1', '1', '04', '681234567890', '한진', '-', ''],
    ];
    const read = await readHere(rawWorkbook(sheetXml([titles, ...rows])));
    const meant = { lineNo: 1, carrierCode: '04', codes: [] };
    expect(read.rows).toMatchObject([meant, meant, { codes: ['CELL_UNREADABLE'], unreadColumns: ['택배사코드'] }]);
  });

  test.each([
    ['운송장번호', '운송장번호(반품)', '681234567890'],
    ['운송장번호(반품)', '운송장번호', '999999999999'],
    ['운송장번호(숫자만)', '비고', '681234567890'],
  ])('of %s and %s the one without brackets is meant', async (first, second, waybillNo) => {
    const rows = [
      ['배송번호', '택배사', first, second],
      ['D1', '04', '681234567890', '999999999999'],
    ];
    expect((await readHere(rawWorkbook(sheetXml(rows)))).rows).toMatchObject([{ waybillNo, codes: [] }]);
  });

  test('two parts of one name are refused', async () => {
    const twice = styled('0', row('<c/>'), [['xl/worksheets/sheet1.xml', sheet(row(text('2')))]]);
    expect(await readHere(twice)).toMatchObject({ rows: [], code: 'SHEET_UNREADABLE' });
  });

  test('an example is one by its 배송번호', async () => {
    const rows = [
      ['(예) 급함', 'D1', '1', '04', '681234567890'],
      ['', '(예) D2', '1', '04', '681234567890'],
    ];
    expect((await readHere(rawWorkbook(sheetXml([['비고', ...TITLES], ...rows])))).rows).toMatchObject([{ deliveryNo: 'D1' }]);
  });

  test('rows without a height of their own are seen, where others are hidden; anchors are no rows', async () => {
    const anchors = '<controls><anchor><from><xdr:row>1</xdr:row></from></anchor></controls>';
    const { rows } = await readHere(rawWorkbook(sheet(row('<c/>'), anchors, '<sheetFormatPr zeroHeight="1"/>')));
    expect(rows).toMatchObject([{ row: 2, hidden: false }]);
  });
});

describe('what is refused says why', () => {
  test.each([
    ['HTML in UTF-16', Buffer.from('\ufeff<table border=1>', 'utf16le'), '웹 페이지'],
    ['XML of Excel 2003', Buffer.from('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><ss:Workbook/>'), 'XML'],
    ['a web page in one file', Buffer.from('MIME-Version: 1.0\r\nContent-Type: multipart/related'), '웹 페이지'],
    ['.ods', zipOf([{ name: 'content.xml', data: bytes('<a/>') }]), 'Excel 통합 문서(.xlsx)가 아닌'],
    ['broken XML', rawWorkbook('<worksheet><sheetData><row>'), '손상'],
  ])('%s', async (_name, file, sentence) => {
    const { code, detail } = await readHere(file);
    expect([code, detail]).toEqual(['SHEET_UNREADABLE', expect.stringContaining(sentence)]);
  });

  test('a list of very many sheets', async () => {
    const sheets = Array.from({ length: 100_000 }, (_, at) => `<sheet name="S${at}" sheetId="1" r:id="rId1"/>`);
    const workbook = bytes(`<workbook xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`);
    const { code } = await readHere(zipOf([{ name: 'xl/workbook.xml', data: workbook }]), 'none');
    expect(code).toBe('SHEET_TOO_LARGE');
  });

  test('headers that were found are listed, but no row of somebody', async () => {
    const titles = await readHere(Buffer.from('주문번호,송장\n1,홍길동 010-1234-5678,서울\n'));
    expect(titles).toMatchObject({ code: 'SHEET_HEADER_MISSING', detail: expect.stringContaining('주문번호, 송장') });
    const data = await readHere(Buffer.from('홍길동,010-1234-5678,서울\n'));
    expect(data.detail).not.toContain('홍길동');
  });
});
