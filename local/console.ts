import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const folder = join(repository, 'console');
const stamp = join(folder, 'dist', '.sources');
const notSources = new Set(['dist', 'node_modules', 'screenshots']);

function sourcesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (notSources.has(entry.name)) return [];
    const inside = join(path, entry.name);
    return entry.isDirectory() ? sourcesIn(inside) : [inside];
  });
}

/** Hash of the console's sources and of the versions of its dependencies. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const path of [...sourcesIn(folder).sort(), join(repository, 'package-lock.json')])
    hash.update(path.slice(repository.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** Builds the console if its sources have changed since the last build; throws the build's output. True = it was built. */
export async function buildConsole(): Promise<boolean> {
  const hash = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  await new Promise<void>((resolve, reject) =>
    // Jest's NODE_ENV would give another build, with React's slow development version.
    execFile(
      process.execPath,
      [vite, 'build', folder, '--logLevel', 'warn'],
      { env: { ...process.env, NODE_ENV: 'production' } },
      (error, stdout, stderr) => (error ? reject(new Error(`콘솔을 만들지 못했습니다:\n${stdout}${stderr}`)) : resolve()),
    ),
  );
  // Written last, so that an interrupted build is repeated.
  writeFileSync(stamp, hash);
  return true;
}
