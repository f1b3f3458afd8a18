import { expect, test } from '@jest/globals';
import { assert, constantFrom, property, string } from 'fast-check';
import * as console from '../../console/src/ui/clean-text.ts';
import { fileName as consoleFileName } from '../../console/src/ui/file-name.ts';
import { fileName } from '../../domain/safe-text.ts';
import * as server from '../../domain/text.ts';
import { anyText } from '../support/opened-sheet.ts';

const letters = string({
  unit: constantFrom(
    ...'가나12-\u2013\u2212\uff0d\uff11 \u3000\u2800\t\n\u200b\u200d\ufe0f\u202a\u00ad\u3164\u1100\u1161\u0007\ufffe\ud800',
    '👨',
    '❤',
  ),
});

test('what the console cleans of a paste or a scan is what the server cleans', () => {
  void assert(
    property(letters, (text) => {
      expect([console.cleanText(text), console.cleanCode(text), console.cleanNumber(text)]).toEqual([
        server.cleanText(text),
        server.cleanCode(text),
        server.cleanNumber(text),
      ]);
    }),
    { numRuns: 2_000 },
  );
  for (let at = 0; at < 0x110000; at += 1) {
    const letter = `a${String.fromCodePoint(at)}b`;
    if (console.cleanText(letter) !== server.cleanText(letter)) throw new Error(`U+${at.toString(16)}`);
  }
});

test('a sheet that the console saves has the name that the server gives', () => {
  void assert(
    property(anyText, (text) => {
      expect(consoleFileName(text)).toBe(fileName(text));
    }),
    { numRuns: 2_000 },
  );
});
