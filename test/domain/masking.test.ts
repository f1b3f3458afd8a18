import { describe, expect, test } from '@jest/globals';
import { assert, property, string, stringMatching } from 'fast-check';
import { ERASED_NAME, maskEmail, maskName, maskPhone, maskText } from '../../domain/masking.ts';

describe('names keep the first and last letter, of two letters the first', () => {
  test.each([
    ['홍길동', '홍*동'],
    ['이산', '이*'],
    ['남궁민수', '남**수'],
    ['John Smith', 'J********h'],
    ['김', '*'],
    ['', ''],
    ['𠮷野家', '𠮷*家'],
  ])('%s → %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  test('the mark of an erased person names nobody and stays as it is', () => {
    expect(maskName(ERASED_NAME)).toBe('(삭제됨)');
  });

  test('whatever the name: as many letters, and no inner letter left', () => {
    void assert(
      property(string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const letters = [...name];
        const masked = [...(maskName(name) ?? '')];
        expect(masked).toHaveLength(letters.length);
        expect(masked.slice(1, letters.length > 2 ? -1 : undefined).every((letter) => letter === '*')).toBe(true);
      }),
    );
  });
});

describe('phones lose the middle group, or the four digits before the last four when written without hyphens', () => {
  test.each([
    ['010-1234-5678', '010-****-5678'],
    ['02-1234-5678', '02-****-5678'],
    ['02-123-5678', '02-****-5678'],
    ['01012345678', '010****5678'],
    ['0212345678', '02****5678'],
    ['010 1234 5678', '010 **** 5678'],
    ['+82-10-1234-5678', '+82-****-****-5678'],
    ['1588-1234', '****-1234'],
    ['1588', '****'],
    ['010-12345678', '010-****5678'],
    ['010--12345678', '010--****5678'],
  ])('%s → %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  test('whatever the number: its middle is not in what is shown', () => {
    void assert(
      property(stringMatching(/^01[016789]-?[1-9]{4}-?0{4}$/), (phone) => {
        const [, middle = ''] = /([1-9]{4})-?0{4}$/.exec(phone) ?? [];
        const masked = maskPhone(phone) ?? '';
        expect(masked).not.toContain(middle);
        expect(masked).toHaveLength(phone.length);
      }),
    );
  });
});

describe('mail keeps two letters before the @; one or two letters → one', () => {
  test.each([
    ['gildong@example.com', 'gi*****@example.com'],
    ['a@example.com', 'a*@example.com'],
    ['ab@example.com', 'a*@example.com'],
    ['abc@example.com', 'ab*@example.com'],
    ['"a@b"@example.com', '"a***@example.com'],
    ['@example.com', '***'],
    ['not a mail', '***'],
  ])('%s → %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

test('`address2` and `memo` → ***', () => {
  expect(maskText('4층 401호')).toBe('***');
  expect(maskText('문 앞에 놓아주세요')).toBe('***');
});

test('what is not there stays null', () => {
  expect([maskName(null), maskPhone(null), maskEmail(null), maskText(null)]).toEqual([null, null, null, null]);
});
