import { describe, expect, test } from '@jest/globals';
import { fitting, workflowCacheSize } from '../../worker/cache-size.ts';

const GB = 2 ** 30;
/** What 20,000 lines may take: more than V8's heap, whose limit is about 4.2 GiB on any machine of 16 GB and more. */
const heap = 4.2 * GB;
const sizeWith = (more: Partial<Parameters<typeof workflowCacheSize>[0]>) =>
  workflowCacheSize({ asked: undefined, slots: 500, memory: 64 * GB, heap, ...more });
const bytes = (workflows: number) => workflows * 280_000;

describe('the workflow cache fits where the workflows live', () => {
  test.each([1, 2, 4, 8, 16, 64, 512])('on a machine with %i GB: at most a quarter of it, and never the whole heap', (size) => {
    const cached = sizeWith({ memory: size * GB });
    expect(bytes(cached)).toBeLessThanOrEqual((size * GB) / 4);
    expect(bytes(cached)).toBeLessThan(0.7 * heap);
  });

  test.each([0.1, 0.25, 0.5, 1, 2, 4.2, 16, 64])(
    'with a heap of %d GB: never more than most of it, whatever the memory',
    (size) => {
      const cached = sizeWith({ memory: 512 * GB, heap: size * GB });
      expect(bytes(cached)).toBeLessThan(0.7 * size * GB);
      expect(cached).toBeGreaterThan(10);
    },
  );

  test('a larger heap (--max-old-space-size) takes more, up to what memory allows', () => {
    expect(sizeWith({ heap: 16 * GB })).toBeGreaterThan(sizeWith({}));
    expect(sizeWith({ heap: 16 * GB, memory: 4 * GB })).toBe(sizeWith({ memory: 4 * GB }));
  });

  test('never fewer than the task slots, where those fit', () => {
    expect(sizeWith({ memory: GB / 4 })).toBe(500);
    expect(sizeWith({ memory: GB / 4, heap: GB / 8 })).toBe(fitting(GB / 8));
    expect(sizeWith({ asked: 100 })).toBe(500);
  });

  test('what the operator asks for is taken', () => {
    expect(sizeWith({ asked: 30_000 })).toBe(30_000);
  });
});
