import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, root } from './imports.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const isThere = (path: string) => existsSync(join(root, path));

const files = filesIn('').filter((file) => !file.startsWith('test/histories/'));
const documents = files.filter((file) => file.endsWith('.md'));
const sources = files.filter((file) => /\.(tsx?|css|sql|yml)$/.test(file) && !import.meta.filename.endsWith(file));

const withoutFences = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

/** What a heading is called in a link, as GitHub makes it; a second heading of the same name has `-1` behind it. */
function anchorsIn(text: string): Set<string> {
  const found = new Set<string>();
  const prose = withoutFences(text);
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let name = slug;
    for (let times = 1; found.has(name); times++) name = `${slug}-${times}`;
    found.add(name);
  }
  for (const [, id = ''] of prose.matchAll(/<a id="([^"]+)">/g)) found.add(id);
  return found;
}

const anchorsOf = new Map(documents.map((document) => [document, anchorsIn(read(document))]));

/** Why a path with or without `#anchor`, seen from the root, leads nowhere; or null. */
function dead(target: string): string | null {
  const [path = '', anchor] = target.split('#');
  if (!isThere(path)) return `${target}: no such file`;
  if (anchor === undefined) return null;
  return anchorsOf.get(normalize(path))?.has(decodeURIComponent(anchor)) ? null : `${target}: no such heading`;
}

/** Links of a document into the repository, seen from the root. */
function linksIn(document: string, text: string): string[] {
  const prose = withoutFences(text).replace(/`[^`]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => (to.startsWith('#') ? document + to : join(dirname(document), to)));
}

/** Files of ours that a text names by their path from the root, as `docs/architecture.md#walls` or `api/app.ts`. */
const FILE_IN_CODE = /`((?:[\w.-]+\/)+[\w.-]+\.(?:tsx?|md|sql|yml))`/g;
/** Documents that source text names: with a folder, or one of the root's own. */
const DOCUMENT = /(?:[\w.-]+\/)*[\w-]+\.md(?:#[\p{L}\p{N}_-]*[\p{L}\p{N}])?/gu;
const NEVER = /\bseeds\/\S*/g;

describe('documents', () => {
  test('every link into the repository leads somewhere', () => {
    const links = documents.flatMap((document) => linksIn(document, read(document)).map((to) => ({ document, to })));
    expect(links.length).toBeGreaterThan(100);
    expect(links.flatMap(({ document, to }) => (dead(to) ? [`${document} → ${dead(to)}`] : []))).toEqual([]);
  });

  test('every file they name by its path is there', () => {
    const named = documents.flatMap((document) =>
      [...withoutFences(read(document)).matchAll(FILE_IN_CODE)].map(([, path = '']) => ({ document, path })),
    );
    expect(named.length).toBeGreaterThan(20);
    const nowhere = named.filter(({ document, path }) => !isThere(path) && !isThere(join(dirname(document), path)));
    expect(nowhere.map(({ document, path }) => `${document} → ${path}`)).toEqual([]);
  });
});

describe('source text', () => {
  test('every document it names is there, with the heading', () => {
    const named = sources.flatMap((file) => [...read(file).matchAll(DOCUMENT)].map(([to]) => ({ file, to })));
    expect(named.length).toBeGreaterThan(30);
    expect(named.flatMap(({ file, to }) => (dead(to) ? [`${file} → ${dead(to)}`] : []))).toEqual([]);
  });

  test('names no file of the sources that are not in the repository', () => {
    expect(sources.flatMap((file) => [...read(file).matchAll(NEVER)].map(([to]) => `${file} → ${to}`))).toEqual([]);
  });
});

describe('the reader of links', () => {
  test('knows headings as GitHub calls them, and marked rows', () => {
    const text =
      '# What happens when …\n## 회수처리\n## A pickup (회수)\n## Same\n## Same\n| <a id="pickups-3"></a>x |\n```\n# no heading\n```\n';
    expect([...anchorsIn(text)]).toEqual(['what-happens-when-', '회수처리', 'a-pickup-회수', 'same', 'same-1', 'pickups-3']);
  });

  test('finds links, but not in code', () => {
    const text = 'See [a](b.md#c) and [d](#e), not `[f](g.md)`, nor [h](https://example.com).\n```\n[i](j.md)\n```\n';
    expect(linksIn('docs/x.md', text)).toEqual(['docs/b.md#c', 'docs/x.md#e']);
  });

  test('finds the documents that a comment names', () => {
    const found = (comment: string) => [...comment.matchAll(DOCUMENT)].map(([to]) => to);
    expect(found('/** One row (docs/sources/requirements.md#pickups-3). */')).toEqual(['docs/sources/requirements.md#pickups-3']);
    expect(found('// drawn in docs/states.md#a-pickup-회수.')).toEqual(['docs/states.md#a-pickup-회수']);
    expect(found('// README.md, "Run it"')).toEqual(['README.md']);
  });

  test('a dead link is found', () => {
    expect(dead('docs/nowhere.md')).toBe('docs/nowhere.md: no such file');
    expect(dead('README.md#nowhere')).toBe('README.md#nowhere: no such heading');
    expect(dead('README.md')).toBeNull();
  });
});
