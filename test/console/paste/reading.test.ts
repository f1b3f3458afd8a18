import { describe, expect, test } from '@jest/globals';
import { readBlock } from '../../../console/src/waybills/block.ts';
import { clashesOf } from '../../../console/src/waybills/clashes.ts';
import { placeByNumber } from '../../../console/src/waybills/place.ts';
import { carriers } from '../../../domain/carriers.ts';
import { deliveryNo, given, type Row, read, reading, rowsOf, rules, waybill } from './rows.ts';

describe('what a pasted block says', () => {
  test('a number with two waybills is listed, not guessed; 순번 tells them apart', () => {
    const rows = rowsOf([{ lines: 2, isParcel: true, isHere: true }]);
    const no = deliveryNo(0);
    const torn = placeByNumber(
      read([
        [no, waybill(1)],
        [no, waybill(2)],
      ]),
      rows,
      rules,
      carriers,
    );
    expect([torn.puts, torn.left.map(({ why }) => why)]).toEqual([[], ['pasteTwice', 'pasteTwice']]);
    const told = placeByNumber(
      read([
        [no, '1', waybill(1)],
        [no, '2', waybill(2)],
      ]),
      rows,
      rules,
      carriers,
    );
    expect(given(told)).toEqual([
      [`${no}/1`, waybill(1)],
      [`${no}/2`, waybill(2)],
    ]);
    const same = placeByNumber(
      read([
        [no, waybill(1)],
        [no, waybill(1)],
      ]),
      rows,
      rules,
      carriers,
    );
    expect(given(same)).toEqual([
      [`${no}/1`, waybill(1)],
      [`${no}/2`, waybill(1)],
    ]);
  });

  test("our template and our export are read by their headers, order numbers when they are the shop's", () => {
    const rows = rowsOf([
      { lines: 1, isParcel: true, isHere: true },
      { lines: 1, isParcel: true, isHere: true },
    ]);
    const [one, two] = rows as [Row, Row];
    const template = [
      ['배송번호', '순번', '택배사코드', '운송장번호'],
      ['(예) D261123000001', '1', '04', '681234567890'],
      [one.deliveryNo, '1', '04', waybill(1)],
    ];
    expect(given(placeByNumber(read(template), rows, rules, carriers))).toEqual([[rules.idOf(one), waybill(1)]]);
    const sheet = [
      ['배송번호', '순번', '주문번호', '상품명', '택배사코드', '운송장번호'],
      [two.deliveryNo, '1', two.orderNo, '"의자\n카키"', '', waybill(2)],
      [one.deliveryNo, '1', two.orderNo, '의자', '', waybill(3)],
      [one.deliveryNo, '1', one.orderNo, '의자', '04', ''],
    ];
    const placed = placeByNumber(read(sheet), rows, rules, carriers);
    expect([given(placed), placed.left.map(({ why }) => why)]).toEqual([[[rules.idOf(two), waybill(2)]], ['pasteOtherOrder']]);
    const orders = [['20261128-0001', waybill(1)]];
    expect(readBlock(orders, reading)).toEqual({ asks: ['20261128-0001', waybill(1)] });
    expect(readBlock(orders, { ...reading, orders: new Set() })).toEqual({ unclear: 'pasteNoNumber' });
    expect(readBlock(orders, { ...reading, orders: new Set(['202611280001']) })).toMatchObject({
      isNumbered: true,
      entries: [{ orderNo: '20261128-0001', waybill: waybill(1) }],
    });
  });

  test('a waybill for two deliveries, or used by another, is a clash on each; lines of one delivery share theirs', () => {
    const unsent = (no: string, lineNo: number, n: number) => ({
      id: `${no}/${lineNo}`,
      no,
      carrierCode: '04',
      waybillNo: waybill(n),
    });
    const own = [
      unsent('A', 1, 1),
      unsent('A', 2, 1),
      unsent('B', 1, 2),
      unsent('C', 1, 2),
      unsent('D', 1, 3),
      unsent('E', 1, 4),
    ];
    const used = new Map([
      [`04 ${waybill(3)}`, { deliveryNo: 'Z' }],
      [`04 ${waybill(1)}`, { deliveryNo: 'A' }],
    ]);
    expect([...clashesOf(own, [unsent('F', 1, 4)], used)]).toEqual([
      ['B/1', { why: 'waybillTwice', no: 'C' }],
      ['C/1', { why: 'waybillTwice', no: 'B' }],
      ['D/1', { why: 'waybillInUse', no: 'Z' }],
      ['E/1', { why: 'waybillTwice', no: 'F' }],
    ]);
  });
});
