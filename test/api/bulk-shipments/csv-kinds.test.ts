import { describe, expect, test } from '@jest/globals';
import { readHere } from '../../support/sheets/read-sheet.ts';

/** CSVs of programs: quotes, line ends and encodings, each read as it was meant or refused with its row. */
const HEADER = '배송번호,순번,택배사코드,운송장번호,메모\n';
const csv = (rows: string) => Buffer.from(HEADER + rows);

describe('kinds of CSV', () => {
  test.each([
    ['closes in the next row', 'D1,1,04,"681234567890\nD2,1,04,"681234567891"\n'],
    ['closes at once, in the next row', 'D1,1,04,"681234567890\nD2,1,04,",부산\n'],
    ['swallows a row without waybill', 'D1,1,04,681234567890,"서울\nD12,1,04,,부산"\n'],
    ['swallows a row of an unknown carrier', 'D1,1,04,681234567890,"서울\nD2,1,44,681234567891,부산"\n'],
    ['swallows the row after one without waybill', 'D1,1,04,,"서울\nD2,1,04,681234567891,부산"\n'],
  ])('a quote that %s', async (_name, rows) => {
    expect(await readHere(csv(rows))).toMatchObject({ rows: [], code: 'CSV_UNCLOSED_QUOTE', more: { row: 2 } });
  });

  test.each([
    ['a title of several lines', `"출고완료\n11월, 28일"\n${HEADER}`, 'x'],
    ['a header of several lines', '배송번호,순번,택배사코드,"운송장번호\r\n(필수, 숫자만)",메모\r\n', 'x'],
    ['products in a memo', HEADER, '"A100,2,빨강,8801234567890\nA200,1,파랑,8801234567891"'],
    ['numbers in a memo', HEADER, '"배송번호 D2\nD2, 급함"'],
  ])('%s is no row that was swallowed', async (_name, head, memo) => {
    const { rows, code } = await readHere(Buffer.from(`${head}D1,1,04,681234567890,${memo}\nD2,1,04,681234567891,\n`));
    expect([code, ...rows.map(({ deliveryNo, codes }) => [deliveryNo, codes])]).toEqual([undefined, ['D1', []], ['D2', []]]);
  });

  test('quotes that are properly closed, and inches', async () => {
    const { rows } = await readHere(csv('D1,1,04,681234567890,"""급해요"", 문 앞\n감사"\nD2,1,04,681234567891,27" 모니터\n'));
    expect(rows.map(({ deliveryNo }) => deliveryNo)).toEqual(['D1', 'D2']);
  });

  test('letters cut in half in every row are no other encoding', async () => {
    const cut = Buffer.from('서울시 강남').subarray(0, -2);
    const rows = [1, 2, 3, 4, 5, 6].map((n) => Buffer.concat([Buffer.from(`D${n},1,04,681234567890,`), cut, Buffer.from('\n')]));
    expect((await readHere(Buffer.concat([csv(''), ...rows]))).rows).toHaveLength(6);
  });

  test('`sep=;` is no row', async () => {
    const bytes = Buffer.from('sep=;\r\n배송번호;순번;택배사코드;운송장번호\r\nD1;1;04;681234567890\r\n');
    expect((await readHere(bytes)).rows).toMatchObject([{ row: 2, deliveryNo: 'D1' }]);
  });
});
