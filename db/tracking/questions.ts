import { sql } from 'kysely';
import { trackableCarriers } from '../../domain/carriers.ts';
import { build, named, type Query, type Row } from '../statement.ts';

/** Which lines a run may deliver: rows old enough not to be ahead of their workflows; untracked parcels after this many days. */
export interface DueSettings {
  rowAgeSeconds: number;
  untrackedAfterDays: number | null;
}

/** Line `l` under waybill `w` is old enough, and tracked or shipped long ago. */
const mayBeDelivered = ({ rowAgeSeconds, untrackedAfterDays }: DueSettings) => sql<boolean>`
  l.updated_at <= now() - interval '1 second' * ${rowAgeSeconds}
  and (w.carrier_code = any(${trackableCarriers}) or l.shipped_at < now() - interval '1 day' * ${untrackedAfterDays}::float8)`;

/** Line `l` is a parcel in transit under waybill `w`. */
const isParcelOf = sql<boolean>`
  l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code and l.state = 'shipped' and l.method_code = '10'`;

/** `asked` is text, because a Date would lose its microseconds and the next page continues after it. */
type OpenWaybill = Pick<Row<'waybills'>, 'id' | 'carrier_code' | 'waybill_no'> & { asked: string; shipped: number; due: number };

/**
 * A page of open waybills, those not asked about for the longest time first, each once per run that began at `before`. `shipped`
 * counts the parcels in transit, `due` those that this run may deliver.
 */
export const waybillsToAsk = (
  query: Query,
  { after: [asked, id], before, most, ...due }: { after: [string, number]; before: string; most: number } & DueSettings,
) =>
  query(sql<OpenWaybill>`
    select w.id, w.carrier_code, w.waybill_no, coalesce(w.asked_at, '-infinity')::text as asked, l.shipped, l.due
      from waybills w,
        lateral (select count(*) as shipped, count(*) filter (where ${mayBeDelivered(due)}) as due
                   from delivery_lines l where ${isParcelOf}) l
     where w.closed_at is null and w.settled_at is null and w.pickup_no is null
       and (coalesce(w.asked_at, '-infinity'), w.id) > (${asked}::timestamptz, ${id})
       and coalesce(w.asked_at, '-infinity') < ${before}::timestamptz
       and w.opened_at <= now() - interval '1 second' * ${due.rowAgeSeconds}
     order by coalesce(w.asked_at, '-infinity'), w.id limit ${most}`);

/**
 * Removes waybills without a shipped line from the queue of questions until `record` wakes them. In a transaction: locks them first
 * and then checks, so that a line that is joining is either seen here or wakes the waybill afterwards.
 */
export async function settleWaybills(query: Query, ids: number[]): Promise<void> {
  await query(sql`select id from waybills where id = any(${ids}) order by id for update`);
  await query(sql`
    update waybills w set settled_at = now()
     where w.id = any(${ids}) and not exists (select from delivery_lines l where ${isParcelOf})`);
}

/** Takes at most `wanted` of today's questions (Seoul) left of `quota`. In a transaction. */
export async function takeQuestions(query: Query, quota: number, wanted: number): Promise<number> {
  const rows = await query(sql<Row<'tracking_questions'>>`
    insert into tracking_questions (day, asked) values ((now() at time zone 'Asia/Seoul')::date, 0)
    on conflict (day) do update set asked = tracking_questions.asked returning day, asked`);
  const { day = '', asked = 0 } = rows[0] ?? {};
  const taken = Math.max(0, Math.min(wanted, quota - asked));
  await query(sql`update tracking_questions set asked = asked + ${taken} where day = ${day}::date`);
  return taken;
}

export type AskedOutcome = NonNullable<Row<'waybills'>['asked_outcome']>;

/** Stores the tracker's answer; a scan older than the waybill belongs to an earlier use of its number and changes nothing. */
export async function keepAnswer(query: Query, id: number, outcome: AskedOutcome, lastScanAt: string | null): Promise<void> {
  const isOfThisParcel = sql<boolean>`${lastScanAt}::timestamptz > opened_at - interval '1 day'`;
  await query(
    named(
      'waybill-asked',
      sql`
        update waybills set asked_at = now(), asked_outcome = ${outcome}, asked_scan_at = ${lastScanAt},
            ask_after = case when ${outcome} = 'limited' then date_trunc('day', now(), 'Asia/Seoul') + interval '1 day' end,
            moved_at = case when ${isOfThisParcel} then greatest(moved_at, ${lastScanAt}) else moved_at end,
            tracking_level = case when ${isOfThisParcel} then coalesce(tracking_level, 1) else tracking_level end
         where id = ${id}`,
    ),
  );
}

/** The tracker's answers about these waybills since a run began; the instant is text. */
export const answeredSince = (query: Query, ids: number[], since: string) =>
  query(
    build
      .selectFrom('waybills')
      .select(['id', 'asked_outcome', 'asked_scan_at'])
      .where(sql<boolean>`id = any(${ids})`)
      .where('asked_at', '>=', sql<Date>`${since}::timestamptz`),
  );

/** Those of these waybills that must not be asked about before tomorrow. */
export const restingWaybills = (query: Query, ids: number[]) =>
  query(
    build.selectFrom('waybills').select('id').where(sql<boolean>`id = any(${ids})`).where('ask_after', '>', sql<Date>`now()`),
  );

type ParcelLine = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'shipped_at'> & { waybill_id: number };

/** The lines with these waybills that a run may deliver. */
export const dueParcelLines = (query: Query, ids: number[], due: DueSettings) =>
  query(sql<ParcelLine>`
    select w.id as waybill_id, l.delivery_no, l.line_no, l.shipped_at from waybills w join delivery_lines l on ${isParcelOf}
     where w.id = any(${ids}) and w.closed_at is null and ${mayBeDelivered(due)}`);
