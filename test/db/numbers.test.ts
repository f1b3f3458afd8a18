import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, oneof, string, stringMatching } from 'fast-check';
import { sql } from 'kysely';
import { type Db, openDb } from '../../db/database.ts';
import { cleanText, numberKey } from '../../domain/text.ts';
import { createDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  db = openDb({ url: database.url });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const keysOf = async (texts: string[]): Promise<string[]> => {
  const asked = sql`unnest(${texts}::text[]) with ordinality as t (text, at)`;
  const rows = await db.query(sql<{ key: string }>`select number_key(text) as key from ${asked} order by at`);
  return rows.map(({ key }) => key);
};
/** Those of these texts whose letters are in PostgreSQL's edition of Unicode: Node's may be newer. */
const known = async (texts: string[]): Promise<string[]> => {
  const rows = await db.query(sql<{ text: string }>`select text from unnest(${texts}::text[]) text where unicode_assigned(text)`);
  return rows.map(({ text }) => text);
};

test('stored numbers have the key that domain/text.ts gives to those that are looked for, of every letter', async () => {
  const letters = Array.from({ length: 0x110000 }, (_, at) => at)
    .filter((at) => at > 0 && (at < 0xd800 || at > 0xdfff))
    .map((at) => cleanText(`D${String.fromCodePoint(at)}1`).trim());
  const texts = await known(letters);
  expect(texts.length).toBeGreaterThan(280_000);
  const keys = await keysOf(texts);
  expect(texts.filter((text, at) => keys[at] !== numberKey(text))).toEqual([]);
});

test('and of any texts', async () => {
  const number = oneof(
    stringMatching(/^[A-Za-z0-9 .\-\u2013\u2212\u3000\uff0d\uff10-\uff19\uff21-\uff3a가-힣]{1,30}$/),
    string({ unit: 'binary', maxLength: 20 }),
    constantFrom('', '-', 'a-\u0301', 'S2026-1123', '주문-3', 'ß', 'ﬀ-1', '½'),
  );
  await assert(
    asyncProperty(array(number, { minLength: 1, maxLength: 50 }), async (given) => {
      const stored = await known(given.map((text) => cleanText(text).trim()));
      expect(await keysOf(stored)).toEqual(stored.map(numberKey));
      expect(stored.map(numberKey).map(numberKey)).toEqual(stored.map(numberKey));
    }),
    { numRuns: 50 },
  );
});
