import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import { queryWorkflow } from '../../commands/workflow-calls.ts';
import type { Db } from '../../db/database.ts';
import type { Query } from '../../db/statement.ts';
import { STATE_QUERY } from '../../workflows/messages/names.ts';

const AT_ONCE = 16;
/** A command may be between its workflow and its row, so only what still differs after this time is a difference. */
const SETTLE_MS = 2_000;
const DESCRIBE_MS = 10_000;
/** So many rows whose workflow did not answer are asked once more; a worker that has just started has others to begin first. */
const MOST_SILENT = 10_000;

export interface RebuildOptions {
  db: Db;
  client: Client;
  dryRun: boolean;
  /** Only rows written at or after this time; absent = all. */
  changedSince?: Date | undefined;
  print: (text: string) => void;
}

/** One kind of projected row, for rebuild. `Key` identifies a row, `Row` is what its workflow holds. */
export interface Rebuildable<Key, Row extends { state: string; revision: number; finishedAt: string | null }> {
  /** The next keys after this one, in order; empty at the end. */
  page: (query: Query, page: { after: Key | undefined; changedSince?: Date | undefined }) => Promise<Key[]>;
  name: (key: Key) => string;
  workflowId: (key: Key) => string;
  /** The row in the table; `started` false = the sweep has still to start its workflow. */
  shown: (query: Query, key: Key) => Promise<{ row: Row; started: boolean } | undefined>;
  /** The last state in the history. */
  recorded: (query: Query, key: Key) => Promise<Row | undefined>;
  /** Writes `truth` into the row; `missing` = there is no row. */
  write: (query: Query, key: Key, truth: Row, missing: boolean) => Promise<void>;
  /** A row as it is now, of one that a workflow of an earlier version holds; absent = it is the same. */
  whole?: (row: Row) => Row;
  /** Starts a workflow again from its last recorded state, because its run was lost. */
  restart: (row: Row) => Promise<void>;
}

/** The correct content of a row, and where it comes from. */
type Truth<Row> =
  | { from: 'workflow' | 'history'; row: Row }
  | { from: 'nobody'; why: string; recorded: Row | undefined; lost: boolean };

/** Compares every row with its running workflow, or a finished one with its history, and repairs differences. */
export async function rebuildRows<Key, Row extends { state: string; revision: number; finishedAt: string | null }>(
  { db, client, dryRun, changedSince, print }: RebuildOptions,
  kind: Rebuildable<Key, Row>,
) {
  const counts = { examined: 0, repaired: 0, unrepaired: 0 };
  const limit = pLimit(AT_ONCE);

  /** For a finished row the history is right, for any other its workflow. */
  const truthOf = async (key: Key): Promise<Truth<Row>> => {
    const recorded = await kind.recorded(db.query, key);
    if (recorded?.finishedAt) return { from: 'history', row: recorded };
    const workflowId = kind.workflowId(key);
    const nobody = (why: string, lost: boolean): Truth<Row> => ({ from: 'nobody', why, recorded, lost });
    const gone = () => nobody('it has no workflow though it is not finished', true);
    try {
      const describe = () => client.workflow.getHandle(workflowId).describe();
      const { status } = await client.withDeadline(Date.now() + DESCRIBE_MS, describe);
      if (status.name !== 'RUNNING') return nobody(`its workflow has ended as ${status.name} though it is not finished`, true);
      const held = await queryWorkflow<Row>(client, workflowId, STATE_QUERY);
      if (held === undefined) return gone();
      return { from: 'workflow', row: kind.whole?.(held) ?? held };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return gone();
      return nobody('its workflow does not answer', false);
    }
  };

  const look = async (key: Key) => {
    const truth = await truthOf(key);
    const shown = await kind.shown(db.query, key);
    const same = truth.from !== 'nobody' && shown !== undefined && isDeepStrictEqual(shown.row, truth.row);
    return { truth, shown, same };
  };

  const rebuild = async (key: Key): Promise<'same' | 'repaired' | 'unrepaired' | 'silent'> => {
    if ((await look(key)).same) return 'same';
    await sleep(SETTLE_MS);
    const { truth, shown, same } = await look(key);
    if (same || shown?.started === false) return 'same';
    const name = kind.name(key);
    if (truth.from === 'nobody') {
      if (!truth.lost) return 'silent';
      const last = truth.recorded ?? shown?.row;
      const restarts = last !== undefined;
      print(`${name}: ${truth.why}${restarts ? `: started anew at ${last.state}, revision ${last.revision}` : ''}`);
      if (!restarts) return 'unrepaired';
      if (!dryRun) await kind.restart(last);
      return 'repaired';
    }
    print(`${name}: ${difference(shown?.row, truth.row)} (by its ${truth.from})`);
    if (!dryRun) await db.transaction((query) => kind.write(query, key, truth.row, shown === undefined));
    return 'repaired';
  };

  /** Counts how these rows ended; returns those whose workflow did not answer. */
  const rebuildAll = async (keys: Key[]): Promise<Key[]> => {
    const outcomes = await Promise.all(keys.map((key) => limit(() => rebuild(key))));
    for (const outcome of outcomes) if (outcome === 'repaired' || outcome === 'unrepaired') counts[outcome]++;
    return keys.filter((_, at) => outcomes[at] === 'silent');
  };
  const leave = (keys: Key[]) => {
    for (const key of keys) print(`${kind.name(key)}: its workflow does not answer`);
    counts.unrepaired += keys.length;
  };

  let silent: Key[] = [];
  let after: Key | undefined;
  do {
    const keys = await kind.page(db.query, { after, changedSince });
    const found = await rebuildAll(keys);
    leave(found.splice(Math.max(0, MOST_SILENT - silent.length)));
    silent.push(...found);
    counts.examined += keys.length;
    after = keys.at(-1);
  } while (after !== undefined);
  while (silent.length > 0) {
    const still = await rebuildAll(silent);
    // Nobody of them has begun to answer: it is not the worker's other work that they wait for.
    if (still.length === silent.length) {
      leave(still);
      break;
    }
    silent = still;
  }
  return counts;
}

function difference<Row extends object>(shown: Row | undefined, truth: Row & { revision: number }): string {
  if (!shown) return `row missing, written anew at revision ${truth.revision}`;
  const fields = (Object.keys(truth) as (keyof Row & string)[]).filter((field) => !isDeepStrictEqual(shown[field], truth[field]));
  return fields.map((field) => `${field} ${JSON.stringify(shown[field])} → ${JSON.stringify(truth[field])}`).join(', ');
}
