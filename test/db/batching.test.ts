import { describe, expect, test } from '@jest/globals';
import { together } from '../../db/batching.ts';

/** Work that waits until it is let go of, and notes what it was given. */
function gated(fail: (items: number[]) => Error | undefined = () => undefined) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const work = async (items: number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    const error = fail(items);
    if (error) throw error;
    return items.map((item) => item * 10);
  };
  const letGo = async () => {
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { batches, letGo, work };
}

const refused = (code: string) => Object.assign(new Error(code), { code });

describe('what comes while a batch is under way goes together in the next', () => {
  test('the first alone and at once, the others together, each with its own answer', async () => {
    const { batches, letGo, work } = gated();
    const one = together(work, { most: 3 });
    const answers = [1, 2, 3, 4, 5].map((item) => one(item));
    expect(batches).toEqual([[1]]);
    for (let batch = 0; batch < 3; batch++) await letGo();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('an item that PostgreSQL refuses does not take the others with it', async () => {
    const { batches, letGo, work } = gated((items) => (items.includes(3) ? refused('22P05') : undefined));
    const one = together(work, { most: 10 });
    const answers = Promise.allSettled([1, 2, 3, 4].map((item) => one(item)));
    for (let batch = 0; batch < 5; batch++) await letGo();
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  test('with two lanes one batch that hangs does not hold up all', async () => {
    const done: number[] = [];
    const one = together(
      async (items: number[]) => {
        if (items.includes(1)) await new Promise(() => {});
        done.push(...items);
        return items;
      },
      { most: 10, lanes: 2 },
    );
    void one(1);
    expect(await Promise.all([2, 3, 4].map((item) => one(item)))).toEqual([2, 3, 4]);
    expect(done).toEqual([2, 3, 4]);
  });

  test('of a lost connection nobody knows what was written: nothing is tried again', async () => {
    const { batches, letGo, work } = gated((items) => (items.length > 1 ? refused('ECONNRESET') : undefined));
    const one = together(work, { most: 10 });
    const answers = Promise.allSettled([1, 2, 3].map((item) => one(item)));
    for (let batch = 0; batch < 2; batch++) await letGo();
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(batches).toEqual([[1], [2, 3]]);
    const later = one(4);
    await letGo();
    expect(await later).toBe(40);
  });
});
