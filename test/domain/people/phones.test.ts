import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, property, record, string, stringMatching } from 'fast-check';
import { maskPhone } from '../../../domain/masking.ts';
import { phoneNumber } from '../../../domain/phone.ts';

describe('a phone that holds several numbers is masked in each', () => {
  test.each([
    ['010-1234-5678,01099998888', '010-****-5678,010****8888'],
    ['01099998888/010-1234-5678', '010****8888/010-****-5678'],
    ['010-1234-5678;02-123-4567', '010-****-5678;02-****-4567'],
    ['010-1234-5678\n010-9999-8888', '010-****-5678\n010-****-8888'],
    ['010 1234 5678 010 9999 8888', '010 **** 5678 010 **** 8888'],
    ['01012345678 01099998888', '010****5678 010****8888'],
    ['010-1234-5678or010.9999.8888', '010-****-5678or010.****.8888'],
    ['집 010-1234-5678 회사 031-123-4567', '집 010-****-5678 회사 031-****-4567'],
    ['0101234567801099998888', '0101**************8888'],
  ])('%j → %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});

describe('also extensions, and numbers of every kind', () => {
  test.each([
    ['0507-1234-5678,1234', '0507-****-5678,****'],
    ['0504-1234-5678 내선 12', '0504-****-5678 내선 **'],
    ['0504-1234-5678 #4321', '0504-****-5678 #****'],
    ['050412345678', '0504****5678'],
    ['+82 10-1234-5678', '+82 10-****-5678'],
    ['+82 10 1234 5678', '+82 10 **** 5678'],
    ['+821012345678', '+8210****5678'],
    ['+82 (0)10-1234-5678', '+82 (0)10-****-5678'],
    ['008210-1234-5678', '008210-****-5678'],
    ['1588-1234', '****-1234'],
    ['1588-1234 / 1600-9876', '****-1234 / ****-9876'],
    ['02)123-4567', '0*)***-4567'],
    ['+1-202-555-0143', '+1-****-****-0143'],
    ['０１０－１２３４－５６７８', '010-****-5678'],
    ['010\u20131234\u20135678', '010-****-5678'],
  ])('%j → %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});

const country = constantFrom('0', '+82', '+82 ', '+82-', '+82 0', '+82 (0)', '0082 ', '82-');
const prefix = constantFrom('10', '11', '2', '41', '42', '70', '504', '507', '80');
const between = constantFrom('', '-', ' ', '.', ' - ', ') ', '\u2013', '\uff0d');
/** A middle whose digits are none of the prefixes', of the ends' and of the extensions'. */
const number = record({
  country,
  prefix,
  first: between,
  middle: stringMatching(/^[69]{3,4}$/),
  second: between,
  last: stringMatching(/^[5]{4}$/),
});
const separator = constantFrom(',', ', ', '/', ' / ', ';', '\n', ' 또는 ', ' or ', '(집)', ' ', '|', '·', ' & ', '、');
const extension = constantFrom('', '', ',3333', ' 내선 33', ' ext. 333', '#3', ' (3333)');

test('however many numbers, however they are written: no middle is left, and the last four of each stay', () => {
  void assert(
    property(array(record({ number, extension, separator }), { minLength: 1, maxLength: 3 }), (entries) => {
      const phone = entries
        .map(({ number: { country, prefix, first, middle, second, last }, extension, separator }, at) => {
          const own = `${country}${prefix}${first}${middle}${second}${last}`;
          return `${own}${extension}${at < entries.length - 1 ? separator : ''}`;
        })
        .join('');
      const masked = maskPhone(phone) ?? '';
      expect(masked.replace(/[^69]/g, '')).toBe('');
      expect(masked).not.toContain('3');
      expect(masked.match(/5555/g)).toHaveLength(entries.length);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever the text: of no run of eight digits or more is more than the beginning and the last four left', () => {
  void assert(
    property(string({ unit: constantFrom(...'0123456789-- .,()+/가or\n') }), (phone) => {
      for (const [run] of (maskPhone(phone) ?? '').matchAll(/\d+/g)) expect(run.length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 2_000 },
  );
});

test('one number is the same however it is written', () => {
  void assert(
    property(number, ({ country, prefix, first, middle, second, last }) => {
      const written = `${country}${prefix}${first}${middle}${second}${last}`.normalize('NFKC');
      expect(phoneNumber(written)).toBe(`0${prefix}${middle}${last}`);
    }),
  );
});
