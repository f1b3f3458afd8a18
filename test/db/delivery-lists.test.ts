import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Db, openDb } from '../../db/database.ts';
import { countLines } from '../../db/deliveries/count.ts';
import type { LineFilter } from '../../db/deliveries/filter.ts';
import { type FoundLine, findDeliveries, findLines, type LineSort } from '../../db/deliveries/list.ts';
import { REACH } from '../../db/deliveries/numbered.ts';
import { seoulDay, startOf } from '../support/clock.ts';
import { createDatabase } from '../support/database.ts';
import { insertRows, numbers } from '../support/scenes/rows.ts';
import { anyLines, keyOf, pages } from './any-lines.ts';

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

const dateOf = (row: FoundLine, sort: LineSort): string =>
  sort === 'orderedAt'
    ? row.ordered_at.toISOString()
    : sort === 'shippedAt'
      ? (row.shipped_at?.toISOString() ?? '')
      : (row.dispatch_due_on ?? '9');

/** Of each delivery the line that stands for it, said again without SQL, in the order of the lines. */
function standing(lines: FoundLine[], sort: LineSort): string[] {
  const best = new Map<string, FoundLine>();
  for (const line of lines) {
    const other = best.get(line.delivery_no);
    const [mine, its] = [dateOf(line, sort), other ? dateOf(other, sort) : ''];
    const isFirst = sort === 'dispatchDueOn' ? mine < its : mine > its;
    if (!other || isFirst || (mine === its && line.line_no < other.line_no)) best.set(line.delivery_no, line);
  }
  return lines.filter((line) => best.get(line.delivery_no) === line).map(keyOf);
}

test('배송목록 is one line for each delivery of 배송처리목록, page by page in its order, and both are counted', async () => {
  await insertRows(db, anyLines(120));
  const today = seoulDay();
  const filters: LineFilter[] = [
    {},
    { productName: '의자' },
    { productName: '0%', states: ['released', 'shipped'] },
    { productName: '의' },
    { productName: '없는 말' },
    { receiverName: '김민준' },
    { receiverName: '홍길동', productName: '책상' },
    { phone: '010-1234-5678', states: ['ordered'] },
    { due: { status: 'late', today } },
    { due: { status: 'late', today }, states: ['released'] },
    { due: { status: 'today', today }, states: ['released', 'ordered'], productName: '의자' },
    { from: new Date(startOf(seoulDay(-3))), to: new Date(startOf(seoulDay(-1))) },
    { dateField: 'shippedAt', from: new Date(startOf(seoulDay(-1))), receiverName: '이서연' },
    { q: 'D' },
    { q: 'O', states: ['released'] },
  ];
  for (const filter of filters)
    for (const sort of ['orderedAt', 'shippedAt', 'dispatchDueOn'] as const)
      for (const descending of [true, false]) {
        const lines = await pages(db, findLines, filter, sort, descending, 500);
        const asked = JSON.stringify({ filter, sort, descending });
        expect([asked, (await pages(db, findLines, filter, sort, descending, 7)).map(keyOf)]).toEqual([asked, lines.map(keyOf)]);
        const deliveries = await pages(db, findDeliveries, filter, sort, descending, 7);
        expect([asked, deliveries.map(keyOf)]).toEqual([asked, standing(lines, sort)]);
        const counted = [...new Set(lines.map((line) => line.delivery_no))].length;
        for (const most of [2, 5, 40, 1_000]) {
          expect([asked, most, (await countLines(db.query, filter, most, false)).count]).toEqual([
            asked,
            most,
            Math.min(most, lines.length),
          ]);
          expect([asked, most, (await countLines(db.query, filter, most, true)).count]).toEqual([
            asked,
            most,
            Math.min(most, counted),
          ]);
        }
      }
});

test('a part of a product name finds the lines that were sold under it, whatever else the product was called', async () => {
  const no = numbers('N');
  const rows = ['자개 쟁반', '자개 쟁반', '나전 쟁반', '나전칠기 보석함', '보석함'].map((productName, at) => ({
    deliveryNo: no(at),
    placeNo: 7_123,
    productName,
  }));
  await insertRows(db, rows);
  for (const part of ['쟁반', '자개', '보석함', '쟁', '%', '나전 쟁반', 'X'])
    for (const list of [findLines, findDeliveries]) {
      const found = await list(db.query, {
        filter: { productName: part, placeNo: 7_123 },
        sort: 'deliveryNo',
        descending: false,
        limit: 9,
      });
      const expected = rows.filter(({ productName }) => productName.includes(part)).map(({ deliveryNo }) => deliveryNo);
      expect([part, found.map((row) => row.delivery_no)]).toEqual([part, expected]);
    }
});

test('also of products that were called otherwise in many lines', async () => {
  const no = numbers('R');
  const called = [
    ...['해먹 넷', '그늘 넷', '해먹 넷'].map((productName) => ({ productId: 94, productName })),
    { productId: 95, productName: '큰 해먹 넷' },
    ...Array.from({ length: 3 }, () => ({ productId: 91, productName: '해먹 하나' })),
    ...Array.from({ length: 205 }, (_, at) => ({ productId: 92, productName: at < 2 ? '해먹 둘' : '그물침대 둘' })),
    ...Array.from({ length: 410 }, (_, at) => ({ productId: 93, productName: at % 2 ? '흔들해먹' : '흔들침대' })),
  ];
  const rows = called.map((row, at) => ({ ...row, deliveryNo: no(at), placeNo: 7_124 }));
  await insertRows(db, rows);
  const reach = { ...REACH, named: 200 };
  for (const part of ['해먹', '해먹 넷', '해먹 둘', '침대', '해먹 하나', '흔들'])
    for (const list of [findLines, findDeliveries]) {
      const filter = { productName: part, placeNo: 7_124 };
      const found = await list(db.query, { filter, sort: 'deliveryNo', descending: false, limit: 500 }, reach);
      const expected = rows.filter(({ productName }) => productName.includes(part)).map(({ deliveryNo }) => deliveryNo);
      expect([part, found.map((row) => row.delivery_no)]).toEqual([part, expected]);
      expect((await countLines(db.query, filter, 300, true, reach)).count).toBe(Math.min(300, expected.length));
    }
});

test('what a number begins with finds the same however far it has to be looked for, or is refused because it is too short', async () => {
  const drawn = anyLines(25);
  const [one] = drawn;
  await insertRows(
    db,
    drawn.map((row) => (row.orderNo === one?.orderNo ? { ...row, placeNo: 7_125, state: 'released', canceled: 0 } : row)),
  );
  const others: LineFilter[] = [{}, { states: ['released'] }, { productName: '의자' }, { placeNo: 7_125 }];
  const all = 100_000;
  let [whole, refused, farFilled] = [0, 0, 0];
  for (const other of others)
    for (const sort of ['orderedAt', 'shippedAt', 'dispatchDueOn'] as const)
      for (const [many, far] of [
        [all, 0],
        [0, all],
        [0, 30],
        [5, 60],
      ] as const) {
        const [filter, descending] = [{ ...other, q: 'D' }, sort !== 'dispatchDueOn'];
        const reach = { ...REACH, few: 0, near: 2, many, far };
        const list = (await pages(db, findLines, other, sort, descending, 500)).map(keyOf);
        for (const find of [findLines, findDeliveries]) {
          const expected = (await pages(db, find, filter, sort, descending, 500)).map(keyOf);
          expect(expected.length).toBeGreaterThan(0);
          const rows: FoundLine[] = [];
          const error = await pages(db, find, filter, sort, descending, 9, reach, rows).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          const found = rows.map(keyOf);
          expect(found).toEqual(error ? expected.slice(0, found.length) : expected);
          if (error) {
            expect(error).toMatchObject({ code: 'BAD_REQUEST', more: { errors: [{ path: 'q' }] } });
            // Only where more of the list is left than is looked at.
            expect(list.length - 1 - list.indexOf(found.at(-1) ?? '')).toBeGreaterThan(far);
            expect(many).toBeLessThan(all);
            refused++;
            if (found.length > 0) farFilled++;
          } else whole++;
          const { count, isMinimum } = await countLines(db.query, filter, 30, find === findDeliveries, reach);
          const right = Math.min(30, expected.length);
          if (isMinimum) expect([count <= right, list.length > far]).toEqual([true, true]);
          else expect(count).toBe(right);
        }
      }
  expect(Math.min(whole, refused, farFilled)).toBeGreaterThan(0);
});
