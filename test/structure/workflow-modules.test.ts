import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, isCode, root, under } from './imports.ts';

const files = filesIn('').filter(isCode);

/** A binding of a module that may change, or a container that begins empty and so is there to be filled. */
const STATE = /^(?:export )?(?:(?:let|var)\s|const \w+[^=\n]*=\s*(?:\[\]|\{\}|new \w+\(\)))/m;

describe('modules that all workflows of a worker share (worker/bundle.ts)', () => {
  test('keep no state: one workflow must not see another', () => {
    const shared = files.filter((file) => under(file, 'workflows') || under(file, 'domain'));
    expect(shared.length).toBeGreaterThan(10);
    expect(shared.filter((file) => STATE.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  test('touch no global: worker/fast-path/globals.ts does not see a built-in that is deleted', () => {
    const shared = files.filter((file) => under(file, 'workflows') || under(file, 'domain'));
    expect(shared.filter((file) => /\bglobalThis\b/.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  test('state is found', () => {
    for (const line of ['let count = 0;', 'export const seen = new Map();', 'const kept: string[] = [];', 'export let a = 1;'])
      expect(`import { b } from './b.ts';\n${line}\n`).toMatch(STATE);
    for (const line of ['const most = 3;', '  let inside = 1;', 'const names = new Map(list);', 'const of = { a: 1 };'])
      expect(`${line}\n`).not.toMatch(STATE);
  });
});
