import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, renameSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromKeeper, SpawnRequest, ToKeeper } from './keeper.ts';
import { identify, type Stoppable, sendSignal, stopInOrder, stopOne } from './processes.ts';
import { readRecord, removeRecord, writeRecord } from './run-file.ts';

/*
 * The keeper's own program: `node children.ts RUN_FILE`, forked by keeper.ts into its own session, so that Ctrl-C does not reach
 * it. It starts the children its parent asks for; when the parent dies, it stops them and exits.
 */
interface Running extends Stoppable {
  name: string;
}

const LOG_ROTATE_BYTES = 10_000_000;

const runFile = process.argv[2] ?? '';
const claimed = readRecord(runFile);
if (!claimed) process.exit(1);
const { owner } = claimed;
const keeper = identify(process.pid);
const running = new Map<number, Running>();
const setpriv = findSetpriv();
let leaving = false;

process.on('message', (message) => {
  // Only keeper.ts of this folder can write into this pipe.
  const request = message as ToKeeper;
  switch (request.kind) {
    case 'spawn':
      try {
        start(request);
      } catch (error) {
        tell({ kind: 'notSpawned', id: request.id, message: String(error) });
      }
      break;
    case 'stop':
      void stop(request.id, request.graceMs);
      break;
    case 'leave':
      void leave();
      break;
    default:
      request satisfies never;
  }
});
process.once('disconnect', () => void leave());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave());
// After a failure here the children must be stopped, not left behind.
process.on('uncaughtException', (error) => {
  tell({ kind: 'failed', message: String(error) });
  void leave();
});
writeRun();
tell({ kind: 'ready' });

function start({ id, spec }: SpawnRequest): void {
  if (leaving) throw new Error('the keeper is leaving');
  const child = launch(spec);
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', (error) => tell({ kind: 'notSpawned', id, message: error.message }));
    return;
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => tell({ kind: 'line', id, line }));
  }
  const identity = identify(pid) ?? { pid, startedAt: '', command: spec.command };
  running.set(id, { name: spec.name, identity, stopSignal: spec.stopSignal, stopOrder: spec.stopOrder });
  writeRun();
  tell({ kind: 'spawned', id, pid });
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.once('exit', async (code, signal) => {
    sendSignal(-pid, 'SIGKILL');
    running.delete(id);
    writeRun();
    // The last lines are still in the pipes, and a process outside the group may keep those open.
    await Promise.race([closed, sleep(300)]);
    tell({ kind: 'exited', id, code, signal });
  });
}

function launch(spec: SpawnRequest['spec']): ChildProcess {
  const { env, cwd, uid, gid, logFile, stopSignal } = spec;
  if (isAbsolute(spec.command)) accessSync(spec.command, constants.X_OK);
  const [command, args] = setpriv
    ? [setpriv, [`--pdeathsig=${stopSignal}`, spec.command, ...spec.args]]
    : [spec.command, spec.args];
  const log = logFile === undefined ? undefined : openLog(logFile);
  try {
    const user = uid === undefined || gid === undefined ? {} : { uid, gid };
    return spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log ?? 'pipe', log ?? 'pipe'] });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** util-linux's `setpriv`, if installed: with it, Linux stops the children even when keeper and parent die at the same moment. */
function findSetpriv(): string | undefined {
  const candidates = process.platform === 'linux' ? ['/usr/bin/setpriv', '/bin/setpriv'] : [];
  return candidates.find((file) => spawnSync(file, ['--pdeathsig=SIGTERM', 'true']).status === 0);
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_ROTATE_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

async function stop(id: number, graceMs: number): Promise<void> {
  const child = running.get(id);
  if (child) await stopOne(child, graceMs);
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  await stopInOrder([...running.values()]);
  removeRecord(runFile, owner);
  process.exit(0);
}

function writeRun(): void {
  writeRecord(runFile, { owner, ...(keeper && { keeper }), children: [...running.values()] });
}

function tell(message: FromKeeper): void {
  if (process.connected) process.send?.(message);
}
