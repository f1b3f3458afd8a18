import { describe, expect, test } from '@jest/globals';
import { holdsAny, partsUnderLines, putUnder } from '../../../console/src/splits/part-rows.ts';

const key = (deliveryNo: string, lineNo = 1) => ({ deliveryNo, lineNo });
const row = (deliveryNo: string, dispatchDueOn: string, more: object = {}): Record<string, unknown> => ({
  ...key(deliveryNo),
  dispatchDueOn,
  state: 'released',
  validQuantity: 2,
  splitFrom: null,
  splitTo: [],
  ...more,
});
const part = (deliveryNo: string, of: string, dueOn: string) => row(deliveryNo, dueOn, { splitFrom: key(of) });
const ids = (rows: readonly Record<string, unknown>[]) => rows.map(({ deliveryNo }) => deliveryNo).join('');

describe('parts in a list', () => {
  const rows = [row('A', '1'), row('B', '1'), part('C', 'A', '1'), row('D', '2'), part('E', 'C', '1'), part('F', 'B', '2')];

  test('stand under their line, parts of parts too, where both are at the same place of the order', () => {
    expect(ids(partsUnderLines(rows, 'dispatchDueOn'))).toBe('ACEBDF');
    expect(ids(partsUnderLines(rows, '-dispatchDueOn'))).toBe('ACEBDF');
  });
  test('grouped by delivery they always do', () => {
    expect(ids(partsUnderLines(rows, 'deliveryNo'))).toBe('ACEBFD');
  });
  test('one whose line is not held stays, a row that came twice stands once, and without parts nothing is touched', () => {
    expect(ids(partsUnderLines([row('B', '1'), part('X', 'A', '1')], 'dispatchDueOn'))).toBe('BX');
    expect(ids(partsUnderLines([row('A', '1'), part('X', 'A', '1'), part('X', 'A', '1')], 'dispatchDueOn'))).toBe('AX');
    const plain = [row('A', '1')];
    expect(partsUnderLines(plain, 'dispatchDueOn')).toBe(plain);
  });
});

test('a new part comes under its line where the order leaves it open, else it is not taken', () => {
  const list = () => [row('A', '1'), row('B', '1')];
  for (const [sort, dueOn, taken, now] of [
    ['dispatchDueOn', '1', true, 'ACB'],
    ['dispatchDueOn', '2', false, 'AB'],
    ['deliveryNo', '2', true, 'ACB'],
  ] as const) {
    const rows = list();
    expect([putUnder(rows, part('C', 'A', dueOn), sort), ids(rows)]).toEqual([taken, now]);
  }
  expect(putUnder(list(), row('C', '1'), 'dispatchDueOn')).toBe(false);
});

test('a line is known by the parts that it names', () => {
  const line = row('A', '1', { splitTo: [key('C', 2)] });
  expect([holdsAny(line, new Set(['C/2'])), holdsAny(line, new Set(['C/1', 'A/1'])), holdsAny({}, new Set(['C/2']))]).toEqual([
    true,
    false,
    false,
  ]);
});
