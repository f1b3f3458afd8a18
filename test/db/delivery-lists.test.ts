import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { constantFrom, integer, option, record, sample } from 'fast-check';
import { type Db, openDb } from '../../db/database.ts';
import { countLines } from '../../db/deliveries/count.ts';
import type { LineFilter } from '../../db/deliveries/filter.ts';
import { type FoundLine, findDeliveries, findLines, type LineSort } from '../../db/deliveries/list.ts';
import { seoulDay, startOf } from '../support/clock.ts';
import { createDatabase } from '../support/database.ts';
import { insertRows, numbers } from '../support/scenes/rows.ts';

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

const states = ['ordered', 'instructed', 'released', 'shipped', 'canceled'] as const;
const names = ['접이식 의자', '원목 책상', '의자 커버', '랜턴 100%'];
const receivers = ['홍길동', '김민준', '이서연'];

/** Lines of some orders with one to three deliveries each, of one to three lines. */
function anyLines(orders: number) {
  const [orderNo, deliveryNo] = [numbers('O'), numbers('D')];
  const drawn = sample(
    record({
      receiverName: constantFrom(...receivers),
      orderedIn: integer({ min: -5, max: 0 }),
      lines: constantFrom(1, 2, 3, 5),
      seed: integer({ min: 0, max: 1_000 }),
    }),
    orders,
  );
  return drawn.flatMap(({ receiverName, orderedIn, lines, seed }, at) =>
    sample(
      record({
        state: constantFrom(...states),
        productName: constantFrom(...names),
        dueIn: option(integer({ min: -2, max: 2 })),
        shippedIn: option(integer({ min: -2, max: 0 })),
      }),
      lines,
    ).map(({ state, productName, dueIn, shippedIn }, n) => ({
      ...{ orderNo: orderNo(at), deliveryNo: deliveryNo(at * 3 + ((n * seed) % 3)), lineNo: n + 1 },
      ...{
        state,
        productName,
        productId: productName.includes('커버') || productName.includes('랜턴') ? 2 : 1 + 2 * names.indexOf(productName),
        receiverName,
        canceled: state === 'canceled' ? 2 : 0,
      },
      ...{ orderedAt: startOf(seoulDay(orderedIn)), shippedAt: shippedIn === null ? null : startOf(seoulDay(shippedIn)) },
      dispatchDueOn: dueIn === null ? null : seoulDay(dueIn),
    })),
  );
}

const pages = async (
  list: typeof findLines | typeof findDeliveries,
  filter: LineFilter,
  sort: LineSort,
  descending: boolean,
  limit: number,
) => {
  const rows: FoundLine[] = [];
  for (;;) {
    const last = rows.at(-1);
    const value = (row: FoundLine) =>
      ({ orderedAt: row.ordered_at, shippedAt: row.shipped_at, dispatchDueOn: row.dispatch_due_on })[sort as 'orderedAt'];
    const instant = last && value(last);
    const after = last && {
      value: instant instanceof Date ? instant.toISOString() : (instant ?? null),
      deliveryNo: last.delivery_no,
      lineNo: last.line_no,
    };
    const page = await list(db.query, { filter, sort, descending, limit, after });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
};

const keyOf = ({ delivery_no, line_no }: FoundLine) => `${delivery_no}/${line_no}`;
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
        const lines = await pages(findLines, filter, sort, descending, 500);
        const asked = JSON.stringify({ filter, sort, descending });
        expect([asked, (await pages(findLines, filter, sort, descending, 7)).map(keyOf)]).toEqual([asked, lines.map(keyOf)]);
        const deliveries = await pages(findDeliveries, filter, sort, descending, 7);
        expect([asked, deliveries.map(keyOf)]).toEqual([asked, standing(lines, sort)]);
        const counted = [...new Set(lines.map((line) => line.delivery_no))].length;
        for (const most of [2, 5, 40, 1_000]) {
          expect([asked, most, await countLines(db.query, filter, most, false)]).toEqual([
            asked,
            most,
            Math.min(most, lines.length),
          ]);
          expect([asked, most, await countLines(db.query, filter, most, true)]).toEqual([asked, most, Math.min(most, counted)]);
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
  for (const part of ['해먹', '해먹 넷', '해먹 둘', '침대', '해먹 하나', '흔들'])
    for (const list of [findLines, findDeliveries]) {
      const filter = { productName: part, placeNo: 7_124 };
      const found = await list(db.query, { filter, sort: 'deliveryNo', descending: false, limit: 500 });
      const expected = rows.filter(({ productName }) => productName.includes(part)).map(({ deliveryNo }) => deliveryNo);
      expect([part, found.map((row) => row.delivery_no)]).toEqual([part, expected]);
      expect(await countLines(db.query, filter, 300, true)).toBe(Math.min(300, expected.length));
    }
});
