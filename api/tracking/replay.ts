import type { ExceptionRow } from '../../db/tracking/exceptions.ts';
import type { ApiDeps } from '../http/deps.ts';

/** Who acts on an exception, and why. */
export interface Act {
  by: string;
  reason: string | null;
}

/** Closes an exception by hand; one that is closed stays as it is. Answers it, or undefined when there is none. */
export async function resolve({ db }: ApiDeps, id: number, { by, reason }: Act): Promise<ExceptionRow | undefined> {
  await db.query(
    `update tracking_exceptions set state = 'resolved', resolved_by = $2, resolved_at = now(), resolution = $3
      where id = $1 and state = 'open'`,
    [id, by, reason],
  );
  return found(db.query, id);
}

/**
 * Tries again what had failed. A callback goes back to the relay: it closes the exception when it can act on it now, and counts
 * it once more when it cannot. A waybill that the tracker would not take, or says nothing about, is registered anew by the next
 * run, and its exception is closed: the next failure, or more silence, opens another. Answers the exception, or undefined when there is none.
 */
export async function replay({ db }: ApiDeps, id: number, act: Act): Promise<ExceptionRow | undefined> {
  return db.transaction(async (query) => {
    const rows = await query<ExceptionRow>('select * from tracking_exceptions where id = $1 for update', [id]);
    const [row] = rows;
    if (!row || row.state === 'resolved') return row;
    if (row.journal_id !== null) {
      await query(
        `update tracking_journal set processed_at = null, outcome = null, attempts = 0, next_at = now(), replayed_by = $2
          where id = $1 and processed_at is not null`,
        [row.journal_id, act.by],
      );
      return row;
    }
    await query(
      `update waybills set registered_at = null, registration_failures = 0, registration_refused_at = null, asked_at = null
        where id = $1 and closed_at is null`,
      [row.waybill_id],
    );
    await query(
      `update tracking_exceptions set state = 'resolved', resolved_by = $2, resolved_at = now(), resolution = $3 where id = $1`,
      [id, act.by, act.reason],
    );
    return found(query, id);
  });
}

const found = async (query: ApiDeps['db']['query'], id: number) =>
  (await query<ExceptionRow>('select * from tracking_exceptions where id = $1', [id]))[0];
