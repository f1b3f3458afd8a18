import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { root } from './imports.ts';

const folder = join(root, 'console/src/ui/texts');
const exported = z.record(z.string(), z.record(z.string(), z.tuple([z.string(), z.string()])));

/** The tables are spread into one object, where the later of two texts would win without a word. */
test('no key of the console stands in two tables of texts', async () => {
  const files = await Promise.all(
    globSync('**/*.ts', { cwd: folder }).map(async (file) => exported.parse({ ...(await import(join(folder, file))) })),
  );
  const keys = files.flatMap((tables) => Object.values(tables).flatMap((table) => Object.keys(table)));
  expect(keys.length).toBeGreaterThan(500);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

/** A color without a name is the same in the dark, where nobody may be able to read it. */
test('colors of the console have names, light and dark', () => {
  const styles = globSync('console/src/**/*.css', { cwd: root }).filter((file) => !file.endsWith('/colors.css'));
  expect(styles.length).toBeGreaterThan(10);
  const found = styles.flatMap((file) =>
    (readFileSync(join(root, file), 'utf8').match(/#[\da-f]{3,8}\b|\b(?:rgb|hsl)a?\(/gi) ?? []).map(
      (color) => `${file}: ${color}`,
    ),
  );
  expect(found).toEqual([]);
});
