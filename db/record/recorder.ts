import type { Actor } from '../../domain/machine.ts';
import type { Db } from '../database.ts';
import type { Query } from '../statement.ts';

/** The transaction is given back whole and the command's caller gets the code. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What a workflow asks to be written: the row as decided, and the history row's facts. */
export interface Entry<Row> {
  row: Row;
  from: string;
  command: string;
  requestId: string;
  actor: Actor;
  by?: string | undefined;
  at: string;
  /** Set when the command was refused: a history row is written, the row is not. */
  refused?: string | undefined;
}

/** `row`/`repeated`: this request wrote this revision before / an earlier one. */
export interface Written<Row> {
  row?: Row;
  repeated?: Row;
  refused?: string;
}

type Say = (facts: object, text: string) => void;

/** What writing rows needs of the process. */
export interface RecorderDeps {
  db: Db;
  log: { info: Say; warn: Say; error: Say };
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
}

/** A row under lock, with what the stored request knows. */
export interface Locked {
  revision: number;
  sub: string | null;
  reason: string | null;
  trace_id: string | null;
}

/** How one kind of row is kept in its table; the algorithm is the same for all. */
export interface Projection<Row extends { revision: number; state: string }, L extends Locked, E extends Entry<Row>> {
  history: 'delivery_history' | 'pickup_history' | 'assembly_plan_history';
  /** Columns of the business key, in the order of `keyOf`. */
  keys: readonly string[];
  keyOf: (row: Row) => unknown[];
  lock: (query: Query, row: Row, requestId: string) => Promise<L | undefined>;
  /** Writes the row as `entry.row` says, with all that hangs on it; throws Refused to give everything back. */
  writeRow: (query: Query, entry: E, locked: L) => Promise<void>;
  /** Writes what needs no transaction; null = nothing was written. */
  writePlain?: (entry: E) => Promise<WrittenPlain | null>;
}

/** Written by one statement; with the X-Request-Id of the request behind it. */
export interface WrittenPlain {
  traceId: string | null;
}

interface Done<Row> {
  revision: number | null;
  refused: string | null;
  snapshot: Row | null;
}

/**
 * The one door through which a projected row changes: row at revision + 1, history row and all that hangs on it in one
 * transaction. Safe to run again, late, or against a row that is ahead of its workflow
 * (docs/architecture.md#what-can-go-wrong-between-two-stores).
 */
export function createRecorder<Row extends { revision: number; state: string }, L extends Locked, E extends Entry<Row>>(
  { db, log, onRepair }: RecorderDeps,
  projection: Projection<Row, L, E>,
) {
  const { history, keys, keyOf } = projection;
  const mine = keys.map((column, at) => `${column} = $${at + 1}`).join(' and ');
  const n = keys.length;
  const marks = Array.from({ length: n + 10 }, (_, at) => `$${at + 1}`).join(', ');
  const insertSql = `insert into ${history} (${keys.join(', ')}, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot)
    values (${marks}) on conflict do nothing returning id`;
  const doneSql = `select revision, refused, snapshot from ${history}
    where ${mine} and request_id = $${n + 1} and command = $${n + 2} and voided_at is null`;
  const voidSql = `update ${history} set voided_at = now() where ${mine} and revision >= $${n + 1} and voided_at is null`;

  const insertHistory = async (query: Query, entry: E, locked: L): Promise<boolean> => {
    const { row, refused } = entry;
    const inserted = await query(
      insertSql,
      [
        ...keyOf(row),
        entry.at,
        locked.sub ?? entry.by ?? entry.actor,
        entry.command,
        entry.from,
        row.state,
        refused === undefined ? row.revision : null,
        locked.reason,
        refused ?? null,
        entry.requestId,
        refused === undefined ? JSON.stringify(row) : null,
      ],
      `${history}-insert`,
    );
    return inserted.length > 0;
  };

  const alreadyDone = async (query: Query, { row, requestId, command }: E): Promise<Done<Row> | undefined> =>
    (await query<Done<Row>>(doneSql, [...keyOf(row), requestId, command]))[0];

  /** History and row together; false when this request had done this command before. */
  const writeBoth = async (query: Query, entry: E, locked: L): Promise<boolean> => {
    if (!(await insertHistory(query, entry, locked))) return false;
    await projection.writeRow(query, entry, locked);
    return true;
  };

  const repeat = ({ refused, snapshot }: Done<Row>): Written<Row> => {
    if (refused !== null) return { refused };
    if (snapshot === null) throw new Error('a history row without outcome');
    return { repeated: snapshot };
  };

  const write = async (query: Query, entry: E, locked: L): Promise<Written<Row>> => {
    const { row } = entry;
    if (entry.refused !== undefined) {
      await insertHistory(query, entry, locked);
      return {};
    }
    if (locked.revision === row.revision - 1 && (await writeBoth(query, entry, locked))) return {};
    const done = await alreadyDone(query, entry);
    if (done?.refused || (done?.revision && done.revision < row.revision)) return repeat(done);
    const stored = done?.revision === row.revision ? done.snapshot : null;
    if (stored && locked.revision === row.revision) return { row: stored };
    // The workflow is the truth: what the row has beyond it was never acknowledged to anybody.
    onRepair(locked.revision >= row.revision ? 'ahead' : 'behind');
    await query(voidSql, [...keyOf(row), stored ? row.revision + 1 : row.revision]);
    if (stored) {
      await projection.writeRow(query, { ...entry, row: stored }, locked);
      return { row: stored };
    }
    await writeBoth(query, entry, locked);
    return {};
  };

  return async (entry: E): Promise<Written<Row>> => {
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
