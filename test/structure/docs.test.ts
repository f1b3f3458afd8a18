import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { consolePermissions, consoleTypes, pages, parts, render } from '../../docs/generate.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const operating = read('docs/operating.md');
const compose = read('docker-compose.yml');

/** What a schema of the environment names: `PORT: port.default(3000)`. */
const namesIn = (file: string) =>
  [...read(file).matchAll(/\b([A-Z][A-Z0-9_]+): (?:text|words|port|count|base|path|cron|z)\b/g)].map(([, name = '']) => name);
const configured = new Set(globSync('process/config/*.ts', { cwd: root }).flatMap(namesIn));
const local = new Set([...namesIn('local/servers/settings.ts'), ...namesIn('local/simulator/main.ts'), 'TEMPORAL_CLI_PATH']);

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
/** All that is written for people. */
const prose = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })].map(read).join('\n');

describe('generated documents', () => {
  test.each(pages)('%s is as `npm run docs` writes it', async (page) => {
    expect(read(page)).toBe(await render(read(page)));
  });

  test("the console's types of the API are as `npm run docs` writes them", async () => {
    expect(read('console/src/api/api-types.d.ts') === (await consoleTypes())).toBe(true);
  });

  test("the console's table of permissions is as `npm run docs` writes it", () => {
    expect(read('console/src/api/permissions.ts')).toBe(consolePermissions());
  });

  test('there is one place for every generated part', () => {
    const places = pages.flatMap((page) => [...read(page).matchAll(/<!-- generated:([\w-]+) -->/g)].map(([, name]) => name));
    expect(places.sort()).toEqual(Object.keys(parts).sort());
  });
});

describe('documents', () => {
  test('README.md has at most 10 KB', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10 * 1024);
  });

  test('README.md has both commands as they are typed', () => {
    for (const command of ['npm ci && npm start', 'npm ci && npm test'])
      expect(readme).toContain(`\`\`\`bash\n${command}\n\`\`\``);
  });

  test('every npm script they name is there', () => {
    const named = [...prose.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)].map(
      ([, run, plain]) => run ?? plain ?? '',
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
    for (const name of ['start', 'test', 'check', 'api', 'worker', 'migrate', 'rebuild', 'token', 'bench', 'docs'])
      expect([name, named.includes(name)]).toEqual([name, true]);
  });

  test('the tables of the environment have every variable that is read, and no other', () => {
    const rows = [...operating.matchAll(/^\| ((?:`[A-Z][A-Z0-9_]+`(?: or )?\s?)+) \|/gm)].map(([, names = '']) => names);
    const named = new Set(rows.flatMap((names) => [...names.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name)));
    const read = new Set([...configured, ...local]);
    // Of the local stack's own making.
    read.delete('READY_FILE');
    for (const name of ['LOCAL_STACK', 'SIMULATOR_STATE_FILE']) read.delete(name);
    expect([...named].filter((name) => !read.has(name))).toEqual([]);
    expect([...read].filter((name) => !named.has(name))).toEqual([]);
  });

  test('README.md names every folder of code', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !['node_modules', 'coverage'].includes(entry.name))
      .map(({ name }) => name);
    expect(folders.filter((name) => !readme.includes(`[${name}/](${name})`))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  const service = (name: string) => new RegExp(`^  ${name}:\\n((?:    .*\\n|\\n)+)`, 'm').exec(compose)?.[1] ?? '';
  const variables = (text: string) => [...text.matchAll(/^\s+([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name);
  const shared = /^x-app-environment:[^\n]*\n((?: {2}.*\n)+)/m.exec(compose)?.[1] ?? '';

  test.each(['migrate', 'api', 'worker'])('%s is given only what process/config/ reads', (name) => {
    const given = [...variables(service(name)), ...variables(shared)];
    expect(given.length).toBeGreaterThan(2);
    expect(given.filter((variable) => !configured.has(variable))).toEqual([]);
  });

  test('every image is pinned to one version', () => {
    const images = [...compose.matchAll(/^\s+image: (\S+)$/gm)].map(([, image = '']) => image);
    const foreign = images.filter((image) => image !== 'delivery-back-office');
    expect(foreign.length).toBeGreaterThan(3);
    expect(foreign.filter((image) => !/:\d+\.\d+/.test(image))).toEqual([]);
  });

  test("the image's Node is the one of the local stack", () => {
    const { dependencies, devDependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')));
    const version = dependencies.node ?? devDependencies.node;
    expect(/^ARG BASE=(\S+)/m.exec(read('Dockerfile'))?.[1]).toBe(`node:${version}-bookworm-slim`);
  });

  test('the image has every folder and file that its programs import', () => {
    const kept = [...read('.dockerignore').matchAll(/^!(\S+)$/gm)].map(([, name = '']) => name);
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, to = ''] of read(path).matchAll(/from '(\.[^']+)'/g)) visit(join(path, '..', to));
    };
    for (const entry of [
      'api/main.ts',
      'api/token.ts',
      'worker/main.ts',
      'worker/rebuild/main.ts',
      'worker/deploy/main.ts',
      'db/migrate.ts',
      'workflows/index.ts',
    ])
      visit(entry);
    expect([...seen].filter((path) => !kept.includes(path.split('/')[0] ?? ''))).toEqual([]);
  });
});
