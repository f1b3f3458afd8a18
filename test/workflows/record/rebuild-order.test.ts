import { expect, test } from '@jest/globals';
import { orderOf } from '../../../worker/rebuild/order.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const read = (line: string) => orderOf(line === '' ? [] : line.split(' '), NOW);

test('npm run rebuild understands each of its orders', () => {
  expect(read('')).toEqual({ dryRun: false, changedSince: undefined });
  expect(read('--dry-run')).toEqual({ dryRun: true, changedSince: undefined });
  const nine = new Date('2026-11-28T09:00:00Z');
  expect(read('--changed-since 2026-11-28T09:00:00Z')).toEqual({ dryRun: false, changedSince: nine });
  expect(read('--dry-run --changed-since 2026-11-28T18:00:00.000+09:00')).toEqual({ dryRun: true, changedSince: nine });
});

test.each([
  // It would have repaired what was only to be looked at.
  '--dryrun',
  'all',
  '--changed-since',
  '--changed-since yesterday',
  // Whose nine o'clock?
  '--changed-since 2026-11-28T09:00:00',
  '--changed-since 2026-11-28',
  // No row has been written since then, so nothing would be looked at.
  '--changed-since 2026-11-28T12:00:01Z',
])('and does nothing on "%s"', (line) => {
  expect(read(line)).toBeNull();
});
