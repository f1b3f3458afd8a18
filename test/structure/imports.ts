import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Import {
  from: string;
  /** Path inside the repository, or a package's or builtin's name. */
  to: string;
  kind: 'ours' | 'package' | 'builtin';
  typeOnly: boolean;
}

const skipped = new Set(['node_modules', 'dist', 'coverage']);
/** Every file of the repository in a folder, by its path from the root; nothing hidden, installed or built. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return skipped.has(item.name) || item.name.startsWith('.') ? [] : filesIn(path);
    return [path];
  });
}

/** Whether a path is this place, or in it. */
export const under = (path: string, place: string) => place === '' || path === place || path.startsWith(`${place}/`);

export const isCode = (file: string) => /\.tsx?$/.test(file);

const STATEMENT =
  /^(?:import|export)\s+(type\s)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** Every import and re-export of a file, dynamic ones too; comments do not count. */
export function importsOf(from: string, source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(STATEMENT)].map(([, isType, names = '', named, bare, dynamic]) => {
    const to = named ?? bare ?? dynamic ?? '';
    const list = /^\{([\s\S]*)\}$/.exec(names)?.[1]?.split(',') ?? [];
    const items = list.map((item) => item.trim()).filter(Boolean);
    const typeOnly = isType !== undefined || (items.length > 0 && items.every((item) => item.startsWith('type ')));
    const kind = to.startsWith('.') ? 'ours' : isBuiltin(to) ? 'builtin' : 'package';
    return { from, to: kind === 'ours' ? normalize(join(dirname(from), to)) : to, kind, typeOnly };
  });
}
