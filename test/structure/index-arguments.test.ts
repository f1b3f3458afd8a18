import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, isCode, root } from './imports.ts';

const HANDED_OVER = /\.(?:map|flatMap|filter|forEach|find|findIndex|findLast|some|every)\((\w+)\)/g;

/** The text between this bracket and the one that closes it. */
function within(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if ('([{<'.includes(text[at] ?? '')) depth++;
    // An arrow closes nothing.
    else if (')]}>'.includes(text[at] ?? '') && text[at - 1] !== '=' && --depth === 0) return text.slice(open + 1, at);
  }
  return '';
}

/** Parts at the commas that stand in no bracket. */
function parameters(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if ('([{<'.includes(letter)) depth++;
    if (')]}>'.includes(letter) && text[at - 1] !== '=') depth--;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Functions of this text with a second parameter, unless it is called what `map` gives: the index. */
function takingMore(text: string): string[] {
  return [...text.matchAll(/(?:function (\w+)|const (\w+) = (?:async )?)(?:<[^()]*>)?\(/g)].flatMap((found) => {
    const second = parameters(within(text, found.index + found[0].length - 1))[1];
    const name = found[1] ?? found[2] ?? '';
    return second === undefined || /^_?(at|index|row)\b/.test(second) ? [] : [name];
  });
}

const files = filesIn('').filter(
  (file) => isCode(file) && !file.endsWith('.d.ts') && file !== 'test/structure/index-arguments.test.ts',
);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Where `fn` in `map(fn)` takes a second argument, which is then the index: a function of this text, or of a file it imports. */
function misused(file: string, text: string, read = textOf): string[] {
  return [...text.matchAll(HANDED_OVER)].flatMap(([call, name = '']) => {
    const from = new RegExp(`^import \\{[^}]*\\b${name}\\b[^}]*\\} from '(\\.[^']+)'`, 'm').exec(text)?.[1];
    const declaring = from === undefined ? text : read(join(dirname(file), from));
    return takingMore(declaring).includes(name) ? [call] : [];
  });
}

describe('`map(fn)` gives `fn` the index as its second argument: no function that takes something else there is handed over', () => {
  test('in no file', () => {
    expect(takingMore(textOf('api/bulk-shipments/rows.ts'))).toContain('bulkRow');
    const calls = files.flatMap((file) => [...textOf(file).matchAll(HANDED_OVER)]);
    expect(calls.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => misused(file, textOf(file)).map((call) => `${file}: ${call}`))).toEqual([]);
  });

  test('and one is found, by a function of the file or an imported one', () => {
    const own = 'export function shown(row: Row<A, B>, rate: number | null = null): X {}\n';
    expect(misused('a/b.ts', `${own}rows.map(shown);`)).toEqual(['.map(shown)']);
    const importing = "import { other, shown } from './rows.ts';\nrows.flatMap(shown)";
    expect(misused('a/b.ts', importing, (file) => (file === 'a/rows.ts' ? own : ''))).toEqual(['.flatMap(shown)']);
    const fine =
      'const one = ({ a, b }: X) => a;\nconst two = (a: () => void, at: number) => a;\nrows.map(one).map(two).map((x) => f(x, 1));';
    expect(misused('a/b.ts', fine)).toEqual([]);
  });
});
