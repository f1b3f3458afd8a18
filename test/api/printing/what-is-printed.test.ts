import { describe, expect, test } from '@jest/globals';
import { fitted, wrapped } from '../../../api/printing/pdf/wrap.ts';
import { deliveryStates } from '../../../domain/deliveries/line.ts';
import { goodsInShort, parcelsOf, spoken } from '../../../domain/printing/parcels.ts';
import { picksOf } from '../../../domain/printing/picking.ts';
import { notLabelled, notPacked, notPicked, type PrintedLine } from '../../../domain/printing/print.ts';

const line = (more: Partial<PrintedLine> = {}): PrintedLine => ({
  deliveryNo: 'D1',
  lineNo: 1,
  orderNo: 'S1',
  state: 'released',
  quantity: 2,
  productId: 1,
  productName: '의자',
  optionName: null,
  methodCode: '10',
  carrierCode: '04',
  waybillNo: '681234567890',
  placeNo: 1,
  placeName: '김포',
  ...more,
});

describe('what is printed of a line in each state', () => {
  test.each([
    ['ordered', 'unreleased', null],
    ['instructed', 'unreleased', null],
    ['released', null, null],
    ['awaitingShipment', 'held', 'held'],
    ['shipped', 'shipped', null],
    ['delivered', 'shipped', 'delivered'],
    ['canceled', 'canceled', 'canceled'],
  ] as const)('%s', (state, picked, labelled) => {
    expect([notPicked(line({ state })), notLabelled(line({ state }))]).toEqual([picked, labelled]);
    expect(notPacked(line({ state }))).toBe(state === 'awaitingShipment' ? 'held' : state === 'canceled' ? 'canceled' : null);
  });

  test('every state is among them', () => {
    expect(Object.keys(deliveryStates)).toHaveLength(7);
  });

  test('nothing of what is canceled or returned whole, whatever its state; no label without a waybill or of another method', () => {
    for (const judge of [notPicked, notPacked, notLabelled]) expect(judge(line({ quantity: 0 }))).toBe('canceled');
    expect(notLabelled(line({ waybillNo: null }))).toBe('no-waybill');
    expect(notLabelled(line({ methodCode: '20' }))).toBe('not-a-parcel');
  });
});

test('picks are by place, then by name as Koreans sort it, numbers in names as numbers; an option is a pick of its own', () => {
  const lines = [
    line({ productName: '의자 10', productId: 3 }),
    line({ productName: '의자 2', productId: 4, optionName: '카키' }),
    line({ productName: '의자 2', productId: 4, optionName: '블랙' }),
    line({ productName: '가스', productId: 5, placeNo: null, placeName: null }),
    line({ productName: '의자 2', productId: 4, optionName: '카키', deliveryNo: 'D2', quantity: 5 }),
  ];
  const places = picksOf(lines);
  expect(places.map(({ placeNo, quantity }) => [placeNo, quantity])).toEqual([
    [1, 11],
    [null, 2],
  ]);
  expect(places[0]?.picks.map(({ productName, optionName, quantity }) => [productName, optionName, quantity])).toEqual([
    ['의자 2', '블랙', 2],
    ['의자 2', '카키', 7],
    ['의자 10', null, 2],
  ]);
  expect(places[0]?.picks[1]?.lines.map(({ deliveryNo, quantity }) => [deliveryNo, quantity])).toEqual([
    ['D1', 2],
    ['D2', 5],
  ]);
});

test('a parcel is a waybill of a carrier: lines of several deliveries may share it, one delivery may have several', () => {
  const lines = [line(), line({ lineNo: 2, waybillNo: '2' }), line({ deliveryNo: 'D2' }), line({ carrierCode: '08' })];
  expect(parcelsOf(lines).map(({ carrierCode, waybillNo, deliveryNos }) => [carrierCode, waybillNo, deliveryNos])).toEqual([
    ['04', '681234567890', ['D1', 'D2']],
    ['04', '2', ['D1']],
    ['08', '681234567890', ['D1']],
  ]);
});

test('goods in short: a kind a line, four lines at most, nothing uncounted', () => {
  const kinds = (count: number) =>
    Array.from({ length: count }, (_, at) => line({ productName: `상품${at}`, optionName: at ? null : '빨강' }));
  expect(goodsInShort([line(), line({ quantity: 3 })])).toEqual(['5개  의자']);
  expect(goodsInShort(kinds(4))).toHaveLength(4);
  expect(goodsInShort(kinds(6))).toEqual(['2개  상품0 (빨강)', '2개  상품1', '2개  상품2', '6개  그 밖에 3종']);
});

test('a waybill is read in fours, one with letters as it is', () => {
  expect(['681234567890', '1234567890123', 'EG123456789KR'].map(spoken)).toEqual([
    '6812-3456-7890',
    '1234-5678-9012-3',
    'EG123456789KR',
  ]);
});

describe('text in a box', () => {
  const one = () => 1;

  test('breaks between words, and tears only a word wider than a line', () => {
    expect(wrapped('서울특별시 강남구 테헤란로', 9, one)).toEqual(['서울특별시 강남구', '테헤란로']);
    expect(wrapped('가나다라마 바', 3, one)).toEqual(['가나다', '라마', '바']);
    expect(wrapped('  ', 3, one)).toEqual([]);
  });

  test('is as large as it fits, and cut at its least size alone', () => {
    const room = { width: 100, height: 30, size: 20, least: 5 };
    expect(fitted('가나다', room, one)).toEqual({ size: 20, lines: ['가나다'] });
    const small = fitted('가'.repeat(20), room, one);
    expect([small.size, small.lines.join('')]).toEqual([9.5, '가'.repeat(20)]);
    const cut = fitted('가'.repeat(500), room, one);
    expect([cut.size, cut.lines.at(-1)?.endsWith('…')]).toEqual([5, true]);
  });
});
