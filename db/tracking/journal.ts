import { type RawBuilder, sql } from 'kysely';
import { type Awaiting, type ExceptionKind, levelName, MOVING_LEVEL } from '../../domain/tracking.ts';
import type { Db } from '../database.ts';
import { build, named, type Query, type Row } from '../statement.ts';
import { raiseException } from './raise-exception.ts';

/** A row of the journal, with the columns that the relay needs. */
export type JournalRow = Pick<
  Row<'tracking_journal'>,
  'id' | 'fid' | 'waybill_no' | 'level' | 'scanned_at' | 'received_at' | 'replayed_by' | 'attempts'
>;

/** Locks rows that are due. Rows of a relay that died are available again after 30 seconds. */
export function leaseRows({ query }: Db, most: number): Promise<JournalRow[]> {
  const lease = sql<JournalRow>`
    update tracking_journal set attempts = attempts + 1, next_at = now() + interval '30 seconds'
     where id in (select id from tracking_journal where processed_at is null and next_at <= now()
                   order by next_at limit ${most} for update skip locked)
    returning id, fid, waybill_no, level, scanned_at, received_at, replayed_by, attempts`;
  return query(named('journal-lease', lease));
}

/** A line or a pickup that waits for the parcel. */
export interface Carrier extends Awaiting {
  carrierCode: string;
  waybillNo: string;
  deliveryNo: string | null;
  lineNo: number | null;
  pickupNo: string | null;
}

/** What the database knows about the number and the waybill of a callback. */
export interface Known {
  id: number;
  delivery_no: string | null;
  pickup_no: string | null;
  /** Of the waybill that this number has or had; null = it never had it. */
  carrier_code: string | null;
  /** The open waybill; null = nothing has it now. */
  waybill_id: number | null;
  called_off: boolean;
  /** Everything that waits for the parcel of the open waybill. */
  awaiting: Carrier[];
}

const msOf = (at: RawBuilder<unknown>) => sql`extract(epoch from ${at}) * 1000`;

/**
 * A waybill belongs to the number that claimed it, or (합포장) to one whose line has it. One statement, because a line that is undone
 * between two would neither wait for its parcel nor be called off, and its movement would be forgotten.
 */
export function knownOf({ query }: Db, rows: JournalRow[]): Promise<Known[]> {
  const known = sql<Known>`
    select j.id, d.delivery_no, p.pickup_no, own.carrier_code, w.id as waybill_id,
           w.id is null and coalesce(p.state = 'withdrawn', exists (
             select from delivery_lines l where l.delivery_no = j.fid and l.shipped_at is null and exists (
               select from delivery_history h where h.delivery_no = l.delivery_no and h.line_no = l.line_no
                  and h.snapshot ->> 'waybillNo' = j.waybill_no and h.voided_at is null))) as called_off,
           waiting.awaiting
      from tracking_journal j
      left join deliveries d on d.delivery_no = j.fid
      left join pickups p on p.pickup_no = j.fid
      left join lateral (
        select o.carrier_code from (
          select carrier_code, id from waybills where waybill_no = j.waybill_no and (delivery_no = j.fid or pickup_no = j.fid)
          union all
          select carrier_code, 0 from delivery_lines where delivery_no = j.fid and waybill_no = j.waybill_no) o
         where j.carrier_code is null or o.carrier_code = j.carrier_code order by o.id desc limit 1) own on true
      left join waybills w on w.waybill_no = j.waybill_no and w.carrier_code = own.carrier_code and w.closed_at is null
      cross join lateral (
        select coalesce(jsonb_agg(to_jsonb(a)), '[]') as awaiting from (
          select w.carrier_code as "carrierCode", w.waybill_no as "waybillNo", l.delivery_no as "deliveryNo", l.line_no as "lineNo",
                 null as "pickupNo", l.tracking_level as seen, ${msOf(sql`l.shipped_at`)} as since
            from delivery_lines l
           where l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code and l.state = 'shipped' and l.finished_at is null
           union all
          select w.carrier_code, w.waybill_no, null, null, c.pickup_no, c.tracking_level, ${msOf(sql`c.instructed_at`)}
            from pickups c
           where c.waybill_no = w.waybill_no and c.carrier_code = w.carrier_code and c.state = 'instructed' and c.finished_at is null) a) waiting
     where j.id = any(${rows.map(({ id }) => id)})`;
  return query(named('journal-known', known));
}

/** Outcome of a row: `applied` = a workflow was signaled, `kept` = in the timeline only, or why a person has to look. */
export interface Done {
  row: JournalRow;
  known: Known;
  outcome: 'applied' | 'kept' | ExceptionKind;
  /** The waybill's level and last movement are set from this scan. */
  moves: boolean;
}

/**
 * Stores the outcomes of rows, with their exceptions. A row whose lease is over is left alone: another relay has it, or a workflow
 * has handed the scan back.
 */
export async function finishRows(db: Db, done: Done[]): Promise<void> {
  await moveWaybills(db, done);
  await db.transaction(async (query) => {
    const finish = sql<{ id: number }>`
      update tracking_journal j set processed_at = now(), outcome = d.outcome
        from unnest(${done.map(({ row }) => row.id)}::bigint[], ${done.map(({ row }) => row.attempts)}::integer[],
                    ${done.map(({ outcome }) => outcome)}::text[]) as d (id, attempts, outcome)
       where j.id = d.id and j.attempts = d.attempts and j.processed_at is null returning j.id`;
    const finished = await query(named('journal-finish', finish));
    const ours = new Set(finished.map(({ id }) => id));
    for (const each of done.filter(({ row }) => ours.has(row.id))) {
      if (each.outcome !== 'applied' && each.outcome !== 'kept') await raise(query, each, each.outcome);
      else if (each.row.replayed_by !== null) await resolveReplayed(query, each.row);
    }
  });
}

/** Postpones rows: 1 s, 2 s, 4 s … 10 s, counted anew from a replay. Those of a lease that is over stay as they are. */
export async function putOff({ query }: Db, rows: Pick<JournalRow, 'id' | 'attempts'>[]): Promise<void> {
  await query(sql`
    update tracking_journal j
       set next_at = now() + least(interval '1 second' * power(2, least(j.attempts - j.attempts_before - 1, 10)), interval '10 seconds')
      from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ attempts }) => attempts)}::integer[]) as l (id, attempts)
     where j.id = l.id and j.attempts = l.attempts and j.processed_at is null`);
}

/** One statement per waybill, because `record` locks several of them in its own order. */
async function moveWaybills({ query }: Db, done: Done[]): Promise<void> {
  const moving = Map.groupBy(
    done.filter(({ moves, row }) => moves && row.level > 0),
    ({ known }) => known.waybill_id,
  );
  for (const [id, scans] of moving) {
    const level = Math.max(...scans.map(({ row }) => row.level));
    const movedAt = Math.max(...scans.map(({ row }) => (row.level >= MOVING_LEVEL ? row.received_at.getTime() : 0)));
    const moved = movedAt === 0 ? null : new Date(movedAt);
    await query(sql`
      with moved as (
        update waybills set tracking_level = greatest(tracking_level, ${level}), moved_at = greatest(moved_at, ${moved})
         where id = ${id} returning id)
      update tracking_exceptions e set state = 'resolved', resolved_by = 'tracker', resolved_at = now()
        from moved where e.waybill_id = moved.id and e.kind in ('no-first-scan', 'not-moving') and e.state = 'open'
         and ${moved !== null}`);
  }
}

function raise(query: Query, { row, known }: Done, kind: ExceptionKind): Promise<void> {
  const scanned = new Date(row.scanned_at.getTime() + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  return raiseException(query, {
    kind,
    fid: row.fid,
    deliveryNo: known.delivery_no,
    pickupNo: known.pickup_no,
    carrierCode: known.carrier_code,
    waybillNo: row.waybill_no,
    reason: `${levelName(row.level)} ${scanned}`,
    journalId: row.id,
  });
}

const resolveReplayed = (query: Query, { id, replayed_by }: JournalRow) =>
  query(
    build
      .updateTable('tracking_exceptions')
      .set({ state: 'resolved', resolved_by: replayed_by, resolved_at: sql`now()` })
      .where('journal_id', '=', id)
      .where('state', '=', 'open'),
  );

/** How many rows wait, counted up to `most`, and the age of the oldest in seconds. */
export async function waitingRows({ query }: Db, most = 100_000): Promise<{ count: number; age: number }> {
  const [row] = await query(sql<{ count: number; age: number }>`
    select count(*) as count, coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as age
      from (select received_at from tracking_journal where processed_at is null limit ${most}) waiting`);
  return row ?? { count: 0, age: 0 };
}
