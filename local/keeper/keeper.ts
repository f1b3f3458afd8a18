import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { STOP_FIRST, sendSignal, stopInOrder } from './processes.ts';
import { claimRunFile, readRecord, removeRecord } from './run-file.ts';

/** What to start, and how to stop it. */
export interface ChildSpec {
  name: string;
  command: string;
  args?: string[];
  /** The child's whole environment; when absent, this process's. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number | undefined;
  gid?: number | undefined;
  /** Output is appended to this file; without it, every line goes to `onLine`. */
  logFile?: string;
  onLine?: (line: string) => void;
  /** SIGTERM by default. */
  stopSignal?: NodeJS.Signals;
  /** `STOP_FIRST` by default; `STOP_LAST` for servers that other children use. */
  stopOrder?: number;
}

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  name: string;
  pid: number;
  /** Resolves when the child has ended, for any reason; never rejects. */
  exited: Promise<ChildExit>;
  /** Sends the stop signal, after `graceMs` (3,000) SIGKILL to the whole process tree; resolves when the child is gone. */
  stop(graceMs?: number): Promise<ChildExit>;
}

/** A separate process that starts the children and stops them when this process dies, even by kill -9. */
export interface Keeper {
  pid: number;
  /** Resolves when the child runs; rejects when its command cannot be started. */
  spawn(spec: ChildSpec): Promise<Child>;
  /** Resolves when the keeper has died unexpectedly, after its children have been stopped. */
  lost: Promise<void>;
  /** Stops every child, in order, and then the keeper; takes less than 5 s. */
  stop(): Promise<void>;
}

/** The request for a child, as sent to the keeper. */
export interface SpawnRequest {
  kind: 'spawn';
  id: number;
  spec: Omit<ChildSpec, 'onLine'> & Required<Pick<ChildSpec, 'args' | 'env' | 'stopSignal' | 'stopOrder'>>;
}

export type ToKeeper = SpawnRequest | { kind: 'stop'; id: number; graceMs: number } | { kind: 'leave' };

export type FromKeeper =
  | { kind: 'ready' }
  | { kind: 'spawned'; id: number; pid: number }
  | { kind: 'notSpawned'; id: number; message: string }
  | { kind: 'line'; id: number; line: string }
  | ({ kind: 'exited'; id: number } & ChildExit)
  | { kind: 'failed'; message: string };

interface Pending {
  spec: ChildSpec;
  started: PromiseWithResolvers<number>;
  exited: PromiseWithResolvers<ChildExit>;
}

/**
 * Claims `runFile` (throws `HeldByOther` while its owner lives), stops what a killed owner left running, and forks the keeper,
 * which writes pid, start time and command of every child into that file.
 */
export async function startKeeper({ runFile }: { runFile: string }): Promise<Keeper> {
  mkdirSync(dirname(runFile), { recursive: true });
  const owner = await claimRunFile(runFile);
  const program = fileURLToPath(new URL('./children.ts', import.meta.url));
  const keeper = fork(program, [runFile], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const children = new Map<number, Pending>();
  let lastId = 0;
  let stopping = false;
  let failure = '';
  const ready = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  keeper.on('message', (message) => {
    // Sent by children.ts of this folder.
    const news = message as FromKeeper;
    if (news.kind === 'ready') ready.resolve();
    else if (news.kind === 'failed') failure = news.message;
    else deliver(news, children.get(news.id));
  });
  const ended = new Promise<void>((resolve) => {
    keeper.once('exit', () => resolve());
    // Also emitted for a message that could not be sent any more; the exit event follows then.
    keeper.on('error', (error) => {
      failure ||= String(error);
      if (keeper.pid === undefined) resolve();
    });
  });
  const gone = ended.then(async () => {
    // When the keeper has ended regularly, the record has no children left.
    await stopInOrder(readRecord(runFile)?.children ?? []);
    removeRecord(runFile, owner);
    const why = new Error(`the keeper of the child processes has ended ${failure}`.trim());
    ready.reject(why);
    // First the cause: a listener to both learns of the keeper's death before its children's.
    if (!stopping) lost.resolve();
    for (const child of children.values()) {
      child.started.reject(why);
      child.exited.resolve({ code: null, signal: 'SIGKILL' });
    }
  });
  await ready.promise;

  return {
    pid: keeper.pid ?? 0,
    lost: lost.promise,
    spawn: async (spec) => {
      const id = ++lastId;
      const pending: Pending = { spec, started: Promise.withResolvers(), exited: Promise.withResolvers() };
      children.set(id, pending);
      const { onLine: _, ...rest } = spec;
      const defaults = { args: [], env: process.env, stopSignal: 'SIGTERM', stopOrder: STOP_FIRST } as const;
      if (!keeper.connected) throw new Error(`${spec.name}: the keeper has ended`);
      say(keeper, { kind: 'spawn', id, spec: { ...defaults, ...rest, args: spec.args ?? [] } });
      const pid = await pending.started.promise;
      const stop = async (graceMs = 3_000): Promise<ChildExit> => {
        say(keeper, { kind: 'stop', id, graceMs });
        return pending.exited.promise;
      };
      return { name: spec.name, pid, exited: pending.exited.promise, stop };
    },
    stop: async () => {
      stopping = true;
      say(keeper, { kind: 'leave' });
      const timeout = new AbortController();
      const late = sleep(7_000, 'late', { signal: timeout.signal }).catch(() => '');
      if ((await Promise.race([gone, late])) === 'late') {
        stopping = false;
        sendSignal(keeper.pid ?? 0, 'SIGKILL');
      }
      timeout.abort();
      await gone;
    },
  };
}

function deliver(news: Exclude<FromKeeper, { kind: 'ready' | 'failed' }>, child: Pending | undefined): void {
  switch (news.kind) {
    case 'spawned':
      child?.started.resolve(news.pid);
      break;
    case 'notSpawned':
      child?.started.reject(new Error(`${child.spec.name}: ${news.message}`));
      break;
    case 'line':
      child?.spec.onLine?.(news.line);
      break;
    case 'exited':
      child?.exited.resolve({ code: news.code, signal: news.signal });
      break;
    default:
      news satisfies never;
  }
}

function say(keeper: ChildProcess, message: ToKeeper): void {
  if (keeper.connected) keeper.send(message);
}
