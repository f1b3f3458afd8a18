import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Identifies a process even if a later one gets the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot on Linux, `ps`'s start date elsewhere. */
  startedAt: string;
  command: string;
}

/** What is needed to stop a child, even by a process that did not start it. */
export interface Stoppable {
  identity: ProcessIdentity;
  stopSignal: NodeJS.Signals;
  /** Lower numbers stop first, equal ones together. */
  stopOrder: number;
}

/** Stages of a stop: the programs that use the servers stop before the servers. */
export const STOP_FIRST = 0;
export const STOP_LAST = 1;

/** Two stages of this length keep a whole stop below five seconds. */
const STAGE_MS = 2_200;
const POLL_MS = 20;

interface ProcessRow extends ProcessIdentity {
  parent: number;
}

const onLinux = process.platform === 'linux';

/** The process with this pid; undefined if there is none (a zombie does not count). */
export function identify(pid: number): ProcessIdentity | undefined {
  const row = look(pid);
  return row && { pid: row.pid, startedAt: row.startedAt, command: row.command };
}

/**
 * True while the very same process runs. `exec` may remove a prefix of the command (setpriv … postgres) but keeps the start time;
 * a process that was identified in the middle of its `exec` had no command yet.
 */
export function isAlive({ pid, startedAt, command }: ProcessIdentity): boolean {
  const row = look(pid);
  return row !== undefined && row.startedAt === startedAt && (command === '' || command.endsWith(row.command));
}

/** The parent of a pid, undefined when the process is gone. */
export function parentOf(pid: number): number | undefined {
  return look(pid)?.parent;
}

/** Every process below this pid, including those in a session of their own, like PostgreSQL's backends. */
export function descendants(pid: number): ProcessIdentity[] {
  const rows = lookAtAll();
  const found: ProcessRow[] = [];
  const below = (parent: number): void => {
    for (const row of rows) {
      if (row.parent !== parent) continue;
      found.push(row);
      below(row.pid);
    }
  };
  below(pid);
  return found;
}

/** Sends a signal to a pid, or to a group if negative; false when there is no such process. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Stops everything, stage by stage: the stop signal, and after `STAGE_MS` SIGKILL to group and descendants. Never rejects. */
export async function stopInOrder(children: readonly Stoppable[]): Promise<void> {
  for (const order of [...new Set(children.map((child) => child.stopOrder))].sort((a, b) => a - b)) {
    await Promise.all(children.filter((child) => child.stopOrder === order).map((child) => stopOne(child, STAGE_MS)));
  }
}

/** Stops one child: its stop signal, and SIGKILL to its group and descendants if it is still running after `graceMs`. */
export async function stopOne({ identity, stopSignal }: Stoppable, graceMs: number): Promise<void> {
  if (isAlive(identity)) sendSignal(identity.pid, stopSignal);
  if (!(await goneWithin(identity, graceMs))) killTree(identity);
  await goneWithin(identity, 1_000);
}

/** SIGKILL to a child, its group and its descendants in sessions of their own. */
export function killTree(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return;
  const below = descendants(identity.pid);
  sendSignal(-identity.pid, 'SIGKILL');
  sendSignal(identity.pid, 'SIGKILL');
  for (const each of below) if (isAlive(each)) sendSignal(each.pid, 'SIGKILL');
}

/** Waits until a process is gone; false if it is still running after `ms`. */
export async function goneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function look(pid: number): ProcessRow | undefined {
  return onLinux ? lookInProc(pid) : lookWithPs(['-p', String(pid)])[0];
}

function lookAtAll(): ProcessRow[] {
  if (!onLinux) return lookWithPs(['-A']);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => lookInProc(Number(pid)) ?? []);
}

function lookInProc(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain blanks; state is the first field after it, the start time the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    const startedAt = fields[19];
    if (state === undefined || startedAt === undefined || 'ZX'.includes(state)) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, startedAt, command, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function lookWithPs(selection: string[]): ProcessRow[] {
  const args = ['-ww', '-o', 'pid=,ppid=,state=,lstart=,command=', ...selection];
  try {
    const listing = execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' });
    return listing.split('\n').flatMap((line) => {
      const match = /^\s*(\d+)\s+(\d+)\s+([^\sZ]\S*)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
      if (!match) return [];
      const [, pid, parent, , startedAt = '', command = ''] = match;
      return { pid: Number(pid), parent: Number(parent), startedAt, command: command.trim() };
    });
  } catch {
    // ps answers with an error when there is no such process.
    return [];
  }
}
