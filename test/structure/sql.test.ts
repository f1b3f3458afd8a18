import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, importsOf, isCode, root } from './imports.ts';

/** These speak to databases of their own making (`npm start` also forgets a killed worker in a given one), or to none; the documents show the statements of db/. */
const elsewhere = ['db', 'test', 'bench', 'chaos', 'deploy', 'local', 'docs', 'console'];
const writesSql = ['kysely', 'pg', '@mikro-orm/core', '@mikro-orm/postgresql', '@mikro-orm/migrations'];
/** A text that begins as a statement does, or a piece of one between its quotes. */
const STATEMENT =
  /['"`]\s*(select\s+[\w*(']|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(|lock\s+table\s)/i;

const files = filesIn('').filter((file) => isCode(file) && !elsewhere.includes(file.split('/')[0] ?? ''));
const source = (file: string) => readFileSync(join(root, file), 'utf8');

describe('SQL', () => {
  test('stands in db/ alone', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(files.filter((file) => STATEMENT.test(source(file)))).toEqual([]);
  });

  test('is written and sent by db/ alone', () => {
    const offences = files.flatMap((file) =>
      importsOf(file, source(file)).flatMap(({ from, to }) => (writesSql.includes(to) ? [`${from} imports ${to}`] : [])),
    );
    expect(offences).toEqual([]);
  });

  test.each([
    'query(`select 1`)',
    "query('select delivery_no from deliveries')",
    'query(`\n  insert into orders values ($1)`)',
    "query('update requests set status = $1')",
    "sql('delete from workers')",
    'const text = `with due as (select 1) select * from due`',
  ])('is recognised: %s', (text) => {
    expect(STATEMENT.test(text)).toBe(true);
  });

  test.each(["'select'", "'update the line'", "'delete'"])('is not everything: %s', (text) => {
    expect(STATEMENT.test(text)).toBe(false);
  });
});
