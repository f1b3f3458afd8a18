import { sql } from 'kysely';
import type { Query } from '../statement.ts';

/** How far a walk through a table's old rows has come; `after` is null when it has seen all that are old. */
export interface Pruned {
  gone: number;
  after: number | null;
}

interface Walked {
  seen: number;
  last: number | null;
  gone: number;
}

/**
 * Nothing of the delivery or waybill `o` can change any more: none of its lines will be packed, verified or labelled again. With `limit`
 * each is looked up by its index; a planner that may, reads all lines once instead.
 */
const isFinished = (column: 'delivery_no' | 'waybill_no') =>
  sql`(select l.line_no from delivery_lines l where l.${sql.ref(column)} = o.${sql.ref(column)} and l.finished_at is null limit 1) is null`;

/**
 * Looks at the next `most` verifications by number and deletes those that began so long ago and are over: closed, or left open by a
 * parcel that was finished without them. Their scans go with them; who verified what stays in the history of the lines. One that
 * somebody holds at this moment is left to the next walk.
 */
export const pruneVerifications = (query: Query, keptFor: string, after: number, most: number): Promise<Pruned> =>
  walked(
    query(sql<Walked>`
      with page as (
        select verification_id as id, delivery_no, waybill_no, opened_at, closed_at from verifications
         where verification_id > ${after} order by verification_id limit ${most}
      ), old as (
        select * from page where opened_at < now() - ${keptFor}::interval
      ), held as (
        select v.verification_id as id from verifications v join old o on o.id = v.verification_id
         where v.closed_at < now() - ${keptFor}::interval
            or (v.closed_at is null and ${isFinished('delivery_no')} and ${isFinished('waybill_no')})
           for update of v skip locked
      ), scans as (
        delete from verification_scans s using held h where s.verification_id = h.id
      ), gone as (
        delete from verifications v using held h where v.verification_id = h.id returning v.verification_id
      )
      select (select count(*) from old) as seen, (select max(id) from old) as last, (select count(*) from gone) as gone`),
    most,
  );

/**
 * Looks at the next `most` prints by number and deletes those that are so old and whose delivery is finished: until then each counts,
 * for a label that is printed again has to say so. That receivers were seen stays in the access records, as long as those are kept.
 */
export const prunePrints = (query: Query, keptFor: string, after: number, most: number): Promise<Pruned> =>
  walked(
    query(sql<Walked>`
      with page as (
        select id, delivery_no, at from prints where id > ${after} order by id limit ${most}
      ), old as (
        select * from page where at < now() - ${keptFor}::interval
      ), gone as (
        delete from prints p using old o where p.id = o.id and ${isFinished('delivery_no')} returning p.id
      )
      select (select count(*) from old) as seen, (select max(id) from old) as last, (select count(*) from gone) as gone`),
    most,
  );

async function walked(rows: Promise<Walked[]>, most: number): Promise<Pruned> {
  const [page] = await rows;
  return page && page.seen === most ? { gone: page.gone, after: page.last } : { gone: page?.gone ?? 0, after: null };
}
