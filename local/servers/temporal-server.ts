import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Keeper } from '../keeper/keeper.ts';
import { alone, cacheFolder, goInstall, type Progress } from './programs.ts';

/*
 * Of each the newest that Go 1.26.8 builds by `go install`, without a toolchain of its own: server 1.32.2 and UI 2.56.0 want a newer
 * one. docker-compose.yml names the same (a test compares).
 */
export const SERVER_VERSION = '1.32.1';
export const UI_VERSION = '2.55.0';

/** The full server, which runs one service a process, the tool that makes its schema, and its web UI. */
export interface ServerPrograms {
  server: string;
  sqlTool: string;
  ui: string;
}

const SERVER = 'go.temporal.io/server';
const UI = 'github.com/temporalio/ui-server/v2';
/** One module a step. `go install` names a program after the last folder of its path. */
const STEPS = [
  {
    packages: [`${SERVER}/cmd/server@v${SERVER_VERSION}`, `${SERVER}/cmd/tools/sql@v${SERVER_VERSION}`],
    folder: '',
    text: `Temporal 서버 ${SERVER_VERSION} 빌드 중, 처음 한 번만 4~8분 걸립니다`,
  },
  { packages: [`${UI}/cmd/server@v${UI_VERSION}`], folder: 'ui', text: `Temporal UI ${UI_VERSION} 빌드 중` },
];
const programsIn = (folder: string): ServerPrograms => ({
  server: join(folder, 'server'),
  sqlTool: join(folder, 'sql'),
  ui: join(folder, 'ui', 'server'),
});
const cached = (): string => cacheFolder(`temporal-server-${SERVER_VERSION}-ui-${UI_VERSION}`);

/** Whether the programs are in the user's cache. */
export function hasTemporalServer(): boolean {
  return existsSync(programsIn(join(cached(), 'bin')).server);
}

/**
 * Temporal's full server from the user's cache, or built by `go install` (some minutes, once per user). One start builds, others
 * wait for it. Throws with what failed and what to install.
 */
export async function temporalServer(keeper: Keeper, progress: Progress): Promise<ServerPrograms> {
  const folder = cached();
  const complete = join(folder, 'bin');
  const programs = programsIn(complete);
  if (await isUsable(programs)) return programs;
  mkdirSync(folder, { recursive: true });
  return alone(join(folder, 'lock.json'), progress, async () => {
    if (await isUsable(programs)) return programs;
    for (const name of readdirSync(folder))
      if (name.startsWith('try-') || name === 'bin') rmSync(join(folder, name), { recursive: true, force: true });
    const work = mkdtempSync(join(folder, 'try-'));
    try {
      for (const step of STEPS) {
        const place = join(work, step.folder);
        mkdirSync(place, { recursive: true });
        const why = await goInstall(keeper, { ...step, name: 'temporal-server-build', folder: place, progress });
        if (why !== undefined) throw new Error(cannot(step.packages, why));
      }
      // All of them at once, or none.
      renameSync(work, complete);
      return programs;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

async function isUsable(programs: ServerPrograms): Promise<boolean> {
  const answers = await Promise.allSettled(
    Object.values(programs).map((file) => promisify(execFile)(file, ['--version'], { timeout: 60_000 })),
  );
  return answers.every(({ status }) => status === 'fulfilled');
}

const cannot = (packages: string[], why: string): string =>
  [
    `Temporal 서버 ${SERVER_VERSION}을 만들지 못했습니다.`,
    `  · go install ${packages.join(' ')}: ${why}`,
    'Go 1.26.8 이상(https://go.dev/dl)을 설치하고 다시 시작해 주세요.',
  ].join('\n');
