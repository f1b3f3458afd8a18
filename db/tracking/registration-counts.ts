import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

type Registration = Row<'waybill_registrations'>;

/** The last attempt of each waybill that a run has tried. */
const lastOf = (runKey: string) => sql`(
  select distinct on (waybill_id) waybill_no, outcome, e_code, answer from waybill_registrations
   where run_key = ${runKey} order by waybill_id, id desc) last`;

/** How many waybills of a run had which outcome. */
export const countOutcomes = (query: Query, runKey: string) =>
  query(sql<Pick<Registration, 'outcome'> & { count: number }>`
    select outcome, count(*) as count from ${lastOf(runKey)} group by outcome`);

/** The waybills that a run did not register, and why. */
export const failingRegistrations = (query: Query, runKey: string, most: number) =>
  query(sql<Pick<Registration, 'waybill_no' | 'e_code'> & { reason: string | null }>`
    select waybill_no, e_code, answer->>'error' as reason from ${lastOf(runKey)} where outcome <> 'registered' limit ${most}`);
