import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, isCode, root } from '../../structure/imports.ts';

const WRITES = /insert\s+into\s+"?(?:delivery|pickup)_history|insertInto\(\s*['"](?:delivery|pickup)_history/i;
/** The one door, and what writes into databases of its own making. */
const allowed = ['db/events/noted.ts'];
const elsewhere = ['test', 'bench'];

const files = filesIn('').filter((file) => isCode(file) && !elsewhere.includes(file.split('/')[0] ?? ''));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

describe('no history row without its event', () => {
  test('rows of the histories of lines and pickups are written by db/events/noted.ts alone', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => WRITES.test(textOf(file)) && !allowed.includes(file))).toEqual([]);
  });

  test('the door writes both in one statement', () => {
    const door = textOf('db/events/noted.ts');
    expect(door).toMatch(/noted as \(\s+insert into \$\{sql\.table\(name\)\}/);
    expect(door).toMatch(/told as \(\s+insert into events/);
  });

  test("a history's own insert is left to what is not told", () => {
    const [own] =
      /if \(isTold\(name\)\)[\s\S]*?\n {4}\}\n {4}return sql`\s+insert into \$\{history\}/.exec(textOf('db/record/history.ts')) ??
      [];
    expect(own).toBeDefined();
    expect([...textOf('db/record/history.ts').matchAll(/insert into \$\{history\}/g)]).toHaveLength(1);
  });

  test.each(['insert into delivery_history (', 'insert\n into "pickup_history"', "build.insertInto('delivery_history')"])(
    'is found: %s',
    (text) => expect(WRITES.test(text)).toBe(true),
  );
});
