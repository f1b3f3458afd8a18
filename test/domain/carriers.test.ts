import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, property, stringMatching } from 'fast-check';
import { carriers, judgeWaybill, normalizeWaybill } from '../../domain/carriers.ts';

/** docs/sources/facts.md#carriers: code, name, ESM and Sabangnet numbers; the last is the sample data's untrackable one. */
const typed: [string, string, number | null, number | null][] = [
  ['01', '우체국', 10005, 5],
  ['04', 'CJ대한통운', 10013, 4],
  ['05', '한진', 10007, 2],
  ['06', '로젠', null, 3],
  ['08', '롯데', 10008, 1],
  ['11', '일양로지스', null, null],
  ['12', 'EMS', 10036, null],
  ['13', 'DHL', 10022, 19],
  ['14', 'UPS', null, null],
  ['17', '천일', null, null],
  ['18', '건영', null, null],
  ['20', '한덱스', null, null],
  ['21', 'FedEx', 10023, 20],
  ['22', '대신', null, null],
  ['23', '경동', null, null],
  ['24', 'CVSnet 편의점', null, null],
  ['32', '합동', null, null],
  ['46', 'CU 편의점', null, null],
  ['99', '기타', null, null],
];
const international = ['12', '13', '14', '21'];
const domestic = typed.map(([code]) => code).filter((code) => !international.includes(code));

describe('the carrier table', () => {
  test('holds the carriers of docs/sources/facts.md and no others', () => {
    expect(carriers.map(({ code }) => code)).toEqual(typed.map(([code]) => code));
  });

  test.each(typed)('%s %s: ESM %p, Sabangnet %p', (code, name, esmNo, sabangnetNo) => {
    const carrier = carriers.find((entry) => entry.code === code);
    expect(carrier?.name.startsWith(name)).toBe(true);
    expect(carrier).toMatchObject({ esmNo, sabangnetNo, trackable: code !== '99' });
  });
});

describe('hyphens and blanks removed, then the carrier’s pattern', () => {
  test('hyphens and blanks, anywhere', () => {
    expect(normalizeWaybill(' 6812-3456 7890\t')).toBe('681234567890');
  });

  test.each(domestic)('%s is domestic: 9–14 digits, no check digit', (code) => {
    void assert(property(stringMatching(/^[0-9]{9,14}$/), (number) => judgeWaybill(code, number) === null));
    for (const odd of [
      '12345678',
      '123456789012345',
      '12345678A',
      'ABCDEFGHI',
      '123456789O',
      '１２３４５６７８９',
      '123456789\u0000',
    ])
      expect([odd, judgeWaybill(code, odd)]).toEqual([odd, 'WAYBILL_INVALID']);
  });

  test.each(international)('%s is international: [0-9A-Z]{9,20}', (code) => {
    void assert(property(stringMatching(/^[0-9A-Z]{9,20}$/), (number) => judgeWaybill(code, number) === null));
    for (const odd of ['EG12345K', 'EG123456789KREG123456', 'eg123456789kr', 'EG123456789대한'])
      expect([odd, judgeWaybill(code, odd)]).toEqual([odd, 'WAYBILL_INVALID']);
  });

  test('hyphens and blanks do not matter to any carrier', () => {
    void assert(
      property(
        constantFrom(...domestic),
        stringMatching(/^([0-9][- ]{0,2}){9,14}$/),
        (code, typedIn) => judgeWaybill(code, typedIn) === null,
      ),
    );
  });

  test('no waybill, a blank one, only hyphens, or no carrier: WAYBILL_REQUIRED', () => {
    for (const none of [undefined, '', '  ', '--- -']) expect(judgeWaybill('04', none)).toBe('WAYBILL_REQUIRED');
    for (const none of [undefined, '']) expect(judgeWaybill(none, '123456789012')).toBe('WAYBILL_REQUIRED');
  });

  test('a carrier that is not in the table: CARRIER_UNKNOWN', () => {
    for (const code of ['00', '4', 'CJ', '004', '__proto__', 'constructor'])
      expect(judgeWaybill(code, '123456789012')).toBe('CARRIER_UNKNOWN');
  });
});
