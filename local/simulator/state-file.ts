import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parcelOptions } from './parcels/control-schemas.ts';
import { keyOf, type Parcel, type ParcelOptions } from './parcels/model.ts';

const SAVE_WITHIN_MS = 250;
/** The pause after a save, as a multiple of its duration: saving takes at most about one twentieth of the time. */
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
  /** Call this after every change; saves a little later. */
  changed: () => void;
  /** Saves unsaved changes now. */
  flush: () => void;
}

type Kept = { parcels: Map<string, Parcel>; options: Map<string, ParcelOptions> };

/** Fills `kept` from the file and keeps the file up to date. Without a path nothing is stored. */
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

/** Written to a new file that then replaces the old one, so that the file is always complete. */
function save(path: string, { parcels, options }: Kept): void {
  const beside = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, JSON.stringify({ parcels: [...parcels.values()], options: [...options] }));
  renameSync(beside, path);
}

/** An unusable file is moved aside, not overwritten. */
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
