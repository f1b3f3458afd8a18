import type { Query } from '../db/statement.ts';
import { trackableCarriers } from '../domain/carriers.ts';
import type { AutoCompleteProgress, BatchRun, DueLine, DueWaybill } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';

const PAGE = 500;

export interface PageOf<Item> {
  items: Item[];
  /** The key after which the next page begins; null = this was the last. */
  next: AutoCompleteProgress['after'];
}

export interface PageQuestion {
  run: BatchRun;
  after: AutoCompleteProgress['after'];
}

interface OpenWaybill {
  id: number;
  carrier_code: string;
  waybill_no: string;
  asked: string;
  shipped: number;
  due: number;
}

/**
 * Open waybills, longest unasked first, each once a run. `due` counts the lines that this run may deliver: shipped parcels
 * whose row is old enough, of an untrackable carrier only after so many days.
 */
const WAYBILLS = `select w.id, w.carrier_code, w.waybill_no, coalesce(w.asked_at, '-infinity')::text as asked, l.shipped, l.due
  from waybills w,
    lateral (select count(*) as shipped,
                    count(*) filter (where l.updated_at <= now() - interval '1 second' * $5 and
                      (w.carrier_code = any($6) or l.shipped_at < now() - interval '1 day' * $7::float8)) as due
               from delivery_lines l
              where l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code and l.state = 'shipped' and l.method_code = '10') l
 where w.closed_at is null and w.settled_at is null and w.pickup_no is null
   and (coalesce(w.asked_at, '-infinity'), w.id) > ($1::timestamptz, $2) and coalesce(w.asked_at, '-infinity') < $3::timestamptz
   and w.opened_at <= now() - interval '1 second' * $5
 order by coalesce(w.asked_at, '-infinity'), w.id limit $4`;

/** Shipped lines of every method but 택배, by key. */
const OTHERS = `select delivery_no, line_no from delivery_lines
  where state = 'shipped' and method_code <> '10' and (delivery_no, line_no) > ($1, $2)
    and updated_at <= now() - interval '1 second' * $4
  order by delivery_no, line_no limit $3`;

/**
 * Waybills without a shipped line leave the queue of questions until `record` wakes them. First locked, then looked at: a
 * line that is joining meanwhile is either seen here or wakes the waybill afterwards.
 */
async function settle(query: Query, ids: number[]): Promise<void> {
  await query('select id from waybills where id = any($1) order by id for update', [ids]);
  await query(
    `update waybills w set settled_at = now()
      where w.id = any($1) and not exists (select from delivery_lines l where l.waybill_no = w.waybill_no
          and l.carrier_code = w.carrier_code and l.state = 'shipped' and l.method_code = '10')`,
    [ids],
  );
}

/** The pages of auto-complete (docs/sources/requirements.md#batches-1). */
export function createDuePages({ db, tracking }: ActivityDeps) {
  const { rowAgeSeconds, untrackedAfterDays } = tracking;
  return {
    async dueWaybillPage({ run, after }: PageQuestion): Promise<PageOf<DueWaybill>> {
      const [asked, id] = after ?? ['-infinity', 0];
      const rows = await db.query<OpenWaybill>(WAYBILLS, [
        asked,
        id,
        run.startedAt,
        PAGE,
        rowAgeSeconds,
        trackableCarriers,
        untrackedAfterDays,
      ]);
      const settled = rows.filter(({ shipped }) => shipped === 0).map((row) => row.id);
      if (settled.length > 0) await db.transaction((query) => settle(query, settled));
      const last = rows.at(-1);
      return {
        items: rows
          .filter(({ due }) => due > 0)
          .map((row) => ({ id: row.id, carrierCode: row.carrier_code, waybillNo: row.waybill_no })),
        next: last && rows.length === PAGE ? [last.asked, last.id] : null,
      };
    },

    async dueOtherPage({ after }: PageQuestion): Promise<PageOf<DueLine>> {
      const [deliveryNo, lineNo] = after ?? ['', 0];
      const rows = await db.query<{ delivery_no: string; line_no: number }>(OTHERS, [deliveryNo, lineNo, PAGE, rowAgeSeconds]);
      const last = rows.at(-1);
      return {
        items: rows.map(({ delivery_no, line_no }) => ({ deliveryNo: delivery_no, lineNo: line_no })),
        next: last && rows.length === PAGE ? [last.delivery_no, last.line_no] : null,
      };
    },
  };
}
