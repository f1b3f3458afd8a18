import type { Logger } from 'pino';
import type { Db } from '../db/orm.ts';
import { createRecord } from './record.ts';

/** What every activity may use; one object, made once per worker. */
export interface ActivityDeps {
  db: Db;
  log: Logger;
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
}

/** All activities of the worker, with their dependencies given. */
export function createActivities(deps: ActivityDeps) {
  return { record: createRecord(deps) };
}

export type Activities = ReturnType<typeof createActivities>;
