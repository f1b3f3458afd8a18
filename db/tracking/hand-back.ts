import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { Row } from '../statement.ts';

/**
 * The activity by which a workflow gives a scan back that no longer fits it: the relay judges the row again, by what is true now. It
 * may run before the relay has stored that the workflow was told: `attempts` goes up, so that the relay's lease is over and its
 * outcome is not stored. Rows that have become an exception or were kept since stay as they are, so a repeat changes nothing. A scan
 * that comes back again and again (a row that is ahead of its workflow) waits longer each time, up to ten minutes, counted anew from a replay.
 */
export function createHandBackScan({ db, log }: { db: Db; log: { info: (facts: object, text: string) => void } }) {
  return async function handBackScan({ journalId }: { journalId: number }): Promise<void> {
    const rows = await db.query(sql<Pick<Row<'tracking_journal'>, 'waybill_no'>>`
      update tracking_journal set processed_at = null, outcome = null, attempts = attempts + 1,
          next_at = now()
            + least(interval '1 second' * greatest(power(2, least(attempts - attempts_before, 10)) - 2, 0), interval '10 minutes')
       where id = ${journalId} and (processed_at is null or outcome = 'applied')
      returning waybill_no`);
    for (const { waybill_no: waybillNo } of rows) log.info({ journalId, waybillNo }, 'a scan no longer fits: judged again');
  };
}
