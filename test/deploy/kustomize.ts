import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { alone, cacheFolder, goInstall, onPath } from '../../local/servers/programs.ts';
import { startOwnKeeper } from '../support/processes/own-keeper.ts';
import type { Manifest } from './schemas.ts';

const VERSION = '5.8.1';
const PACKAGE = `sigs.k8s.io/kustomize/kustomize/v5@v${VERSION}`;
const run = promisify(execFile);

/** Kustomize 5 as a command line: `kustomize`, or kubectl's own, or built once per user with Go (a minute of one core). */
export async function kustomize(): Promise<string[]> {
  for (const [program, ask, build] of [
    ['kustomize', ['version'], ['build']],
    ['kubectl', ['version', '--client'], ['kustomize']],
  ] as const) {
    const file = onPath(program);
    const said = file && (await run(file, ask).catch(() => undefined));
    if (file && said && /\bv5\.\d+/.test(said.stdout)) return [file, ...build];
  }
  const folder = cacheFolder(`kustomize-${VERSION}`);
  const made = join(folder, 'kustomize');
  if (!existsSync(made)) {
    mkdirSync(folder, { recursive: true });
    await alone(join(folder, 'lock.json'), console.log, () => install(folder, made));
  }
  return [made, 'build'];
}

async function install(folder: string, made: string): Promise<void> {
  if (existsSync(made)) return;
  const work = mkdtempSync(join(folder, 'try-'));
  const own = await startOwnKeeper('kustomize');
  try {
    const build = { name: 'kustomize-build', packages: [PACKAGE], folder: work, text: 'Kustomize 빌드 중', progress: () => {} };
    const why = await goInstall(own.keeper, build);
    if (why !== undefined) throw new Error(`go install ${PACKAGE}: ${why}`);
    renameSync(join(work, 'kustomize'), made);
  } finally {
    await own.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** What a folder with a kustomization.yaml becomes. */
export async function rendered([program = '', ...args]: string[], folder: string): Promise<Manifest[]> {
  const { stdout } = await run(program, [...args, folder]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}
