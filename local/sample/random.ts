/** An hour in milliseconds. */
export const HOUR = 3_600_000;
const KST = 9 * HOUR;

/** A day in milliseconds. */
export const DAY = 24 * HOUR;

/** mulberry32: a small seeded generator, so that a data set can be reproduced. */
export function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (share: number) => next() < share,
    pick: <T>(list: readonly T[]) => list[between(0, list.length - 1)] as T,
    digits: (count: number) => String(between(0, 10 ** count - 1)).padStart(count, '0'),
  };
}

/** The random numbers of one data set. */
export type Random = ReturnType<typeof createRandom>;

/** The instant in the shop's format. */
export const seoulTime = (instant: number) => new Date(instant + KST).toISOString().replace(/\.\d+Z$/, '+09:00');

/** The first instant of that day in Seoul. */
export const seoulDay = (instant: number) => Math.floor((instant + KST) / DAY) * DAY - KST;

/** The date of that day, as order and claim numbers begin with it. */
export const seoulDate = (instant: number) => seoulTime(instant).slice(0, 10).replaceAll('-', '');
