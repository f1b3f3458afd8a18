import { page } from '../list/list.ts';
import type { Named } from './draft-store.ts';
import type { DraftTab } from './tab-of.ts';

/** Most values of one filter, and the longest that the API takes. */
const MOST_ASKED = 200;
const LONGEST = 50;

/** All rows of these numbers, in whatever state, because they need not be among the rows on the screen. */
export async function lookUp<Row extends Named>(
  { path }: Pick<DraftTab<Row>, 'path'>,
  field: 'deliveryNo' | 'pickupNo' | 'orderNo',
  numbers: Iterable<string>,
): Promise<Row[]> {
  const asked = [...new Set(numbers)].filter((number) => number !== '' && number.length <= LONGEST);
  const parts = Array.from({ length: Math.ceil(asked.length / MOST_ASKED) }, (_each, at) =>
    asked.slice(at * MOST_ASKED, (at + 1) * MOST_ASKED),
  );
  const found = await Promise.all(
    parts.map(async (some) => {
      const rows: Row[] = [];
      for (let cursor: string | undefined; ; ) {
        const read = await page<Row>(path, { [field]: some, limit: '500' }, cursor);
        rows.push(...read.items);
        if (!read.nextCursor) return rows;
        cursor = read.nextCursor;
      }
    }),
  );
  return found.flat();
}
