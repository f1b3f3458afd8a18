import type { Entry, Recorded } from '../../workflows/messages/entry.ts';
import type { Db } from '../database.ts';
import { isUnwritable } from '../errors.ts';
import type { Query, Row } from '../statement.ts';
import type { Done, History, Step } from './history.ts';

/** Rolls the transaction back; the command's caller gets the code. `learnt` keeps what was found out on the way, in its own one. */
export class Refused extends Error {
  readonly code: string;
  readonly learnt: ((query: Query) => Promise<void>) | undefined;
  constructor(code: string, learnt?: (query: Query) => Promise<void>) {
    super(code);
    this.code = code;
    this.learnt = learnt;
  }
}

/** Rolls a rehearsal back, with what the record would have answered. */
class Rehearsed extends Error {
  readonly answer: Recorded<unknown, unknown>;
  constructor(answer: Recorded<unknown, unknown>) {
    super('rehearsed');
    this.answer = answer;
  }
}

/** A row as its workflow holds it. */
export interface Life {
  state: string;
  revision: number;
}

/** Input of a record: the row as decided, and the facts of the history row. */
export interface RowEntry<L extends Life> extends Entry<string> {
  row: L;
}

type Say = (facts: object, text: string) => void;

/** Dependencies for writing rows. */
export interface RecorderDeps {
  db: Db;
  log: { info: Say; warn: Say; error: Say };
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
  /** Counted when PostgreSQL refuses a value that no row can hold. */
  onDataRefused: (operation: string) => void;
}

/** What the stored request knows about a command; nothing when there is no request. */
export type Asker = { [Column in 'sub' | 'reason' | 'trace_id']: Row<'requests'>[Column] | null };

/** A locked row, with data of the stored request. */
export interface Locked extends Asker {
  revision: number;
}

/** How one kind of row is written to its table; the algorithm is the same for all kinds. */
export interface Projection<L extends Life, Outcome, Key extends unknown[], Held extends Locked, E extends RowEntry<L>> {
  history: History<L, Key>;
  keyOf: (row: L) => Key;
  /** The outcome for a repeat, from the row as it was. */
  outcomeOf: (row: L) => Outcome;
  lock: (query: Query, row: L, requestId: string) => Promise<Held | undefined>;
  /** Completes an entry before it is written, with what only the database can give. */
  complete?: (query: Query, entry: E) => Promise<E>;
  /** Another row's entry that stands or falls with this one: it is written in the same transaction. */
  withIt?: (entry: E) => E | undefined;
  /** Whether other rows stand on this step, so that it cannot be taken back when its workflow does not know of it. */
  isShared?: (step: Step<L>) => boolean;
  /** Writes `entry.row` into the row, with all dependent changes; throws Refused to roll everything back. */
  writeRow: (query: Query, entry: E, locked: Held) => Promise<void>;
  /** Writes a command that needs no transaction; null = nothing was written. */
  writePlain?: (entry: E) => Promise<WrittenPlain | null>;
}

/** Result of writing by one statement, with the X-Request-Id of the request. */
export interface WrittenPlain {
  traceId: string | null;
}

/**
 * All changes of a projected row go through this: row at revision + 1, history row and all dependent changes in one transaction. It
 * is safe to run again, late, or against a row that is ahead of its workflow (db/record/README.md).
 */
export function createRecorder<L extends Life, Outcome, Key extends unknown[], Held extends Locked, E extends RowEntry<L>>(
  { db, log, onRepair, onDataRefused }: RecorderDeps,
  projection: Projection<L, Outcome, Key, Held, E>,
) {
  const { history, keyOf, outcomeOf } = projection;

  const insertHistory = (query: Query, entry: E, { sub, reason }: Held): Promise<boolean> =>
    history.insert(query, keyOf(entry.row), entry, sub ?? entry.by ?? entry.actor, reason);

  /** Writes history and row; null when this request had done this command before. */
  const writeBoth = async (query: Query, given: E, locked: Held): Promise<Recorded<L, Outcome> | null> => {
    const entry = (await projection.complete?.(query, given)) ?? given;
    if (!(await insertHistory(query, entry, locked))) return null;
    await projection.writeRow(query, entry, locked);
    return entry.row === given.row ? {} : { row: entry.row };
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
    const plain = locked.revision === row.revision - 1 ? await writeBoth(query, entry, locked) : null;
    if (plain) return plain;
    const done = await history.done(query, keyOf(row), entry.requestId, entry.command);
    if (done?.refused || (done?.revision && done.revision < row.revision)) return repeat(done);
    const stored = done?.revision === row.revision ? done.snapshot : null;
    if (stored && locked.revision === row.revision) return { row: stored };
    const beyond = stored ? row.revision + 1 : row.revision;
    const kept = projection.isShared && (await history.stepsFrom(query, keyOf(row), beyond)).find(projection.isShared);
    if (kept) return stored ? { row: stored } : { missed: kept.snapshot };
    // The workflow is right: nobody was told about what the row has beyond it.
    if (!entry.rehearsal) onRepair(locked.revision >= row.revision ? 'ahead' : 'behind');
    await history.voidFrom(query, keyOf(row), beyond, stored ?? row);
    if (stored) {
      await projection.writeRow(query, { ...entry, row: stored }, locked);
      return { row: stored };
    }
    return (await writeBoth(query, entry, locked)) ?? {};
  };

  /** Locks the row and writes the entry, and then the one that stands or falls with it. */
  const writeAll = async (query: Query, entry: E): Promise<{ recorded: Recorded<L, Outcome>; traceId: string | null }> => {
    const other = projection.withIt?.(entry);
    const locked = await projection.lock(query, entry.row, other?.requestId ?? entry.requestId);
    if (!locked) throw new Error(`no row for ${keyOf(entry.row).join('/')}: run npm run rebuild`);
    const recorded = await write(query, entry, locked);
    if (other && !recorded.refused && !recorded.repeated && !recorded.missed) {
      const held = await projection.lock(query, other.row, other.requestId);
      const { refused, repeated, missed } = held ? await write(query, other, held) : { refused: 'LINE_NOT_FOUND' };
      if (refused || repeated || missed) throw new Refused(refused ?? 'REVISION_CONFLICT');
    }
    return { recorded, traceId: locked.trace_id };
  };

  return async (entry: E): Promise<Recorded<L, Outcome>> => {
    const { row, command, requestId } = entry;
    const facts = { key: keyOf(row).join('/'), command, requestId };
    try {
      const plain = entry.rehearsal ? null : await projection.writePlain?.(entry);
      if (plain) {
        log.info({ ...facts, reqId: plain.traceId, revision: row.revision }, 'recorded');
        return {};
      }
      return await db.transaction(async (query) => {
        const { recorded, traceId } = await writeAll(query, entry);
        if (entry.rehearsal) throw new Rehearsed(recorded);
        const { refused, missed } = recorded;
        log.info(
          { ...facts, reqId: traceId, revision: row.revision, refused, missed: missed?.revision },
          missed ? 'behind its row' : 'recorded',
        );
        return recorded;
      });
    } catch (error) {
      if (error instanceof Rehearsed) return error.answer as Recorded<L, Outcome>;
      if (error instanceof Refused) {
        if (error.learnt && !entry.rehearsal) await db.transaction(error.learnt);
        return { refused: error.code };
      }
      // The API lets none through, but a signal may be sent by hand, and retrying forever would block the row.
      if (isUnwritable(error)) {
        onDataRefused('record');
        log.error({ ...facts, err: error }, 'a command by hand holds what no row can: refused');
        return { refused: 'BAD_REQUEST' };
      }
      log.warn({ ...facts, err: error }, 'record failed, will be retried');
      throw error;
    }
  };
}
