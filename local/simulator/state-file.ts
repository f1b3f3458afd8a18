import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parcelOptions } from './parcels/control-schemas.ts';
import { keyOf, type Parcel, type ParcelOptions } from './parcels/model.ts';

const SAVE_WITHIN_MS = 250;
/** Saving takes at most one twentieth of the time, however many parcels there are. */
const PAUSE_PER_SAVE = 20;

const state = z.object({
  parcels: z.array(
    z.object({
      code: z.string(),
      num: z.string(),
      registration: z.object({ fid: z.string(), callbackUrl: z.string(), at: z.number() }).nullable(),
      strangers: z.boolean(),
      moves: z.boolean(),
      scans: z.array(
        z.object({
          level: z.number(),
          at: z.number(),
          where: z.string().optional(),
          pushed: z.enum(['none', 'pending', 'acknowledged', 'gaveUp']),
        }),
      ),
    }),
  ),
  options: z.array(z.tuple([z.string(), parcelOptions])),
});

export interface StateFile {
  /** To be called after every change; saves a little later. */
  changed: () => void;
  /** Saves now what is not saved yet. */
  flush: () => void;
}

type Kept = { parcels: Map<string, Parcel>; options: Map<string, ParcelOptions> };

/** Fills `kept` from the file and keeps the file up to date. Without a path nothing is kept. */
export function openStateFile(path: string | undefined, kept: Kept): StateFile {
  if (path === undefined) return { changed: () => {}, flush: () => {} };
  load(path, kept);
  let timer: NodeJS.Timeout | undefined;
  let pause = SAVE_WITHIN_MS;
  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const started = performance.now();
    save(path, kept);
    pause = Math.max(SAVE_WITHIN_MS, PAUSE_PER_SAVE * (performance.now() - started));
  };
  return { changed: () => (timer ??= setTimeout(flush, pause)), flush };
}

/** Whole or not at all: written beside it, then renamed over it. */
function save(path: string, { parcels, options }: Kept): void {
  const beside = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, JSON.stringify({ parcels: [...parcels.values()], options: [...options] }));
  renameSync(beside, path);
}

/** A file that cannot be used is put aside, not overwritten. */
function load(path: string, { parcels, options }: Kept): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  try {
    const read = state.parse(JSON.parse(text));
    for (const parcel of read.parcels) parcels.set(keyOf(parcel.code, parcel.num), parcel);
    for (const [num, each] of read.options) options.set(num, each);
  } catch {
    renameSync(path, `${path}.unusable`);
    console.error(`${path}를 읽을 수 없어 ${path}.unusable로 옮겨 두고 빈 상태로 시작합니다`);
  }
}
