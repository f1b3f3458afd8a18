import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, property } from 'fast-check';
import { sheetAnswer, shipmentTemplate, type Value } from '../../api/sheets/write.ts';
import { attachment, cellText, cut, fileName, logLine, MOST_CELL_LETTERS, sheetName, xmlText } from '../../domain/safe-text.ts';
import { createLog } from '../../process/log.ts';
import { anyText, openedSheet, shownOf } from '../support/opened-sheet.ts';

/** Excel's rules for a sheet's name. */
function isSheetName(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= 31 &&
    name.isWellFormed() &&
    name.trim() === name &&
    !/[[\]:*?/\\\p{Cc}\ufffe\uffff]/u.test(name) &&
    !/^'|'$/.test(name) &&
    name.toLowerCase() !== 'history'
  );
}

const rowsOf = async function* (rows: Value[][]) {
  yield* rows;
};
const opened = async (answer: Response) => openedSheet(new Uint8Array(await answer.arrayBuffer()));

describe('a sheet of any texts', () => {
  test('opens elsewhere with every letter that XML can hold, whatever its name, titles and cells', async () => {
    await assert(
      asyncProperty(
        anyText,
        array(anyText, { minLength: 1, maxLength: 4 }),
        array(array(anyText, { maxLength: 4 })),
        async (name, titles, cells) => {
          const columns = [...titles.map((title) => ({ title })), { title: '결과' }];
          const rows = cells.map((row) => [...row, '끝']);
          const answer = sheetAnswer(name, columns, rowsOf(rows));
          const sheet = await opened(answer);
          const expected = [columns.map(({ title }) => title), ...rows].map((row) => row.map(shownOf));
          const shown = sheet.rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== null) + 1));
          expect(shown).toEqual(expected);
          expect(sheet.name).toBe(sheetName(name));
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    '출고완료[11월]',
    '가:나?다*라/마\\바',
    'History',
    'hISTORY',
    '',
    ' \u3164\u200b ',
    "'출고'",
    "'".repeat(40),
    `${'한'.repeat(30)}😀`,
    `${'한'.repeat(30)}'끝`,
    '_x0041_',
  ])('is written for a file called %j', async (name) => {
    const sheet = await opened(sheetAnswer(name, [{ title: '결과' }], rowsOf([['성공']])));
    expect(isSheetName(sheet.name)).toBe(true);
    expect(sheet.rows).toEqual([['결과'], ['성공']]);
  });

  test('a cell holds as much as Excel takes, without half a letter at its end', async () => {
    const long = `=${'😀'.repeat(40_000)}`;
    const [, [cell] = []] = (await opened(sheetAnswer('긴 글', [{ title: '결과' }], rowsOf([[long]])))).rows;
    expect(String(cell).length).toBeLessThanOrEqual(MOST_CELL_LETTERS);
    expect(`'${long}`.startsWith(String(cell))).toBe(true);
    expect(String(cell).isWellFormed()).toBe(true);
  });

  test('the template opens elsewhere', async () => {
    const { name, rows } = await openedSheet(await shipmentTemplate());
    expect([name, rows[0]]).toEqual(['출고완료', ['배송번호', '순번', '택배사코드', '운송장번호']]);
  });
});

describe('any text in a name, a header or a log', () => {
  test('sheet and file names are what programs take, and stay so when made again', () => {
    void assert(
      property(anyText, (text) => {
        expect(isSheetName(sheetName(text))).toBe(true);
        expect(sheetName(sheetName(text))).toBe(sheetName(text));
        const name = fileName(text);
        expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}\u2028\u2029]|^[.\s]|[.\s]$|^$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu);
        expect(Buffer.byteLength(`${name}.xlsx`)).toBeLessThanOrEqual(255);
        expect(fileName(name)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
    expect(sheetName('출고완료 결과 출고완료[11월]')).toBe('출고완료 결과 출고완료_11월_');
    expect(fileName('출고완료: 11/27')).toBe('출고완료_ 11_27');
  });

  test('a Content-Disposition is one header of plain letters that says the name', () => {
    void assert(
      property(anyText, (text) => {
        const header = new Headers({ 'content-disposition': attachment(text, 'xlsx') }).get('content-disposition') ?? '';
        const [, encoded = ''] =
          /^attachment; filename="export\.xlsx"; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)$/.exec(header) ??
          [];
        expect(decodeURIComponent(encoded)).toBe(`${fileName(text)}.xlsx`);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a log line stays one line of JSON that says the same and moves no terminal', () => {
    let line = '';
    const into = new Writable({
      write: (chunk, _encoding, done) => {
        line += chunk;
        done();
      },
    });
    const log = createLog('test', { LOG_LEVEL: 'info' }, into);
    void assert(
      property(anyText, (text) => {
        line = '';
        log.info({ text, [`key ${text}`]: 1 }, text);
        expect(line).toMatch(/^[^\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff\ufffe\uffff]*\n$/u);
        const said = JSON.parse(line);
        // Half a letter has no UTF-8.
        expect([said.msg, said.text].map((each) => each.toWellFormed())).toEqual([text.toWellFormed(), text.toWellFormed()]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('nothing is lost of a plain text, and a formula is none', () => {
    for (const text of ['홍길동', ' 두 칸 ', '줄\n바꿈', '<b>&amp;', "it's", '=1', '\u0001=1', '\r\n=1']) {
      expect(logLine(text)).toBe(text);
      expect(cut(text, 100)).toBe(text);
    }
    expect(xmlText('가\r\n나\r다\ufffe')).toBe('가\n나\n다');
    expect(['=1', '\u0001=1', '\ufffe@x', '\r=1'].map(cellText)).toEqual(["'=1", "'=1", "'@x", "'\n=1"]);
  });
});
