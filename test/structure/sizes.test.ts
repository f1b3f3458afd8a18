import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, importsOf, isCode, root } from './imports.ts';

const code = filesIn('').filter((file) => isCode(file) && !file.endsWith('.d.ts'));

/** Folders that each folder's files import, without its own. */
const neighbours = new Map<string, Set<string>>();
for (const file of code.filter((file) => !file.startsWith('test/'))) {
  const from = dirname(file);
  const known = neighbours.get(from) ?? new Set<string>();
  for (const { to, kind } of importsOf(file, readFileSync(join(root, file), 'utf8')))
    if (kind === 'ours' && dirname(to) !== from) known.add(dirname(to));
  neighbours.set(from, known);
}

/** Every folder that can be reached from this one. */
function reachedFrom(start: string, graph: Map<string, Set<string>>): Set<string> {
  const reached = new Set<string>();
  const visit = (folder: string) => {
    for (const next of graph.get(folder) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      visit(next);
    }
  };
  visit(start);
  return reached;
}

const MOST_LINES = 200;
const MOST_FILES = 15;

/** Files that may be longer, and why. */
const longer: Record<string, string> = {
  'db/migrations/first/20261123000000-delivery.ts': 'a migration that has run is never edited',
};

const linesIn = (file: string) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
const sources = filesIn('').filter((file) => /\.(tsx?|js|css)$/.test(file) && !file.endsWith('.d.ts'));
const tooLong = sources.filter((file) => linesIn(file) > MOST_LINES);

describe('small and flat (docs/architecture.md#walls)', () => {
  test('no two folders import each other, not even round a corner', () => {
    expect(neighbours.size).toBeGreaterThan(50);
    expect([...neighbours.keys()].filter((folder) => reachedFrom(folder, neighbours).has(folder))).toEqual([]);
  });

  test('a circle is found', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['a'])],
    ]);
    expect(reachedFrom('a', graph).has('a')).toBe(true);
  });

  test('no folder holds more than 15 files of any kind', () => {
    const counts = Map.groupBy(filesIn(''), (file) => dirname(file));
    expect(counts.size).toBeGreaterThan(80);
    const crowded = [...counts].filter(([, held]) => held.length > MOST_FILES);
    expect(crowded.map(([folder, held]) => `${folder}: ${held.length}`)).toEqual([]);
  });

  test('no file of code or styles has more than 200 lines', () => {
    expect(sources.length).toBeGreaterThan(400);
    const named = tooLong.filter((file) => !(file in longer));
    expect(named.map((file) => `${file}: ${linesIn(file)}`)).toEqual([]);
  });

  test('the files that may be longer are', () => {
    expect(Object.keys(longer).filter((file) => !tooLong.includes(file))).toEqual([]);
  });

  test('no code lies loose in the root', () => {
    expect(code.filter((file) => dirname(file) === '.')).toEqual([]);
  });
});
