import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Keeper } from '../keeper/keeper.ts';
import { alone, cacheFolder, goInstall, onPath, type Progress, runToEnd } from './programs.ts';

/** Later tags cannot be installed with `go install`, because they contain a `replace`. */
const VERSION = '1.5.1';
const PACKAGE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`;
/** Our use of updates needs this server. */
const OLDEST_SERVER = [1, 28] as const;
const DOWNLOAD_STALLED_MS = 20_000;

/**
 * Path of a real `temporal` CLI, from TEMPORAL_CLI_PATH, PATH, the user's cache, the SDK's download or `go install` (about 4
 * minutes, once per user). One start builds, others wait for it. If none works, throws with everything that was tried.
 */
export async function temporalExecutable(keeper: Keeper, progress: Progress): Promise<string> {
  const given = process.env.TEMPORAL_CLI_PATH;
  if (given) {
    const problem = await unusable(given);
    if (problem) throw new Error(`TEMPORAL_CLI_PATH=${given}: ${problem}`);
    return given;
  }
  const tried: string[] = [];
  const found = onPath('temporal');
  const problem = found ? await unusable(found) : 'PATH에 temporal이 없습니다';
  if (found && !problem) return found;
  tried.push(problem ?? '');
  const folder = cacheFolder(`temporal-${VERSION}`);
  const cached = join(folder, 'temporal');
  if (!(await unusable(cached))) return cached;
  mkdirSync(folder, { recursive: true });
  return alone(join(folder, 'lock.json'), progress, async () => {
    if (!(await unusable(cached))) return cached;
    for (const name of readdirSync(folder))
      if (name.startsWith('try-')) rmSync(join(folder, name), { recursive: true, force: true });
    for (const attempt of [download, build]) {
      const work = mkdtempSync(join(folder, 'try-'));
      try {
        const why = await attempt(keeper, work, progress);
        const made = readdirSync(work).find((name) => name.startsWith('temporal'));
        const fault = made ? await unusable(join(work, made)) : (why ?? '실행 파일이 생기지 않았습니다');
        if (made && !fault) {
          renameSync(join(work, made), cached);
          return cached;
        }
        tried.push(`${attempt === download ? '내려받기' : `go install ${PACKAGE}`}: ${fault}`);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    }
    throw new Error(
      [
        'Temporal 서버 실행 파일을 마련하지 못했습니다.',
        ...tried.map((each) => `  · ${each}`),
        'Go 1.25 이상(https://go.dev/dl)을 설치하고 다시 시작하거나, Temporal CLI를 설치해 TEMPORAL_CLI_PATH로 알려 주거나,',
        '이미 떠 있는 서버를 TEMPORAL_ADDRESS로 알려 주세요.',
      ].join('\n'),
    );
  });
}

/** Why this file cannot be used as `temporal`; undefined when it can. */
async function unusable(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return `${file} 파일이 없습니다`;
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 20_000 });
    const server = /Server (\d+)\.(\d+)/.exec(stdout);
    if (!server) return `${file}은 Temporal CLI가 아닙니다: ${stdout.trim()}`;
    const [major, minor] = [Number(server[1]), Number(server[2])];
    const [oldestMajor, oldestMinor] = OLDEST_SERVER;
    const newEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
    return newEnough ? undefined : `${file}의 서버 ${major}.${minor}은 너무 오래되었습니다 (${OLDEST_SERVER.join('.')} 이상)`;
  } catch (error) {
    return `${file}을 실행할 수 없습니다: ${String(error)}`;
  }
}

async function download(keeper: Keeper, folder: string, progress: Progress): Promise<string | undefined> {
  const size = () =>
    readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  let seen = 0;
  let grewAt = performance.now();
  const stalled = () => {
    const now = size();
    if (now !== seen) grewAt = performance.now();
    seen = now;
    return performance.now() - grewAt > DOWNLOAD_STALLED_MS;
  };
  const program = fileURLToPath(new URL('./temporal-download.ts', import.meta.url));
  const child = { name: 'temporal-download', command: process.execPath, args: [program, folder, `v${VERSION}`] };
  return runToEnd(keeper, child, {
    progress,
    text: () => `Temporal 내려받는 중 (${Math.round(seen / 1e6)} MB)`,
    giveUp: () => (stalled() ? `${DOWNLOAD_STALLED_MS / 1000}초 동안 받은 것이 없습니다` : undefined),
  });
}

function build(keeper: Keeper, folder: string, progress: Progress): Promise<string | undefined> {
  const text = 'Temporal 빌드 중, 처음 한 번만 3~4분 걸립니다';
  return goInstall(keeper, { name: 'temporal-build', packages: [PACKAGE], folder, text, progress });
}
