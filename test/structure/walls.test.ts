import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesIn, type Import, importsOf, isCode, root, under } from './imports.ts';

interface Wall {
  /** Folders and files of ours it may import; its own is among them. */
  ours: string[];
  /** The same, but only by `import type`. */
  types?: string[];
  /** npm packages: any, or these. */
  packages: 'any' | string[];
  builtins: boolean;
}

/** Names and shapes that cross the border between workflows and everything else. */
const messages = 'workflows/messages';
const anything: Wall = { ours: [''], packages: 'any', builtins: true };

/** These may import anything, and only each other may import them. */
const outermost = ['docs', 'local', 'bench', 'deploy', 'chaos', 'test'];
/** docs/architecture.md#walls: one row a folder, none for a single file; `programs` may import anything. */
const walls: Record<string, Wall> = {
  domain: { ours: ['domain'], packages: [], builtins: false },
  workflows: { ours: ['domain', 'workflows'], types: ['activities'], packages: ['@temporalio/workflow'], builtins: false },
  tracker: { ours: ['tracker', 'domain'], types: ['process'], packages: ['zod'], builtins: true },
  db: {
    ours: ['db', 'domain'],
    types: [messages],
    packages: ['@mikro-orm/core', '@mikro-orm/migrations', '@mikro-orm/postgresql', 'kysely', 'pg'],
    builtins: true,
  },
  // Configuration is handed to everybody by the entry points; they know its shape.
  process: { ours: ['process', 'domain', 'commands', messages], packages: 'any', builtins: true },
  commands: {
    ours: ['commands', 'domain', 'db', messages],
    packages: ['@temporalio/client', '@temporalio/common', 'p-limit', 'pino'],
    builtins: true,
  },
  requests: { ours: ['requests', 'domain', 'db', 'commands'], packages: [], builtins: true },
  activities: {
    ours: ['activities', 'domain', 'db', 'commands', 'tracker', messages],
    packages: ['@temporalio/activity', '@temporalio/client', 'p-limit', 'p-retry', 'p-throttle', 'pino'],
    builtins: true,
  },
  api: {
    ours: ['api', 'domain', 'db', 'commands', 'requests', 'tracker', 'process', messages],
    packages: 'any',
    builtins: true,
  },
  worker: {
    ours: ['worker', 'activities', 'commands', 'db', 'domain', 'tracker', 'process', messages],
    packages: 'any',
    builtins: true,
  },
  // A client of the HTTP API and of nothing else.
  console: { ours: ['console'], packages: 'any', builtins: false },
  ...Object.fromEntries(outermost.map((room) => [room, anything])),
  'local/simulator': { ours: ['local/simulator'], packages: 'any', builtins: true },
  'local/receiver': { ours: ['local/receiver'], packages: 'any', builtins: true },
  'bench/floor': { ours: ['bench/floor'], packages: 'any', builtins: true },
  // The watchdog's thread has a log of its own.
  'worker/fast-path': { ours: ['worker/fast-path', 'process'], packages: ['@temporalio/worker'], builtins: true },
};

/** What `npm run …` starts: they put everything together, and nobody imports them. */
const programs = [
  'api/main.ts',
  'api/token.ts',
  'worker/main.ts',
  'worker/rebuild/main.ts',
  'worker/deploy/main.ts',
  'db/migrate.ts',
  'db/watch/main.ts',
  'local/main.ts',
  'local/cluster/main.ts',
  'bench/main.ts',
  'bench/grow.ts',
  'bench/profile.ts',
  'chaos/main.ts',
  'docs/generate.ts',
  'deploy/image/try.ts',
  'deploy/rehearse/main.ts',
];

/** The narrowest wall around a file. */
const wallOf = (file: string) =>
  Object.keys(walls)
    .filter((place) => under(file, place))
    .sort((a, b) => b.length - a.length)[0];
const packageName = (to: string) =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');

/** Why this import may not be, or null. */
function offence({ from, to, kind, typeOnly }: Import): string | null {
  const wall = programs.includes(from) ? anything : walls[wallOf(from) ?? ''];
  if (!wall) return `${from}: no wall is known around it`;
  const may = (places: string[]) => places.some((place) => under(to, place));
  const allowed =
    kind === 'builtin'
      ? wall.builtins
      : kind === 'package'
        ? wall.packages === 'any' || wall.packages.includes(packageName(to))
        : may(wall.ours) || (typeOnly && may(wall.types ?? []));
  return allowed ? null : `${from} imports ${to}`;
}

const files = filesIn('').filter(isCode);
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
const ours = imports.filter(({ kind }) => kind === 'ours');

describe('the walls of docs/architecture.md', () => {
  test('every import of ours is one the table allows', () => {
    expect(
      imports
        .map(offence)
        .filter((found) => found !== null)
        .sort(),
    ).toEqual([]);
  });

  test('what is imported is there', () => {
    const isThere = (to: string) => files.includes(to) || (to.endsWith('.css') && existsSync(join(root, to)));
    expect(ours.filter(({ to }) => !isThere(to)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('local, bench, chaos and test are imported by nothing else', () => {
    const inside = (path: string) => outermost.some((place) => under(path, place));
    expect(ours.filter(({ from, to }) => inside(to) && !inside(from)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('an entry point is imported by nothing', () => {
    expect(
      ours.filter(({ to, from }) => programs.includes(to) && !under(from, 'test')).map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  test("only worker/fast-path touches the SDK's insides, and one import of one file leads there", () => {
    const inside = (path: string) => under(path, 'worker/fast-path');
    const reaching = imports.filter(({ to }) => to.startsWith('@temporalio/worker/lib')).map(({ from }) => from);
    expect(reaching.length).toBeGreaterThan(0);
    expect(reaching.filter((from) => !inside(from))).toEqual([]);
    const entering = ours.filter(({ from, to }) => inside(to) && !inside(from) && !under(from, 'test'));
    expect(entering.map(({ from, to }) => `${from} → ${to}`)).toEqual(['worker/main.ts → worker/fast-path/open.ts']);
  });

  test('no barrel: only the two index.ts that a worker needs', () => {
    const indexes = files.filter((file) => file.endsWith('index.ts'));
    expect(indexes.filter((file) => file !== 'workflows/index.ts' && file !== 'activities/index.ts')).toEqual([]);
  });
});

describe('the reader of imports', () => {
  const read = (source: string) => importsOf('api/x.ts', source);

  test('sees every way to import, and whether only types are', () => {
    expect(read(`import { a } from '../activities/index.ts';`)).toMatchObject([
      { to: 'activities/index.ts', kind: 'ours', typeOnly: false },
    ]);
    expect(read(`import {\n  type A,\n  type B,\n} from '../worker/main.ts';`)).toMatchObject([
      { to: 'worker/main.ts', typeOnly: true },
    ]);
    expect(read(`import { type A, b } from './y.ts';`)).toMatchObject([{ to: 'api/y.ts', typeOnly: false }]);
    expect(read(`import type { A } from './y.ts';`)).toMatchObject([{ typeOnly: true }]);
    expect(read(`export { a } from './y.ts';`)).toMatchObject([{ to: 'api/y.ts', typeOnly: false }]);
    expect(read(`export * from 'zod';`)).toMatchObject([{ to: 'zod', kind: 'package' }]);
    expect(read(`import './y.ts';`)).toMatchObject([{ to: 'api/y.ts' }]);
    expect(read(`const y = await import('node:fs');`)).toMatchObject([{ to: 'node:fs', kind: 'builtin' }]);
    expect(read(`// import { a } from './y.ts';\n/* import './z.ts'; */`)).toEqual([]);
  });

  test('an offence is found', () => {
    const found = (from: string, source: string) => importsOf(from, source).map(offence);
    expect(found('domain/x.ts', `import { z } from 'zod';`)).toEqual(['domain/x.ts imports zod']);
    expect(found('domain/x.ts', `import { hash } from 'node:crypto';`)).toEqual(['domain/x.ts imports node:crypto']);
    expect(found('workflows/x.ts', `import { createActivities } from '../activities/index.ts';`)).toEqual([
      'workflows/x.ts imports activities/index.ts',
    ]);
    expect(found('workflows/x.ts', `import type { Activities } from '../activities/index.ts';`)).toEqual([null]);
    expect(found('api/x.ts', `import { a } from '../workflows/delivery.ts';`)).toEqual([
      'api/x.ts imports workflows/delivery.ts',
    ]);
    expect(found('api/x.ts', `import { apiConfig } from '../process/config/api.ts';`)).toEqual([null]);
    expect(found('worker/x.ts', `import { createApp } from '../api/app.ts';`)).toEqual(['worker/x.ts imports api/app.ts']);
    expect(found('local/simulator/x.ts', `import { ports } from '../servers/ports.ts';`)).toEqual([
      'local/simulator/x.ts imports local/servers/ports.ts',
    ]);
    expect(found('utils/x.ts', `import { z } from 'zod';`)).toEqual(['utils/x.ts: no wall is known around it']);
  });

  test('reads the files of every folder', () => {
    for (const folder of ['domain', 'workflows', 'activities', 'db', 'api', 'worker', 'console', 'test'])
      expect([folder, imports.some(({ from }) => under(from, folder))]).toEqual([folder, true]);
  });
});
