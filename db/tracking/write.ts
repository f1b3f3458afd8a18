import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { build, type Query } from '../statement.ts';
import type { ExceptionRow } from './list.ts';

/** Who handles an exception, and why. */
export interface Act {
  by: string;
  reason: string | null;
}

/** Closes an exception by hand; a closed one stays unchanged. Returns it, or undefined when there is none. */
export async function resolveException({ query }: Db, id: number, act: Act): Promise<ExceptionRow | undefined> {
  await query(resolved(id, act).where('state', '=', 'open'));
  return found(query, id);
}

/**
 * Repeats what failed. A callback goes back to the relay, which closes the exception if it can act on it now, and counts it again
 * if not. A waybill that the tracker refused or is silent about is registered again by the next run, and its exception is closed;
 * another failure or more silence opens a new one. Returns the exception, or undefined when there is none.
 */
export async function replayException({ transaction }: Db, id: number, act: Act): Promise<ExceptionRow | undefined> {
  return transaction(async (query) => {
    const [row] = await query(one(id).forUpdate());
    if (!row || row.state === 'resolved') return row;
    if (row.journal_id !== null) {
      await query(
        build
          .updateTable('tracking_journal')
          .set({ processed_at: null, outcome: null, next_at: sql`now()`, replayed_by: act.by })
          .where('id', '=', row.journal_id)
          .where('processed_at', 'is not', null),
      );
      return row;
    }
    await query(
      build
        .updateTable('waybills')
        .set({ registered_at: null, registration_failures: 0, registration_refused_at: null, asked_at: null })
        .where('id', '=', row.waybill_id)
        .where('closed_at', 'is', null),
    );
    await query(resolved(id, act));
    return found(query, id);
  });
}

const one = (id: number) => build.selectFrom('tracking_exceptions').selectAll().where('id', '=', id);
const found = async (query: Query, id: number) => (await query(one(id)))[0];

const resolved = (id: number, { by, reason }: Act) =>
  build
    .updateTable('tracking_exceptions')
    .set({ state: 'resolved', resolved_by: by, resolved_at: sql`now()`, resolution: reason })
    .where('id', '=', id);
