import { sql } from 'kysely';
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
