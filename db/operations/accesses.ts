import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { build, named, type Query } from '../statement.ts';

export interface Access {
  sub: string;
  ip: string;
  route: string;
  subject: string;
  /** All numbers, if the answer is about many. */
  subjects: string[] | null;
  fields: string[];
  reason: string | null;
}

/** Records who is about to see whose personal data (개인정보 접속기록). */
export const insertAccess = (query: Query, access: Access) => query(build.insertInto('personal_data_accesses').values(access));

/** Deletes at most `most` access records older than `days` days, and returns how many. */
export async function deleteAccesses(query: Query, days: number, most: number): Promise<number> {
  const gone = sql<{ id: number }>`
    delete from personal_data_accesses where id in (
      select id from personal_data_accesses where at < now() - interval '1 day' * ${days} order by at, id limit ${most}) returning id`;
  return (await query(named('accesses-delete', gone))).length;
}

/** How many accesses to one subject a person may have within so many seconds. */
export interface AccessLimit {
  most: number;
  seconds: number;
}

/** Together with a hash of the person: the lock under which accesses are counted. */
const LIMIT_LOCK = 8_002;

/**
 * Records an access if the person has had fewer than `most` under this subject in the last `seconds`, whichever API recorded them; the
 * rows themselves are the count. Returns null when it is recorded, else how many seconds to wait: then nothing is. Counted under the
 * person's own lock, because searches sent at once would otherwise each see a count without the others. Whoever is over the limit
 * already is turned away before it, so that refused searches do not wait in line for it.
 */
export async function insertLimitedAccess(db: Db, access: Access, limit: AccessLimit): Promise<number | null> {
  const early = await waitOf(db.query, access, limit);
  if (early !== null) return early;
  return db.transaction(async (query) => {
    await query(sql`select pg_advisory_xact_lock(${LIMIT_LOCK}, hashtext(${access.sub}))`);
    const wait = await waitOf(query, access, limit);
    // now() would be the transaction's start, before it waited for the lock.
    if (wait === null)
      await query(build.insertInto('personal_data_accesses').values({ ...access, at: sql`statement_timestamp()` }));
    return wait;
  });
}

/** Seconds until the oldest of the last `most` accesses is long enough ago; null = there are fewer. */
async function waitOf(query: Query, { sub, subject }: Access, { most, seconds }: AccessLimit): Promise<number | null> {
  const [last] = await query(
    build
      .selectFrom('personal_data_accesses')
      .select(sql<number>`ceil(extract(epoch from at - statement_timestamp()) + ${seconds})::int`.as('wait'))
      .where('sub', '=', sub)
      .where('at', '>', sql<Date>`statement_timestamp() - make_interval(secs => ${seconds})`)
      .where('subject', '=', subject)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .offset(most - 1)
      .limit(1),
  );
  return last ? Math.max(1, last.wait) : null;
}
