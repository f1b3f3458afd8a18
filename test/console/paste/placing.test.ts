import { describe, expect, test } from '@jest/globals';
import { assert, boolean, constantFrom, integer, property, shuffledSubarray, tuple } from 'fast-check';
import { placeByNumber, placeInOrder } from '../../../console/src/waybills/place.ts';
import { carriers } from '../../../domain/carriers.ts';
import { deliveryNo, given, type Row, read, rowsOf, rules, someRows, waybill, written } from './rows.ts';

describe('a pasted block and its rows', () => {
  test('with 배송번호 each waybill goes to the rows of its number that need one, in any order, and every line is placed or listed', () => {
    void assert(
      property(
        someRows.chain((rows) =>
          tuple(constantFrom(rows), shuffledSubarray([...new Set(rows.map(rules.noOf))], { minLength: 1 })),
        ),
        boolean(),
        boolean(),
        written,
        ([rows, numbers], hasHeader, hasCarrier, write) => {
          const asked = [...numbers, deliveryNo(999)];
          const lines = asked.map((no, at) => [write(no), ...(hasCarrier ? ['한진'] : []), write(waybill(at))]);
          const header = ['배송번호', ...(hasCarrier ? ['택배사'] : []), '운송장번호(필수)'];
          const placed = placeByNumber(read(hasHeader ? [header, ...lines] : lines), rows, rules, carriers);
          for (const { row, waybillNo, carrierCode } of placed.puts) {
            expect(waybillNo).toBe(waybill(asked.indexOf(row.deliveryNo)));
            expect(rules.refusal(row)).toBeNull();
            expect(carrierCode).toBe(hasCarrier ? '05' : '');
          }
          const wanted = rows.filter((row) => numbers.includes(row.deliveryNo) && rules.refusal(row) === null);
          expect(new Set(given(placed).map(([id]) => id))).toEqual(new Set(wanted.map(rules.idOf)));
          const refused = numbers.filter((no) => !wanted.some((row) => row.deliveryNo === no));
          expect(placed.left.map(({ line }) => line - (hasHeader ? 2 : 1)).toSorted((a, b) => a - b)).toEqual(
            [...refused.map((no) => asked.indexOf(no)), asked.length - 1].toSorted((a, b) => a - b),
          );
        },
      ),
    );
  });

  test('without numbers the n-th waybill goes to the n-th row that needs one; what is passed over is counted, what is too much listed', () => {
    void assert(
      property(someRows, integer({ min: 1, max: 20 }), written, (rows, n, write) => {
        const block = read(
          Array.from({ length: n }, (_each, at) => [write(waybill(at))]),
          'typedWaybill',
        );
        const placed = placeInOrder(block, rows, rules, carriers);
        if ('unclear' in placed) throw new Error(placed.unclear);
        const taking = rows.filter((row) => rules.refusal(row) === null);
        expect(given(placed)).toEqual(taking.slice(0, n).map((row, at) => [rules.idOf(row), waybill(at)]));
        expect(placed.left.length).toBe(Math.max(0, n - taking.length));
        const last = n > taking.length ? rows.length : rows.indexOf(taking[n - 1] as Row) + 1;
        expect(placed.passed).toBe(rows.slice(0, last).filter((row) => rules.refusal(row) !== null).length);
      }),
    );
  });

  test('blank lines hold their places: a column copied beside its rows never shifts, and one that does not fit is not entered', () => {
    void assert(
      property(someRows, (rows) => {
        const lines = rows.map((row, at) => [rules.refusal(row) === null ? waybill(at) : '']);
        const isAll = lines.every(([text]) => text !== '') || lines.every(([text]) => text === '');
        if (isAll) return;
        const placed = placeInOrder(read(lines, 'typedWaybill'), rows, rules, carriers);
        if ('unclear' in placed) throw new Error(placed.unclear);
        for (const { row, waybillNo } of placed.puts) expect(waybillNo).toBe(waybill(rows.indexOf(row)));
        const shifted = placeInOrder(
          read([['680000000000'], [''], ['680000000001']], 'typedWaybill'),
          lastNeeded,
          rules,
          carriers,
        );
        expect(shifted).toEqual({ unclear: 'pasteBlankLines' });
      }),
    );
    const fits = placeInOrder(read([['680000000000'], [''], ['680000000001']], 'typedWaybill'), between, rules, carriers);
    expect('unclear' in fits ? fits : given(fits)).toEqual([
      [`${deliveryNo(0)}/1`, '680000000000'],
      [`${deliveryNo(2)}/1`, '680000000001'],
    ]);
  });
});

/** A row that needs a waybill between two that do not. */
const lastNeeded = rowsOf([
  { lines: 1, isParcel: true, isHere: true },
  { lines: 1, isParcel: true, isHere: true },
  { lines: 1, isParcel: false, isHere: true },
]);
const between = rowsOf([
  { lines: 1, isParcel: true, isHere: true },
  { lines: 1, isParcel: false, isHere: true },
  { lines: 1, isParcel: true, isHere: true },
]);
