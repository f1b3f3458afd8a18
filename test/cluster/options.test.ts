import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { keepShards, readClusterSettings, readTopology, shardsOf, TOPOLOGY } from '../../local/cluster/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('two APIs, two workers, two histories and two matchings, unless somebody asks for others', () => {
  expect(readTopology([])).toEqual({ ...TOPOLOGY, shards: undefined });
  expect(readTopology(['--apis', '3', '--workers=4', '--shards', '64'])).toEqual({
    ...TOPOLOGY,
    apis: 3,
    workers: 4,
    shards: 64,
  });
});

test('what is no number of processes is refused, every option in a line of its own', () => {
  expect(() => readTopology(['--apis', '0', '--workers', 'many'])).toThrow(/^--apis: .*\n--workers: .*many$/);
  expect(() => readTopology(['--api', '3'])).toThrow('--api');
  expect(() => readTopology(['3'])).toThrow('3');
});

test('its servers are its own, in a folder of its own', () => {
  const others = { DATABASE_URL: 'postgresql://somewhere/else', TEMPORAL_ADDRESS: 'somewhere:7233' };
  const { DATABASE_URL, TEMPORAL_ADDRESS, files } = readClusterSettings(others);
  expect({ DATABASE_URL, TEMPORAL_ADDRESS }).toEqual({ DATABASE_URL: undefined, TEMPORAL_ADDRESS: undefined });
  expect(files.dataDir.endsWith(join('.data', 'cluster'))).toBe(true);
});

test('the shards of a data folder are those of its first start', () => {
  keepShards(folder, shardsOf(folder, 64));
  expect(shardsOf(folder, undefined)).toBe(64);
  expect(shardsOf(folder, 64)).toBe(64);
  expect(() => shardsOf(folder, 4)).toThrow('shard 64개');
});

test('a start that failed before Temporal was there has decided nothing', () => {
  const failed = join(folder, 'failed');
  expect(shardsOf(failed, 5)).toBe(5);
  expect(shardsOf(failed, 16)).toBe(16);
  expect(shardsOf(failed, undefined)).toBe(16);
});
