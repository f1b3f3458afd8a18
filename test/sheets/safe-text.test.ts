import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, integer, property } from 'fast-check';
import { sheetAnswer, shipmentTemplate, type Value } from '../../api/sheets/write.ts';
import { markdownText } from '../../domain/markdown.ts';
import { attachment, cellText, cut, fileName, logLine, MOST_CELL_LETTERS, sheetName, xmlText } from '../../domain/safe-text.ts';
import { createLog } from '../../process/log.ts';
import { deliveryStartOptions } from '../../workflows/messages/delivery.ts';
import { pickupStartOptions } from '../../workflows/messages/pickup.ts';
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
    expect([name, rows[0]]).toEqual(['출고완료', ['배송번호', '순번', '택배사코드', '운송장번호', '수량']]);
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

  test('a cut leaves no part of a letter: no half, no emoji without its parts, no vowel or accent without its letter', () => {
    const parts = ['👨‍👩‍👧', '👩🏽‍🚒', '❤️', '🇰🇷', '1️⃣', '각', 'x\u0301\u0323', '\u1100\u1161\u11af', '가', 'a', '😀', ' '];
    const letters = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
    void assert(
      property(array(constantFrom(...parts)), integer({ min: 1, max: 60 }), (pieces, most) => {
        const text = pieces.join('');
        const left = cut(text, most);
        expect(text.startsWith(left)).toBe(true);
        expect(left.length).toBeLessThanOrEqual(most);
        const own = letters(text);
        const kept = letters(left);
        if ((own[0]?.length ?? 0) > most) return;
        expect(kept).toEqual(own.slice(0, kept.length));
        // As much as there is room for.
        if (kept.length < own.length) expect(left.length + (own[kept.length]?.length ?? 0)).toBeGreaterThan(most);
      }),
      { numRuns: 2_000 },
    );
    expect(cut(`a${'\u0301'.repeat(1_000)}`, 500)).toHaveLength(500);
  });

  test('a number of somebody else’s in Markdown is words on one line: no link, no markup, no second line', () => {
    void assert(
      property(anyText, (text) => {
        const words = markdownText(text);
        expect(words).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(words.replace(/\\[\\`*_~[\]()<>!|&:@.]/g, '')).not.toMatch(/[\\`*_~[\]()<>!|&:@.]/);
        expect(words.replace(/\\(.)/g, '$1')).toBe(text.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 2_000 },
    );
    expect(markdownText('S20261123-0001')).toBe('S20261123-0001');
    const orderNo = '[x](javascript:alert)\n# <img src=x> www.evil.com';
    const line = { deliveryNo: 'D1', lineNo: 1, orderNo } as Parameters<typeof deliveryStartOptions>[0];
    const pickup = { pickupNo: 'P1', orderNo, items: [] } as unknown as Parameters<typeof pickupStartOptions>[0];
    for (const { staticSummary } of [
      deliveryStartOptions(line, { openDays: 90 }),
      pickupStartOptions(pickup, { autoConfirm: false, line: { openDays: 90 } }),
    ])
      expect(staticSummary).toContain('\\[x\\]\\(javascript\\:alert\\) # \\<img src=x\\> www\\.evil\\.com');
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
