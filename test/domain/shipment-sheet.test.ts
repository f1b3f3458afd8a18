import { describe, expect, test } from '@jest/globals';
import { bulkReason, bulkTitle } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { Cell } from '../../domain/bulk-shipments/sheet-cell.ts';
import { readHeader, type SheetHeader, sheetColumns } from '../../domain/bulk-shipments/sheet-header.ts';
import { carrierCodeOf, isBlankRow, readRow, shownText } from '../../domain/bulk-shipments/shipment-sheet.ts';
import { neutralized } from '../../domain/safe-text.ts';

const header = readHeader(['배송번호', '순번', '택배사코드', '운송장번호']);
const read = (cells: Cell[]) => {
  if (!header) throw new Error('no header');
  return readRow(header, cells);
};

describe('header in any column order', () => {
  test('by the names people use', () => {
    expect(readHeader(['비고', ' 운송장 번호*', '택배사', '배송번호'])).toEqual({
      deliveryNo: 3,
      carrier: 2,
      waybillNo: 1,
      lineNo: null,
      quantity: null,
    });
    expect(readHeader(['DeliveryNo', 'lineNo', 'carrierCode', 'waybillNo'])).toEqual({
      deliveryNo: 0,
      lineNo: 1,
      carrier: 2,
      waybillNo: 3,
      quantity: null,
    });
  });
  test.each([[[]], [['배송번호', '운송장번호']], [['택배사코드', '택배사명']], [[1, null, true]]] as Cell[][][])(
    '%j is none',
    (cells) => {
      expect(readHeader(cells)).toBeNull();
    },
  );
});

describe('cells as people leave them', () => {
  test.each<[string, Cell, string]>([
    ['a number', 681234567890, '681234567890'],
    ['leading zeros', '012345678901', '012345678901'],
    ['hyphens and blanks', ' 6812-3456 7890 ', '681234567890'],
    ['full-width digits', '６８１２－３４５６－７８９０', '681234567890'],
  ])('%s', (_name, cell, waybillNo) => {
    expect(read(['D1', 1, '04', cell])).toMatchObject({ waybillNo, codes: [] });
  });

  test.each(['d261123-000001', ' D2611 23000001 ', 'Ｄ２６１１２３－０００００１', "'D261123\u2013000001"])(
    'the delivery number %p as well',
    (cell) => {
      expect(read([cell, 1, '04', '681234567890'])).toMatchObject({ deliveryNo: 'D261123000001', codes: [] });
    },
  );

  test.each<[Cell, string]>([
    [1.2345678901234568e17, 'DIGITS_LOST'],
    ['6.81235E+11', 'DIGITS_LOST'],
    [6812.5, 'DIGITS_LOST'],
    [new Date('2026-11-23'), 'CELL_NOT_TEXT'],
    ['#N/A', 'CELL_NOT_TEXT'],
    [true, 'CELL_NOT_TEXT'],
    ['12', 'WAYBILL_INVALID'],
    [null, 'WAYBILL_REQUIRED'],
  ])('waybill %p is refused: %s', (cell, code) => {
    expect(read(['D1', 1, '04', cell]).codes).toEqual([code]);
  });

  test('every error of a row is reported', () => {
    expect(read([null, 'one', '없는택배', '12']).codes).toEqual([
      'DELIVERY_NO_REQUIRED',
      'LINE_NO_INVALID',
      'CARRIER_UNKNOWN',
      'WAYBILL_INVALID',
    ]);
  });

  test.each<[Cell, number | null, string[]]>([
    [3, 3, []],
    ['03', 3, []],
    ['2 EA', 2, []],
    ['５개', 5, []],
    ['', null, []],
    [0, null, ['QUANTITY_INVALID']],
    ['-1', null, ['QUANTITY_INVALID']],
    ['둘', null, ['QUANTITY_INVALID']],
    [1.5, null, ['DIGITS_LOST']],
    [true, null, ['CELL_NOT_TEXT']],
  ])('수량 %j is %j', (cell, quantity, codes) => {
    const withQuantity = readHeader([...sheetColumns.map(({ title }) => title)]) as SheetHeader;
    const row = readRow(withQuantity, ['D1', 1, '04', '681234567890', cell]);
    expect([row.quantity, row.codes]).toEqual([quantity, codes]);
  });

  test('blank 순번 stands for the whole delivery; a delivery may go without waybill until its method is known', () => {
    expect(read(['D1', null, null, null])).toEqual({
      deliveryNo: 'D1',
      lineNo: null,
      carrierCode: null,
      waybillNo: null,
      quantity: null,
      codes: [],
      unreadColumns: [],
    });
  });

  test.each([
    ['04', '04'],
    ['4', '04'],
    ['CJ대한통운', '04'],
    ['cj 대한통운', '04'],
    ['대한통운', '04'],
    ['한진', '05'],
    ['롯데택배', '08'],
    ['04 CJ대한통운', '04'],
  ])('carrier %s is %s', (text, code) => {
    expect(carrierCodeOf(text)).toBe(code);
  });

  test('empty rows and the example are no rows', () => {
    expect([[], [null, null], [' ', ''], ['(예) D1', '1', '04', '681234567890']].map((cells) => isBlankRow(cells))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(isBlankRow([null, 0])).toBe(false);
  });
});

describe('formula injection neutralised', () => {
  test.each(['=1+1', '+82', '-1', '@SUM(A1)', '\t=1', '\r=1', '|cmd'])('%j', (text) => {
    expect(neutralized(text)).toBe(`'${text}`);
  });
  test('what is written so is read as it was', () => {
    for (const text of ['=1+1', '-1', '@x', '홍길동', "it's"]) expect(shownText(neutralized(text))).toBe(text);
  });
});

test('사유 names the state, the lines and the column concerned', () => {
  expect(bulkTitle('CELL_UNREADABLE', [], [], ['순번'])).toMatch(/\(순번\)$/);
  expect(bulkTitle('TRANSITION_NOT_ALLOWED', ['instructed'])).toBe('현재 상태에서는 할 수 없는 처리입니다 (현재 배송지시)');
  expect(bulkReason('failed', ['WAYBILL_IN_USE'], ['released'], [2])).toBe('다른 배송에서 사용 중인 운송장번호입니다 (2번 줄)');
});
