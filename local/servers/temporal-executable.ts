import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ChildSpec, Keeper } from '../keeper/keeper.ts';
import { claimRunFile, HeldByOther, removeRecord } from '../keeper/run-file.ts';

/** Later tags cannot be installed with `go install`, because they contain a `replace`. */
const VERSION = '1.5.1';
const PACKAGE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`;
/** Our use of updates needs this server. */
const OLDEST_SERVER = [1, 28] as const;
const DOWNLOAD_STALLED_MS = 20_000;
const TICK_MS = 5_000;

type Progress = (text: string) => void;

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
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'delivery-back-office', `temporal-${VERSION}`);
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
  return run(keeper, child, progress, () => `Temporal 내려받는 중 (${Math.round(seen / 1e6)} MB)`, stalled);
}

async function build(keeper: Keeper, folder: string, progress: Progress): Promise<string | undefined> {
  const go = onPath('go') ?? ['/usr/local/go/bin/go', '/opt/homebrew/bin/go'].find((file) => existsSync(file));
  if (!go) return 'go 명령이 없습니다';
  let packages = 0;
  const child = {
    name: 'temporal-build',
    command: go,
    args: ['install', '-v', PACKAGE],
    // A go.mod above the checkout, or the user's GOBIN, must have no effect.
    cwd: folder,
    env: { ...process.env, GOBIN: folder },
    onLine: () => {
      packages++;
    },
  };
  return run(
    keeper,
    child,
    progress,
    () => `Temporal 빌드 중, 처음 한 번만 3~4분 걸립니다 (패키지 ${packages}개)`,
    () => false,
  );
}

/** Runs a child to its end and reports progress every few seconds; returns its last lines if it failed, undefined otherwise. */
async function run(keeper: Keeper, spec: ChildSpec, progress: Progress, text: () => string, stalled: () => boolean) {
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    spec.onLine?.(line);
  };
  const started = performance.now();
  const child = await keeper.spawn({ ...spec, onLine });
  let exit: { code: number | null } | undefined;
  void child.exited.then((value) => {
    exit = value;
  });
  let saidAt = Number.NEGATIVE_INFINITY;
  while (!exit) {
    if (stalled()) {
      await child.stop(0);
      return `${DOWNLOAD_STALLED_MS / 1000}초 동안 받은 것이 없습니다`;
    }
    if (performance.now() - saidAt >= TICK_MS) {
      saidAt = performance.now();
      progress(`${text()}, ${Math.round((saidAt - started) / 1000)}초째`);
    }
    await Promise.race([child.exited, sleep(500)]);
  }
  return exit.code === 0 ? undefined : lines.slice(-4).join(' / ') || `종료 코드 ${exit.code}`;
}

/** Does the work while no other living process does it, and waits for one that does; a dead process's lock does not count. */
async function alone<T>(lock: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += 500) {
    try {
      const owner = await claimRunFile(lock);
      try {
        return await work();
      } finally {
        removeRecord(lock, owner);
      }
    } catch (error) {
      if (!(error instanceof HeldByOther)) throw error;
      if (waited % TICK_MS === 0)
        progress(`다른 시작(프로세스 ${error.holder.pid})이 Temporal을 마련하고 있습니다, ${waited / 1000}초째`);
      await sleep(500);
    }
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
