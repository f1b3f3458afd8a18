import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const code = files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));

/** Folders that one may follow from this one, by the imports of its files. */
const neighbours = new Map<string, Set<string>>();
for (const file of code.filter((file) => !file.startsWith('test/'))) {
  const from = dirname(file);
  const known = neighbours.get(from) ?? new Set<string>();
  for (const [, to = ''] of readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    const folder = dirname(normalize(join(from, to)));
    if (folder !== from) known.add(folder);
  }
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

  test('no folder holds more than 15 files of code', () => {
    const counts = Map.groupBy(code, (file) => dirname(file));
    expect([...counts].filter(([, held]) => held.length > 15).map(([folder, held]) => `${folder}: ${held.length}`)).toEqual([]);
  });

  test('no code lies loose in the root', () => {
    expect(code.filter((file) => dirname(file) === '.')).toEqual([]);
  });
});
