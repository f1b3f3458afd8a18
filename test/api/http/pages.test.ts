import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertRows, type ListedRow, numbers } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const dates = ['orderedAt', 'instructedAt', 'releasedAt', 'shippedAt', 'deliveredAt'] as const;
const sorts = [...dates, 'dispatchDueOn', 'deliveryNo'].flatMap((field) => [field, `-${field}`]);
const day = (n: number) => new Date(Date.UTC(2026, 10, 1 + n)).toISOString();

/** One page, or every page to the end; `between` runs before each further page. */
async function walk(list: string, query: string, limit: number, between?: (page: number) => Promise<void>): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page++) {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await stack.get(`/api/bo/v1/${list}?${query}&limit=${limit}${next}`);
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    expect(body.items).toHaveLength(limit);
    cursor = body.nextCursor;
    await between?.(page);
  }
  throw new Error('no end');
}
const keyOf = ({ deliveryNo, lineNo = 1 }: { deliveryNo: string; lineNo?: number }) => `${deliveryNo}/${lineNo}`;

/** Rows of a place of their own: dates in no order, some equal, some not there yet. */
function mixed(placeNo: number, n: number): ListedRow[] {
  const no = numbers(`P${placeNo}`);
  return Array.from({ length: n }, (_, at) => {
    const date = day(((at * 7) % 5) + 1);
    const later = at % 3 === 0 ? null : date;
    return {
      deliveryNo: no(at),
      placeNo,
      orderedAt: date,
      instructedAt: later,
      releasedAt: later,
      shippedAt: later,
      deliveredAt: later,
      dispatchDueOn: later?.slice(0, 10) ?? null,
    };
  });
}

describe.each(sorts)('sort=%s', (sort) => {
  const field = sort.replace('-', '');
  const placeNo = 1_000 + sorts.indexOf(sort);

  test('in order, values that are not there last, equal ones by number', async () => {
    await insertRows(stack.db, mixed(placeNo, 13));
    const items = await walk('delivery-lines', `placeNo=${placeNo}&sort=${sort}`, 500);
    expect(items).toHaveLength(13);
    const sign = sort.startsWith('-') ? -1 : 1;
    const expected = [...items].sort((a, b) => {
      if (a[field] === null || b[field] === null)
        return a[field] === b[field] ? sign * (a.deliveryNo < b.deliveryNo ? -1 : 1) : a[field] === null ? 1 : -1;
      return a[field] === b[field] ? sign * (a.deliveryNo < b.deliveryNo ? -1 : 1) : sign * (a[field] < b[field] ? -1 : 1);
    });
    expect(items.map(keyOf)).toEqual(expected.map(keyOf));
  });

  test.each(['delivery-lines', 'deliveries'])(
    'pages of %s neither lose nor repeat rows while rows are inserted',
    async (list) => {
      const own = placeNo + (list === 'deliveries' ? 200 : 100);
      const rows = mixed(own, 23);
      await insertRows(stack.db, rows);
      const more = mixed(own, 100);
      const items = await walk(list, `placeNo=${own}&sort=${sort}`, 4, async (page) => {
        // Before, among and after what has been read, also under the very same dates.
        await insertRows(stack.db, more.slice(page * 3, page * 3 + 3));
      });
      const seen = items.map(({ deliveryNo }) => deliveryNo);
      expect(new Set(seen).size).toBe(seen.length);
      expect(rows.map(({ deliveryNo }) => deliveryNo).filter((deliveryNo) => !seen.includes(deliveryNo))).toEqual([]);
    },
  );
});

describe('lines of one delivery', () => {
  test('a page may end in the middle of a delivery', async () => {
    const no = numbers('M');
    const rows = [1, 2, 3].flatMap((at) => [1, 2, 3].map((lineNo) => ({ deliveryNo: no(at), lineNo, placeNo: 5_000 })));
    await insertRows(stack.db, rows);
    for (const sort of ['-orderedAt', 'orderedAt', 'deliveryNo', '-deliveryNo', '-shippedAt', 'dispatchDueOn']) {
      const items = await walk('delivery-lines', `placeNo=5000&sort=${sort}`, 2);
      expect(items.map(keyOf).sort()).toEqual(rows.map(keyOf).sort());
    }
  });

  test('배송목록 has a row per deliveryNo, whichever line it is found by', async () => {
    const no = numbers('N');
    const rows = [1, 2, 3, 4, 5].flatMap((at) =>
      [1, 2, 3].map((lineNo) => ({
        deliveryNo: no(at),
        lineNo,
        placeNo: 5_001,
        shippedAt: (at + lineNo) % 2 === 0 ? day(at * lineNo) : null,
        dispatchDueOn: (at + lineNo) % 3 === 0 ? null : day(at * lineNo).slice(0, 10),
        state: lineNo === 3 ? 'shipped' : 'ordered',
      })),
    );
    await insertRows(stack.db, rows);
    for (const sort of ['-orderedAt', 'shippedAt', '-shippedAt', 'dispatchDueOn', '-dispatchDueOn', 'deliveryNo']) {
      const items = await walk('deliveries', `placeNo=5001&sort=${sort}`, 2);
      expect(items.map(({ deliveryNo }) => deliveryNo).sort()).toEqual([1, 2, 3, 4, 5].map(no));
    }
    const { body } = await stack.get('/api/bo/v1/deliveries?placeNo=5001&count=true&limit=2');
    expect(body).toMatchObject({ total: 5, items: [{ lineCount: 3 }, { lineCount: 3 }] });
  });
});

describe('several states', () => {
  test.each(['delivery-lines', 'deliveries'])('%s of them stand in one order, each once, page by page', async (list) => {
    const placeNo = list === 'deliveries' ? 5_011 : 5_010;
    const states = ['ordered', 'instructed', 'released'];
    const rows = mixed(placeNo, 14).map((row, at) => ({ ...row, state: states[at % 3] ?? '' }));
    await insertRows(stack.db, rows);
    // Named twice is named once.
    const asked = `placeNo=${placeNo}&state=released&state=ordered&state=released`;
    const wanted = rows.filter(({ state }) => state !== 'instructed').map(({ deliveryNo }) => deliveryNo);
    for (const sort of ['orderedAt', '-orderedAt', 'shippedAt', 'dispatchDueOn', '-dispatchDueOn', 'deliveryNo']) {
      const items = await walk(list, `${asked}&sort=${sort}`, 3);
      expect(items.map(({ deliveryNo }) => deliveryNo).sort()).toEqual([...wanted].sort());
      const dates = items.map(({ orderedAt }) => orderedAt);
      if (sort.endsWith('orderedAt')) expect(sort === 'orderedAt' ? dates : [...dates].reverse()).toEqual([...dates].sort());
    }
  });
});

test('with `dateField` and no `sort` the newest by that date come first', async () => {
  const rows = mixed(5_012, 12);
  await insertRows(stack.db, rows);
  const items = await walk('delivery-lines', `placeNo=5012&dateField=shippedAt&from=${day(1)}`, 5);
  const dates = items.map(({ shippedAt }) => shippedAt);
  expect(dates).toHaveLength(rows.filter(({ shippedAt }) => shippedAt).length);
  expect([...dates].reverse()).toEqual([...dates].sort());
});

describe('a cursor', () => {
  test('goes on where it was, whatever the limit of the next page', async () => {
    const rows = mixed(5_002, 9);
    await insertRows(stack.db, rows);
    const first = (await stack.get('/api/bo/v1/delivery-lines?placeNo=5002&sort=-shippedAt&limit=2')).body;
    const rest = (await stack.get(`/api/bo/v1/delivery-lines?placeNo=5002&sort=-shippedAt&limit=50&cursor=${first.nextCursor}`))
      .body;
    expect([...first.items, ...rest.items].map(keyOf).sort()).toEqual(rows.map(keyOf).sort());
    expect(rest.nextCursor).toBeNull();
  });

  test('of another sort is 400', async () => {
    const { body } = await stack.get('/api/bo/v1/delivery-lines?sort=-shippedAt&limit=1');
    const answer = await stack.get(`/api/bo/v1/delivery-lines?sort=shippedAt&limit=1&cursor=${body.nextCursor}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
  });
});

test('total is exact up to 10,000, then 10,000 with `totalIsMinimum`', async () => {
  const no = numbers('Z');
  const rows = Array.from({ length: 10_001 }, (_, at) => ({
    deliveryNo: no(Math.floor(at / 200)),
    lineNo: at + 1,
    placeNo: 5_003,
  }));
  await insertRows(stack.db, rows.slice(0, 10_000));
  const total = async (list: string) => {
    const { body } = await stack.get(`/api/bo/v1/${list}?placeNo=5003&count=true&limit=1`);
    return [body.total, body.totalIsMinimum];
  };
  expect(await total('delivery-lines')).toEqual([10_000, undefined]);
  await insertRows(stack.db, rows.slice(10_000));
  expect(await total('delivery-lines')).toEqual([10_000, true]);
  expect(await total('deliveries')).toEqual([51, undefined]);
});
