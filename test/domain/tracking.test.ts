import { describe, expect, test } from '@jest/globals';
import { isTrackingLevel, judgeScan, levelName, mattersToLine, type ScanFacts, shownLevel } from '../../domain/tracking.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-23T09:00:00Z');
const scan = (more: Partial<ScanFacts<{ seen: number | null; since: number }>> = {}) => ({
  level: 6,
  scannedAt: NOW,
  numberKnown: true,
  waybillKnown: true,
  open: true,
  calledOff: false,
  awaiting: [{ seen: null, since: NOW - HOUR }],
  ...more,
});

describe('levels 1 배송준비 · 2 집화완료 · 3 배송중 · 4 지점도착 · 5 배송출발 · 6 배송완료 · -99 scan error', () => {
  test.each([
    [1, '배송준비'],
    [2, '집화완료'],
    [3, '배송중'],
    [4, '지점도착'],
    [5, '배송출발'],
    [6, '배송완료'],
    [-99, '스캔오류'],
  ])('%d is %s', (level, name) => {
    expect([isTrackingLevel(level), levelName(level)]).toEqual([true, name]);
  });

  test.each([0, 7, -1, 99, 1.5, Number.NaN])('%d is none', (level) => {
    expect(isTrackingLevel(level)).toBe(false);
  });

  test('only what matters to the line: first movement, delivered', () => {
    const told = [null, 1, 2, 3, 5, 6].map((seen) => [1, 2, 3, 4, 5, 6, -99].filter((level) => mattersToLine(level, seen)));
    expect(told).toEqual([[2, 3, 4, 5, 6], [2, 3, 4, 5, 6], [6], [6], [6], []]);
  });

  test('the higher of a row’s level and its waybill’s is shown', () => {
    expect([shownLevel(null, null), shownLevel(2, 5), shownLevel(6, undefined), shownLevel(null, 1)]).toEqual([null, 5, 6, 1]);
  });
});

describe('what a scan does', () => {
  test.each([
    ['an unknown number', { numberKnown: false, waybillKnown: false, open: false }, 'unknown-number'],
    ['a number with another waybill', { waybillKnown: false, open: false }, 'waybill-mismatch'],
    ['a canceled line', { open: false, calledOff: true, awaiting: [] }, 'line-canceled'],
    ['-99', { level: -99 }, 'scan-error'],
  ])('%s is an exception and tells nobody', (_, facts, exception) => {
    expect(judgeScan(scan(facts))).toEqual({ tell: [], exception, moves: false });
  });

  test('a corrected waybill: kept, not applied', () => {
    expect(judgeScan(scan({ open: false, awaiting: [] }))).toEqual({ tell: [], exception: null, moves: false });
  });

  test('an unknown number is that before all else', () => {
    expect(judgeScan(scan({ level: -99, numberKnown: false, waybillKnown: false, open: false })).exception).toBe(
      'unknown-number',
    );
  });

  test.each([
    ['24 hours before the shipping', 24, null],
    ['a second more', 24 + 1 / 3600, 'recycled-number'],
  ])('a level 6 scanned %s', (_, hours, exception) => {
    const verdict = judgeScan(scan({ scannedAt: NOW - hours * HOUR, awaiting: [{ seen: null, since: NOW }] }));
    expect(verdict).toMatchObject({ exception, moves: exception === null });
    expect(verdict.tell).toHaveLength(exception === null ? 1 : 0);
  });

  test('a recycled number for one line may be right for another that carries it', () => {
    const [long, short] = [
      { seen: null, since: NOW - 100 * HOUR },
      { seen: null, since: NOW },
    ];
    const verdict = judgeScan(scan({ scannedAt: NOW - 50 * HOUR, awaiting: [long, short] }));
    expect(verdict).toEqual({ tell: [long], exception: 'recycled-number', moves: true });
  });

  test('a lower level is told once and old ones are never exceptions', () => {
    const awaiting = [
      { seen: 2, since: NOW },
      { seen: null, since: NOW },
    ];
    expect(judgeScan(scan({ level: 3, scannedAt: NOW - 100 * HOUR, awaiting }))).toEqual({
      tell: [awaiting[1]],
      exception: null,
      moves: true,
    });
  });

  test('nobody waits any more: the waybill moves, nobody is told', () => {
    expect(judgeScan(scan({ awaiting: [] }))).toEqual({ tell: [], exception: null, moves: true });
  });
});
