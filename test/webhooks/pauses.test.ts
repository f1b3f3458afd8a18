import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_TRIES, pauseAfter } from '../../domain/events/webhook.ts';

const chance = fc.integer({ min: 0, max: 999 }).map((each) => each / 1000);
const tries = fc.integer({ min: 1, max: MOST_TRIES - 1 });

test('ten attempts over about three days', () => {
  const hours = (chance: number) =>
    Array.from({ length: MOST_TRIES - 1 }, (_, at) => pauseAfter(at + 1, { chance }) ?? 0).reduce((sum, each) => sum + each) /
    3600;
  expect(MOST_TRIES).toBe(10);
  expect(pauseAfter(MOST_TRIES, { chance: 0.5 })).toBeNull();
  expect(hours(0.5)).toBeGreaterThan(70);
  expect(hours(0.5)).toBeLessThan(80);
  expect(hours(0)).toBeGreaterThan(56);
  expect(hours(0.999)).toBeLessThan(96);
});

test('what failed together does not come together again, and each pause is longer than the one before', () => {
  fc.assert(
    fc.property(tries, chance, chance, (after, one, other) => {
      const [a, b] = [pauseAfter(after, { chance: one }) ?? 0, pauseAfter(after, { chance: other }) ?? 0];
      expect(a < b).toBe(one < other);
      if (after > 1) expect(a).toBeGreaterThan((pauseAfter(after - 1, { chance: other }) ?? 0) * 0.8);
    }),
  );
});

test('never before the receiver wants it, and never later than a day because of it', () => {
  fc.assert(
    fc.property(tries, chance, fc.double({ min: 0, max: 1e9, noNaN: true }), (after, by, retryAfter) => {
      const [own, asked] = [pauseAfter(after, { chance: by }) ?? 0, pauseAfter(after, { chance: by, retryAfter }) ?? 0];
      expect(asked).toBe(Math.max(own, Math.min(retryAfter, 86_400)));
    }),
  );
});
