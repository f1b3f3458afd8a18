import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { goneWithin, identify, isAlive, type ProcessIdentity, type Stoppable, sendSignal, stopInOrder } from './processes.ts';

/** What runs for one owner; the file with this record is also the owner's lock. */
export interface RunRecord {
  owner: ProcessIdentity;
  keeper?: ProcessIdentity;
  children?: (Stoppable & { name: string })[];
}

/** The file belongs to a living process. */
export class HeldByOther extends Error {
  override name = 'HeldByOther';
  readonly holder: ProcessIdentity;
  constructor(file: string, holder: ProcessIdentity) {
    super(`${file} is held by process ${holder.pid}: ${holder.command}`);
    this.holder = holder;
  }
}

/**
 * Makes this process the only owner of `file`, after stopping what a dead owner left running. Throws `HeldByOther` while another
 * owner is alive.
 */
export async function claimRunFile(file: string): Promise<ProcessIdentity> {
  const owner = identify(process.pid) ?? { pid: process.pid, startedAt: '', command: '' };
  for (;;) {
    if (createRecord(file, { owner })) return owner;
    const left = await readSettled(file);
    if (left && isAlive(left.owner)) throw new HeldByOther(file, left.owner);
    if (left) await stopLeftovers(left);
    takeAway(file);
  }
}

/** Replaces the whole record at once, so that a reader never sees half of it. */
export function writeRecord(file: string, record: RunRecord): void {
  const next = `${file}.${process.pid}.new`;
  writeFileSync(next, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(next, file);
}

/** Releases the claim; does nothing if the file is missing or has another owner by now. */
export function removeRecord(file: string, owner: ProcessIdentity): void {
  const record = readRecord(file);
  if (record?.owner.pid === owner.pid && record.owner.startedAt === owner.startedAt) rmSync(file, { force: true });
}

/** The record in the file; undefined if it is missing or incomplete. */
export function readRecord(file: string): RunRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRunRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function createRecord(file: string, record: RunRecord): boolean {
  try {
    writeFileSync(file, JSON.stringify(record, null, 2), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Reads again a file that may be between its creation and its first byte. */
async function readSettled(file: string): Promise<RunRecord | undefined> {
  const record = readRecord(file);
  if (record) return record;
  await sleep(200);
  return readRecord(file);
}

/** Renames before removing, and restores the file if another start has claimed it in between. */
function takeAway(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const taken = readRecord(aside);
  if (taken && isAlive(taken.owner)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

/** A keeper whose parent died is stopping its children itself: wait for that before stopping them from here. */
async function stopLeftovers({ keeper, children = [] }: RunRecord): Promise<void> {
  if (keeper && !(await goneWithin(keeper, 6_000))) sendSignal(keeper.pid, 'SIGKILL');
  await stopInOrder(children);
}

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isIdentity(value.owner)) return false;
  if (value.keeper !== undefined && !isIdentity(value.keeper)) return false;
  const { children } = value;
  return (
    children === undefined ||
    (Array.isArray(children) && children.every((child) => isObject(child) && isIdentity(child.identity)))
  );
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    isObject(value) && Number.isInteger(value.pid) && typeof value.startedAt === 'string' && typeof value.command === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
