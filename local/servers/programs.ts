import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildSpec, Keeper } from '../keeper/keeper.ts';
import { claimRunFile, HeldByOther, removeRecord } from '../keeper/run-file.ts';

/*
 * How a program that npm does not have is made once per user: alone, with progress, and never left half written. Used for the
 * `temporal` CLI and for the full server.
 */
export type Progress = (text: string) => void;

const TICK_MS = 5_000;

/** A folder of the user's cache, which all checkouts share. */
export function cacheFolder(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'delivery-back-office', name);
}

/** The `go` command, also where its installers put it; undefined when there is none. */
export function goProgram(): string | undefined {
  return onPath('go') ?? ['/usr/local/go/bin/go', '/opt/homebrew/bin/go'].find((file) => existsSync(file));
}

export interface GoInstall {
  /** Of the process, in the keeper's file. */
  name: string;
  packages: string[];
  /** Gets the programs. */
  folder: string;
  /** Said while it builds, before the number of packages. */
  text: string;
  progress: Progress;
}

/** `go install` of exact versions into a folder; returns why it failed, undefined when it worked. */
export async function goInstall(keeper: Keeper, install: GoInstall): Promise<string | undefined> {
  const { name, packages, folder, text, progress } = install;
  const go = goProgram();
  if (!go) return 'go 명령이 없습니다';
  let built = 0;
  const child = {
    name,
    command: go,
    args: ['install', '-v', ...packages],
    // A go.mod above the checkout, or the user's GOBIN, must have no effect.
    cwd: folder,
    env: { ...process.env, GOBIN: folder },
    onLine: () => {
      built++;
    },
  };
  return runToEnd(keeper, child, { progress, text: () => `${text} (패키지 ${built}개)` });
}

export interface Watched {
  progress: Progress;
  text: () => string;
  /** Asked twice a second: why to give up now. */
  giveUp?: () => string | undefined;
}

/** Runs a child to its end and reports progress every few seconds; returns its last lines if it failed, undefined otherwise. */
export async function runToEnd(
  keeper: Keeper,
  spec: ChildSpec,
  { progress, text, giveUp }: Watched,
): Promise<string | undefined> {
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
    const why = giveUp?.();
    if (why !== undefined) {
      await child.stop(0);
      return why;
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
export async function alone<T>(lock: string, progress: Progress, work: () => Promise<T>): Promise<T> {
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

/** The path of a program on the PATH; undefined when it is on none of its folders. */
export function onPath(name: string): string | undefined {
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
