import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { StuckWorkflow } from '../../db/operations/quarantines.ts';

/**
 * Workflows to be quarantined that PostgreSQL did not take: a file each, in the folder for temporary files, for the next worker on
 * this machine. A file is there only until PostgreSQL has its row.
 */
const left = z.object({
  workflowId: z.string(),
  workflowType: z.string(),
  runId: z.string(),
  /** The worker on which it did not return. */
  by: z.string(),
  /** ms since 1970. */
  until: z.number(),
});
export type Left = z.output<typeof left>;

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
/** One for each database, as several may be used from one machine. */
const folderOf = (databaseUrl: string) => join(tmpdir(), 'delivery-back-office-quarantine', hash(databaseUrl));
/** Each worker's own, as several of a machine may have the same workflow stuck. */
const fileOf = (databaseUrl: string, workflowId: string, by: string) =>
  join(folderOf(databaseUrl), `${hash(workflowId)}-${hash(by)}.json`);

export function leave(databaseUrl: string, { workflowId, workflowType, runId }: StuckWorkflow, by: string, forMs: number): void {
  mkdirSync(folderOf(databaseUrl), { recursive: true, mode: 0o700 });
  const file = fileOf(databaseUrl, workflowId, by);
  const text = JSON.stringify({ workflowId, workflowType, runId, by, until: Date.now() + forMs } satisfies Left);
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

export const takeAway = (databaseUrl: string, workflowId: string, by: string): void =>
  rmSync(fileOf(databaseUrl, workflowId, by), { force: true });

/** What was left; a file that cannot be read is no reason not to start. */
export function leftFiles(databaseUrl: string): Left[] {
  const folder = folderOf(databaseUrl);
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const found = left.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
        return found.success ? [found.data] : [];
      });
  } catch {
    return [];
  }
}
