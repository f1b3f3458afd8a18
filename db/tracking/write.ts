import { sql } from 'kysely';
import { Problem } from '../../domain/problems.ts';
import { build, instant, type Query } from '../statement.ts';
import type { ExceptionRow } from './list.ts';

/** Who handles an exception, why, and when the request was stored. */
export interface Act {
  by: string;
  reason: string | null;
  askedAt: string;
}

/**
 * Closes an exception by hand; a closed one stays unchanged. Returns it, or undefined when there is none. Throws SUPERSEDED when it
 * has happened again since the request: nobody has looked at that.
 */
export async function resolveException(query: Query, id: number, act: Act): Promise<ExceptionRow | undefined> {
  await query(resolved(id, act).where('state', '=', 'open').where('last_at', '<=', instant(act.askedAt)));
  const row = await found(query, id);
  if (row?.state === 'open') throw new Problem('SUPERSEDED');
  return row;
}

/**
 * Repeats what failed. A callback goes back to the relay at once, also one that waits for its next turn or is being judged, by what
 * was true before: that lease is over. The relay closes the exception if it can act on it now, and counts it again if not; pauses
 * begin anew. A waybill that the tracker refused or is silent about is registered again by the next run, and its exception is closed;
 * another failure or more silence opens a new one. Returns the exception, or undefined when there is none. To be called in a
 * transaction.
 */
export async function replayException(query: Query, id: number, act: Act): Promise<ExceptionRow | undefined> {
  const [row] = await query(one(id).forUpdate());
  if (!row || row.state === 'resolved') return row;
  if (row.journal_id !== null) {
    await query(
      build
        .updateTable('tracking_journal')
        .set({
          ...{ processed_at: null, outcome: null, next_at: sql`now()`, replayed_by: act.by },
          ...{ attempts: sql`attempts + 1`, attempts_before: sql`attempts + 1` },
        })
        .where('id', '=', row.journal_id),
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
}

const one = (id: number) => build.selectFrom('tracking_exceptions').selectAll().where('id', '=', id);
const found = async (query: Query, id: number) => (await query(one(id)))[0];

const resolved = (id: number, { by, reason }: Pick<Act, 'by' | 'reason'>) =>
  build
    .updateTable('tracking_exceptions')
    .set({ state: 'resolved', resolved_by: by, resolved_at: sql`now()`, resolution: reason })
    .where('id', '=', id);
