import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { insertRows, type ListedRow, numbers } from '../../support/scenes/rows.ts';
import { downloaded } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { writings } from '../../support/writings.ts';

const LISTS = ['/api/bo/v1/deliveries', '/api/bo/v1/delivery-lines'];
const parcel = (waybillNo: string) => ({ state: 'shipped', methodCode: '10', carrierCode: '04', waybillNo });
/** Numbers as shops give them, in any letter case and with or without hyphens. */
const rows: ListedRow[] = [
  { deliveryNo: 'D261128000001', orderNo: 'S20261128-0001', ...parcel('681234567890') },
  { deliveryNo: 'D261128000002', orderNo: 'shop_a-77-x', lineNo: 1, ...parcel('681234567891') },
  { deliveryNo: 'D261128000002', orderNo: 'shop_a-77-x', lineNo: 2, ...parcel('681234567892') },
  { deliveryNo: 'D261128000003', orderNo: '주문 20261128 3' },
  { deliveryNo: 'D261128000004', orderNo: 'S20261128-0004', state: 'canceled', canceled: 2 },
  { deliveryNo: 'D261128000005', orderNo: 'S20261128-0005', returned: 2, ...parcel('681234567895') },
];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  await insertRows(stack.db, rows);
});
afterAll(() => stack.stop());

const encoded = (query: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value])),
  );
async function found(list: string, query: Record<string, string | string[]>): Promise<string[]> {
  const { status, body } = await stack.get(`${list}?${encoded(query)}`);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.items.map((item: any) => `${item.deliveryNo.slice(-1)}${item.lineNo ?? ''}`).sort();
}
const whole = { '1': ['11'], '2': ['21', '22'], '3': ['31'] } as Record<string, string[]>;

describe('numbers are found as people write them: any letter case, hyphens, blanks, full width, invisible letters', () => {
  test('in the filters of both lists and of the search', async () => {
    const asked = constantFrom(
      ...rows.flatMap(({ deliveryNo, orderNo = '', waybillNo }) => [
        { name: 'deliveryNo', number: deliveryNo, deliveryNo },
        { name: 'orderNo', number: orderNo, deliveryNo },
        ...(waybillNo ? [{ name: 'waybillNo', number: waybillNo, deliveryNo }] : []),
      ]),
    );
    await assert(
      asyncProperty(asked, writings, async ({ name, number, deliveryNo }, write) => {
        const listed = Number(deliveryNo.slice(-1)) <= 3 ? [deliveryNo.slice(-1)] : [];
        expect(await found('/api/bo/v1/deliveries', { [name]: write(number) })).toEqual(listed);
        const { body } = await stack.post('/api/bo/v1/deliveries/search', { [name]: write(number) });
        expect(body.items.map((item: any) => item.deliveryNo)).toEqual(listed.length ? [deliveryNo] : []);
        const lines = await found('/api/bo/v1/delivery-lines', { [name]: write(number) });
        if (name !== 'waybillNo') expect(lines).toEqual(listed.flatMap((each) => whole[each] ?? []));
        else expect(lines).toHaveLength(listed.length);
      }),
      { numRuns: 60 },
    );
  });

  test('q takes the beginning of an order, delivery or waybill number, four letters or more', async () => {
    const shown = rows.filter(({ deliveryNo }) => Number(deliveryNo.slice(-1)) <= 3);
    const key = (text: string | null = '') => (text ?? '').replace(/[\s-]/g, '').toUpperCase();
    const asked = constantFrom(
      ...shown.flatMap(({ deliveryNo, orderNo, waybillNo }) => [deliveryNo, orderNo, waybillNo ?? deliveryNo]),
    );
    await assert(
      asyncProperty(asked, integer({ min: 4, max: 20 }), writings, async (number, length, write) => {
        const beginning = [...key(number)].slice(0, length).join('');
        const expected = shown.filter((row) =>
          [row.deliveryNo, row.orderNo, row.waybillNo].some((each) => key(each).startsWith(beginning)),
        );
        const nos = [...new Set(expected.map(({ deliveryNo }) => deliveryNo.slice(-1)))].sort();
        expect(await found('/api/bo/v1/deliveries', { q: write(beginning) })).toEqual(nos);
        expect(await found('/api/bo/v1/delivery-lines', { q: write(beginning) })).toEqual(nos.flatMap((no) => whole[no] ?? []));
      }),
      { numRuns: 60 },
    );
  });

  test('canceled and wholly returned deliveries are not found, nor letters in the middle of a number', async () => {
    for (const q of ['D261128000004', 'S20261128-0005', '681234567895', '1128000001', '20261128-0001', '%', '____'])
      if (q.length >= 4) expect([q, await found('/api/bo/v1/deliveries', { q })]).toEqual([q, []]);
    expect(await found('/api/bo/v1/deliveries', { q: 'd261128', state: 'shipped' })).toEqual(['1', '2']);
  });

  test.each(LISTS)('%s: bad numbers are 400 and say which', async (list) => {
    for (const [name, value] of [
      ['q', 'D26'],
      ['q', 'D-2 6\u200b-'],
      ['q', ''],
      ['q', 'a\u0000bcd'],
      ['orderNo', '-'],
      ['waybillNo', '\u200b'],
      ['q', 'x'.repeat(51)],
    ])
      expect([value, (await stack.get(`${list}?${encoded({ [name ?? '']: value ?? '' })}`)).body]).toMatchObject([
        value,
        { code: 'BAD_REQUEST', errors: [{ path: name }] },
      ]);
    const many = Array.from({ length: 201 }, (_, at) => `S${at}`);
    expect((await stack.get(`${list}?${encoded({ orderNo: many })}`)).status).toBe(400);
  });
});

describe('up to 200 numbers, any of which will do', () => {
  test.each([
    ['orderNo', (at: number) => `S${at}`, 'S20261128 0001', ['1']],
    ['deliveryNo', (at: number) => `D${at}`, 'd2611-2800-0002', ['2']],
    ['waybillNo', (at: number) => `${at}00000000`, '6812-3456-7892', ['2']],
  ] as const)('%s', async (name, other, number, expected) => {
    const given = Array.from({ length: 199 }, (_, at) => other(at));
    expect(await found('/api/bo/v1/deliveries', { [name]: [...given, number] })).toEqual(expected);
    const { body } = await stack.post('/api/bo/v1/deliveries/search', { [name]: [...given, number] });
    expect(body.items).toHaveLength(1);
  });

  test('different filters all have to hold; an export takes them too', async () => {
    expect(await found('/api/bo/v1/deliveries', { orderNo: ['SHOP_A77X'], waybillNo: ['681234567890'] })).toEqual([]);
    expect(await found('/api/bo/v1/delivery-lines', { orderNo: ['SHOP_A77X'], waybillNo: ['6812 3456 7891'] })).toEqual(['21']);
    const path = '/api/bo/v1/delivery-lines/export.xlsx';
    const sheet = await downloaded(stack, `${path}?${encoded({ orderNo: ['shop_a77x', 's202611280001'], sort: 'deliveryNo' })}`);
    expect(sheet.slice(1).map(([deliveryNo, lineNo]) => `${deliveryNo}/${lineNo}`)).toEqual([
      'D261128000001/1',
      'D261128000002/1',
      'D261128000002/2',
    ]);
    expect(await downloaded(stack, `${path}?q=shop-a`)).toHaveLength(1);
    expect(await downloaded(stack, `${path}?q=shop_a`)).toHaveLength(3);
  });
});

describe('a beginning that finds thousands: every page, in the list’s order, whether they are new, old or scattered', () => {
  const [found, other] = [numbers('found'), numbers('other')];
  const instant = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();
  const many = 2_300;
  beforeAll(async () => {
    const line = (deliveryNo: string, at: number): ListedRow => ({
      deliveryNo,
      orderedAt: instant(at),
      state: at % 3 === 0 ? 'released' : 'instructed',
      instructedAt: at % 5 === 0 ? null : instant(at % 50),
    });
    // The oldest and some of the newest are found, with more between them than are looked at.
    await insertRows(stack.db, [
      ...Array.from({ length: many - 100 }, (_, at) => line(found(at), at)),
      ...Array.from({ length: 2_500 }, (_, at) => line(other(at), 10_000 + at)),
      ...Array.from({ length: 100 }, (_, at) => line(found(many - 100 + at), 20_000 + at)),
    ]);
  }, 60_000);

  test.each(
    LISTS.flatMap((list) =>
      [
        'sort=-orderedAt',
        'sort=orderedAt',
        'sort=-instructedAt',
        'sort=deliveryNo',
        'state=released&state=instructed',
        'state=released',
      ].map((query) => [list, query] as const),
    ),
  )('%s?%s', async (list, query) => {
    const beginning = found(0).slice(0, -6);
    const shown = async (extra: string) => {
      const nos: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await stack.get(
          `${list}?${query}${extra}&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        nos.push(...body.items.map((item: any) => item.deliveryNo));
        if (body.nextCursor === null) return nos;
        cursor = body.nextCursor;
      }
    };
    const all = (await shown('')).filter((deliveryNo) => deliveryNo.startsWith(beginning));
    expect(await shown(`&q=${beginning.toUpperCase()}`)).toEqual(all);
    const { body } = await stack.get(`${list}?${query}&q=${beginning}&count=true&limit=1`);
    expect([body.total, all.length > 700]).toEqual([all.length, true]);
  });
});
