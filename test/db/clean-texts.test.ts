import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, oneof, string, stringMatching } from 'fast-check';
import { sql } from 'kysely';
import { type Db, openDb } from '../../db/database.ts';
import { phoneNumber, splitPhones } from '../../domain/phone.ts';
import { cleanNumber, cleanText } from '../../domain/text.ts';
import { createDatabase } from '../support/database.ts';
import { insertRows } from '../support/scenes/rows.ts';

/** The migration that cleans what was stored before texts were cleaned, on a database in which such texts stand. */
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

const MIGRATION = '20261128070000-clean-texts';
const nfd = (text: string) => text.normalize('NFD');

test('stored texts become what they would be today, and rows that are clean are not written', async () => {
  const dirty = { receiverName: nfd('홍길동'), receiverPhone: '０１０－１２３４\u2013５６７８' };
  await insertRows(db, [
    { deliveryNo: 'T1', orderNo: 'T-1', ...dirty },
    { deliveryNo: 'T2', orderNo: 'T-2', receiverName: '성춘향', receiverPhone: '010-1111-2222' },
    { deliveryNo: 'T3', orderNo: nfd('주문-3'), ...dirty },
    { deliveryNo: 'T4', orderNo: 'T\u200b-2', ...dirty },
  ]);
  await db.query(sql`update orders set receiver_memo = ${'\u200b'}, receiver_address1 = ${nfd('서울\u00ad시')}`);
  await db.query(sql`update orders set receiver_address1 = '서울', receiver_memo = null where order_no = 'T-2'`);
  const rowOf = async (orderNo: string) =>
    (
      await db.query(
        sql<Record<string, unknown>>`select xmin::text, receiver_name, receiver_phone, receiver_address1, receiver_memo
        from orders where order_no = ${orderNo}`,
      )
    )[0];
  const untouched = await rowOf('T-2');

  await db.migrator.down({ migrations: [MIGRATION] });
  await db.migrator.up();

  const clean = { receiver_name: '홍길동', receiver_phone: '010-1234-5678', receiver_address1: '서울시', receiver_memo: null };
  expect(await rowOf('T-1')).toMatchObject(clean);
  expect(await rowOf('T-2')).toEqual(untouched);
  // A number is cleaned wherever it stands, unless another order has it already.
  expect(await rowOf('주문-3')).toMatchObject(clean);
  expect(await rowOf('T\u200b-2')).toMatchObject(clean);
  const lines = await db.query(sql<{ order_no: string }>`select order_no from delivery_lines where delivery_no = 'T3'`);
  expect(lines).toEqual([{ order_no: '주문-3' }]);
  const [deferred] = await db.query(sql<{ n: number }>`select count(*) as n from pg_constraint where condeferrable`);
  expect(deferred?.n).toBe(0);
});

test('it takes out the same letters as domain/text.ts, of all there are', async () => {
  const letters = Array.from({ length: 0x110000 }, (_, at) => at).filter((at) => at > 0 && (at < 0xd800 || at > 0xdfff));
  const blocks = Map.groupBy(letters, (at) => at >> 12);
  const texts = [...blocks.values()].map((block) => block.map((at) => `${String.fromCodePoint(at)}|`).join(''));
  texts.push('👨‍👩‍👧 ❤️ ❤️‍🔥 👩🏽‍🚒 ❤\u200b\ufe0f 👨\u200d\u200b👩 👨\u200d 가\u200d👨 1\ufe0f #\ufe0f\u20e3 \u200d👩 ❤️\ufe0f');
  await insertRows(
    db,
    texts.map((_, at) => ({ deliveryNo: `L${at}`, orderNo: `L-${at}` })),
  );
  for (const [at, text] of texts.entries())
    await db.query(sql`update orders set receiver_memo = ${text} where order_no = ${`L-${at}`}`);
  await db.migrator.down({ migrations: [MIGRATION] });
  await db.migrator.up();
  for (const [at, text] of texts.entries()) {
    const [row] = await db.query(sql<{ memo: string }>`select receiver_memo as memo from orders where order_no = ${`L-${at}`}`);
    expect(row?.memo).toBe(cleanText(text).trim());
  }
});

const keysOf = async (phone: string) => (await db.query(sql<{ keys: string[] }>`select phone_keys(${phone}) as keys`))[0]?.keys;
const anyPhones = array(
  oneof(
    stringMatching(/^(\+82[- ]?|0082|82|)[- (]?0?(10|2|31|507|70|11)[-. )]{0,2}[0-9]{3,4}[- .]{0,3}[0-9]{4}$/),
    stringMatching(/^0(10|2|31|70|507)-?[0-9]{3,4}-?[0-9]{4}$/),
    stringMatching(/^1[568][0-9]{2}-?[0-9]{4}$/),
    constantFrom(',', '/', ';', '\n', ' ', ' 또는 ', 'or', '', '(집)', '#12', '1234', '-', '+'),
    string({ maxLength: 4 }),
  ),
  { maxLength: 6 },
).map((parts) => cleanNumber(parts.join('')).replaceAll('\u0000', ''));

test('numbers are the same to the database as to domain/phone.ts, and each has its own keys', async () => {
  await assert(
    asyncProperty(anyPhones, async (phone) => {
      const [row] = await db.query(sql<{ number: string }>`select phone_number(${phone}) as number`);
      expect(row?.number).toBe(phoneNumber(phone));
      const parts = phone.split(/[^- .()_\t+0-9]+/);
      const found = splitPhones(phone).filter((_, at) => at % 2 === 1);
      const keys = [phone, ...parts, ...found].map(phoneNumber).flatMap((number) => [number, number.slice(-4)]);
      expect(new Set(await keysOf(phone))).toEqual(new Set(keys.filter((key) => key !== '')));
    }),
    { numRuns: 500 },
  );
});
