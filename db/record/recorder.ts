import type { Entry, Recorded } from '../../workflows/messages/entry.ts';
import type { Db } from '../database.ts';
import type { Query, Row } from '../statement.ts';
import type { Done, History } from './history.ts';

/** The transaction is given back whole and the command's caller gets the code. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A row as its workflow holds it. */
export interface Life {
  state: string;
  revision: number;
}

/** What a workflow asks to be written: the row as decided, and the history row's facts. */
export interface RowEntry<L extends Life> extends Entry<string> {
  row: L;
}

type Say = (facts: object, text: string) => void;

/** What writing rows needs of the process. */
export interface RecorderDeps {
  db: Db;
  log: { info: Say; warn: Say; error: Say };
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
}

/** What the stored request knows of a command; nothing where no request is behind it. */
export type Asker = { [Column in 'sub' | 'reason' | 'trace_id']: Row<'requests'>[Column] | null };

/** A row under lock, with what the stored request knows. */
export interface Locked extends Asker {
  revision: number;
}

/** How one kind of row is kept in its table; the algorithm is the same for all. */
export interface Projection<L extends Life, Outcome, Key extends unknown[], Held extends Locked, E extends RowEntry<L>> {
  history: History<L, Key>;
  keyOf: (row: L) => Key;
  /** What a repeat is told of the row as it was. */
  outcomeOf: (row: L) => Outcome;
  lock: (query: Query, row: L, requestId: string) => Promise<Held | undefined>;
  /** Writes the row as `entry.row` says, with all that hangs on it; throws Refused to give everything back. */
  writeRow: (query: Query, entry: E, locked: Held) => Promise<void>;
  /** Writes what needs no transaction; null = nothing was written. */
  writePlain?: (entry: E) => Promise<WrittenPlain | null>;
}

/** Written by one statement; with the X-Request-Id of the request behind it. */
export interface WrittenPlain {
  traceId: string | null;
}

/**
 * The one door through which a projected row changes: row at revision + 1, history row and all that hangs on it in one
 * transaction. Safe to run again, late, or against a row that is ahead of its workflow (db/record/README.md).
 */
export function createRecorder<L extends Life, Outcome, Key extends unknown[], Held extends Locked, E extends RowEntry<L>>(
  { db, log, onRepair }: RecorderDeps,
  projection: Projection<L, Outcome, Key, Held, E>,
) {
  const { history, keyOf, outcomeOf } = projection;

  const insertHistory = (query: Query, entry: E, { sub, reason }: Held): Promise<boolean> =>
    history.insert(query, keyOf(entry.row), entry, sub ?? entry.by ?? entry.actor, reason);

  /** History and row together; false when this request had done this command before. */
  const writeBoth = async (query: Query, entry: E, locked: Held): Promise<boolean> => {
    if (!(await insertHistory(query, entry, locked))) return false;
    await projection.writeRow(query, entry, locked);
    return true;
  };

  const repeat = ({ refused, snapshot }: Done<L>): Recorded<L, Outcome> => {
    if (refused !== null) return { refused };
    if (snapshot === null) throw new Error('a history row without outcome');
    return { repeated: outcomeOf(snapshot) };
  };

  const write = async (query: Query, entry: E, locked: Held): Promise<Recorded<L, Outcome>> => {
    const { row } = entry;
    if (entry.refused !== undefined) {
      await insertHistory(query, entry, locked);
      return {};
    }
    if (locked.revision === row.revision - 1 && (await writeBoth(query, entry, locked))) return {};
    const done = await history.done(query, keyOf(row), entry.requestId, entry.command);
    if (done?.refused || (done?.revision && done.revision < row.revision)) return repeat(done);
    const stored = done?.revision === row.revision ? done.snapshot : null;
    if (stored && locked.revision === row.revision) return { row: stored };
    // The workflow is the truth: what the row has beyond it was never acknowledged to anybody.
    onRepair(locked.revision >= row.revision ? 'ahead' : 'behind');
    await history.voidFrom(query, keyOf(row), stored ? row.revision + 1 : row.revision);
    if (stored) {
      await projection.writeRow(query, { ...entry, row: stored }, locked);
      return { row: stored };
    }
    await writeBoth(query, entry, locked);
    return {};
  };

  return async (entry: E): Promise<Recorded<L, Outcome>> => {
    const { row, command, requestId } = entry;
    const facts = { key: keyOf(row).join('/'), command, requestId };
    try {
      const plain = await projection.writePlain?.(entry);
      if (plain) {
        log.info({ ...facts, reqId: plain.traceId, revision: row.revision }, 'recorded');
        return {};
      }
      return await db.transaction(async (query) => {
        const locked = await projection.lock(query, row, requestId);
        if (!locked) throw new Error(`no row for ${facts.key}: run npm run rebuild`);
        const written = await write(query, entry, locked);
        log.info({ ...facts, reqId: locked.trace_id, revision: row.revision, refused: written.refused }, 'recorded');
        return written;
      });
    } catch (error) {
      if (error instanceof Refused) return { refused: error.code };
      if (isUnwritable(error)) {
        log.error({ ...facts, err: error }, 'a command by hand holds what no row can: refused');
        return { refused: 'BAD_REQUEST' };
      }
      log.warn({ ...facts, err: error }, 'record failed, will be retried');
      throw error;
    }
  };
}

/**
 * Data that PostgreSQL will never take (classes 22 and 54, not null, check): the API lets none through, but a signal may come by hand.
 * Trying again for ever would freeze the row.
 */
const isUnwritable = (error: unknown) =>
  error instanceof Error && 'code' in error && /^(22...|54...|23502|23514)$/.test(String(error.code));
