import { describe, expect, test } from '@jest/globals';
import { rangeOf, seoulDay } from '../../../console/src/filters/days.ts';
import { numberKey, splitNumbers } from '../../../console/src/filters/numbers.ts';
import { arranged } from '../../../console/src/views/arranged.ts';
import * as server from '../../../domain/text.ts';

describe('numbers as people paste them', () => {
  test.each([
    ['D2611-000123', ['D2611-000123']],
    ['6865 1234 5678', ['6865 1234 5678']],
    ['D2611-000123 D2611-000124', ['D2611-000123', 'D2611-000124']],
    ['D2611-000123\r\nD2611-000124\r\n\r\n', ['D2611-000123', 'D2611-000124']],
    ['686512345678,686512345679;686512345680', ['686512345678', '686512345679', '686512345680']],
    ['6865-1234-5678\t6865-1234-5679', ['6865-1234-5678', '6865-1234-5679']],
    ['6865 1234 5678\n6865 1234 5679', ['6865 1234 5678', '6865 1234 5679']],
    ['d2611-000123\nD2611000123\n Ｄ２６１１－０００１２３ ', ['d2611-000123']],
    [' - \n , \t', []],
  ])('%j', (text, numbers) => {
    expect(splitNumbers(text)).toEqual(numbers);
  });

  test('they are compared as the server compares them', () => {
    for (const text of ['d2611-000 123', 'Ｄ２６１１－０００１２３', '6865–1234 5678', '가나다-1 2', 'ß-1', ''])
      expect(numberKey(text)).toBe(server.numberKey(text));
  });
});

describe('days that go with the calendar', () => {
  test('Seoul has its own midnight', () => {
    expect(seoulDay(Date.parse('2026-03-01T14:59:59Z'))).toBe('2026-03-01');
    expect(seoulDay(Date.parse('2026-03-01T15:00:00Z'))).toBe('2026-03-02');
  });
  test('over the ends of months', () => {
    expect(rangeOf('today', '2026-03-01')).toEqual({ from: '2026-03-01', to: '2026-03-01' });
    expect(rangeOf('yesterday', '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-02-28' });
    expect(rangeOf('7d', '2026-01-03')).toEqual({ from: '2025-12-28', to: '2026-01-03' });
  });
});

describe('arranging views while another tab changes them', () => {
  const view = (id: string, name = id) => ({ id, name, screen: '/lines/ship', query: '' });
  const before = [view('a'), view('b'), view('c')];
  test('my order and names stand; what others added stays; what others deleted stays deleted', () => {
    const mine = [view('c'), view('a', 'mine')];
    expect(arranged(before, mine, [view('a', 'theirs'), view('b'), view('c', 'theirs'), view('d')])).toEqual([
      view('c', 'theirs'),
      view('a', 'mine'),
      view('d'),
    ]);
    expect(arranged(before, mine, [view('a'), view('b')])).toEqual([view('a', 'mine')]);
  });
});
