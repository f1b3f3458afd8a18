import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, record } from 'fast-check';
import { judgeWaybill } from '../../../domain/carriers.ts';
import {
  leftOf,
  lowByDefault,
  type NumberRange,
  overlap,
  rangeOf,
  stateOf,
  usedOf,
  type WaybillRule,
  waybillAt,
} from '../../../domain/shipping/waybill-range.ts';

const carrierOf = { lotte: '08', none: '04' } as const;
const written = (number: number, digits: number) => String(number).padStart(digits, '0');

/** Ranges of up to a hundred numbers, as carriers give them. */
const ranges = record({
  rule: constantFrom<WaybillRule>('lotte', 'none'),
  digits: integer({ min: 9, max: 13 }),
  first: integer({ min: 0, max: 99_999_999 }),
  size: integer({ min: 1, max: 100 }),
}).map(({ rule, digits, first, size }): NumberRange => {
  const last = Math.min(99_999_999, first + size - 1);
  return { rule, digits: rule === 'lotte' ? 11 : digits, first, last };
});
const waybillsOf = (range: NumberRange) =>
  Array.from({ length: range.last - range.first + 1 }, (_, n) => waybillAt(range, range.first + n));

describe('waybills of a range', () => {
  test.each([
    ['40123450000', '401234500004'],
    ['00000000006', '000000000066'],
    ['99999999999', '999999999994'],
  ])('롯데: %s is %s, with the rest of a division by 7', (number, waybill) => {
    expect(BigInt(number) % 7n).toBe(BigInt(waybill.slice(-1)));
    expect(waybillAt({ rule: 'lotte', digits: 11 }, Number(number))).toBe(waybill);
  });

  test('each number makes one of its own, in the form of the carrier, and the rule can be checked from it', () =>
    assert(
      property(ranges, (range) => {
        const waybills = waybillsOf(range);
        expect(new Set(waybills).size).toBe(waybills.length);
        for (const waybill of waybills) {
          expect(judgeWaybill(carrierOf[range.rule], waybill)).toBeNull();
          expect(waybill).toHaveLength(range.digits + (range.rule === 'lotte' ? 1 : 0));
          if (range.rule === 'lotte') expect(Number(waybill.slice(0, 11)) % 7).toBe(Number(waybill.slice(11)));
        }
      }),
    ));

  test('ranges overlap if and only if they could make the same waybill', () =>
    assert(
      property(ranges, ranges, integer({ min: -120, max: 120 }), (one, other, shift) => {
        const first = Math.max(0, one.first + shift);
        const near = {
          ...other,
          first,
          last: first + other.last - other.first,
          digits: other.rule === one.rule ? one.digits : other.digits,
        };
        const made = new Set(waybillsOf(one));
        const same = waybillsOf(near).some((waybill) => made.has(waybill));
        if (one.rule === near.rule) expect(overlap(one, near)).toBe(same);
        // Between rules the spans are compared: they never let a waybill through that both make.
        else if (same) expect(overlap(one, near)).toBe(true);
        expect(overlap(near, one)).toBe(overlap(one, near));
      }),
    ));

  test('used and left are all there are, and the state says which is over', () =>
    assert(
      property(ranges, integer({ min: 0, max: 100 }), (range, taken) => {
        const next = Math.min(range.first + taken, range.last + 1);
        const used = { ...range, next, paused: false };
        expect(usedOf(used) + leftOf(used)).toBe(range.last - range.first + 1);
        expect(stateOf(used)).toBe(next > range.last ? 'used-up' : 'active');
        expect(stateOf({ ...used, paused: true })).toBe(next > range.last ? 'used-up' : 'paused');
      }),
    ));

  test.each([
    [1, 1],
    [60, 3],
    [1_000, 50],
    [10_000, 100],
    [1_000_000, 100],
  ])('a range of %i runs low with fewer than %i left', (size, low) => {
    expect(lowByDefault({ first: 1, last: size })).toBe(low);
  });
});

describe('what a person says of a range', () => {
  test('is read back as it was written', () =>
    assert(
      property(ranges, (range) => {
        const { rule, digits, first, last } = range;
        expect(rangeOf(carrierOf[rule], rule, written(first, digits), written(last, digits))).toEqual({ range });
      }),
    ));

  test.each<[string, string, WaybillRule, string, string, string[]]>([
    ['a carrier that is none', '77', 'none', '1000000000', '1000000009', ['carrierCode']],
    ['롯데 for another carrier', '04', 'lotte', '10000000000', '10000000009', ['rule']],
    ['the check digit given too', '08', 'lotte', '100000000003', '10000000009', ['from']],
    ['letters', '04', 'none', 'A000000000', '1000000009', ['from']],
    ['more digits than a number can have', '12', 'none', '1000000000000000', '1000000000000009', ['from', 'to']],
    ['numbers of different lengths', '04', 'none', '999999999', '1000000000', ['to']],
    ['an end before its beginning', '04', 'none', '1000000009', '1000000000', ['to']],
    ['fewer digits than the carrier writes', '04', 'none', '10000000', '10000009', ['from']],
  ])('%s is refused by its field', (_, carrierCode, rule, from, to, paths) => {
    const read = rangeOf(carrierCode, rule, from, to);
    expect('errors' in read && read.errors.map(({ path }) => path)).toEqual(paths);
  });
});
