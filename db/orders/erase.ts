import { sql } from 'kysely';
import { ERASED_NAME } from '../../domain/masking.ts';
import { named, type Query } from '../statement.ts';

/** A page of orders: how many were erased, and how many have not ended for long enough. What is in use just now is in neither. */
export interface ErasedPage {
  erased: number;
  kept: number;
  more: boolean;
}

type OrderNo = { order_no: string };

/**
 * When the last line and the last pickup of order `o` ended. Null while one is open, while a claim is being opened or given back,
 * and when a line has lost its row.
 */
const endOfOrder = sql<Date | null>`(
  select case when bool_and(e.at is not null) then max(e.at) end from (
    select l.finished_at as at from order_lines p left join delivery_lines l on l.order_no = p.order_no and l.line_no = p.line_no
     where p.order_no = o.order_no
     union all
    select finished_at from pickups where order_no = o.order_no
     union all
    select null from claims where order_no = o.order_no and status <> 'open') e)`;

/**
 * Locks orders that may have ended `days` days ago. Whatever would open such an order again (a claim, an exchange, a part of a line)
 * refers to its row and waits; orders that are locked already are in use and left out.
 */
export const lockOrdersWithPeople = (query: Query, days: number, most: number): Promise<OrderNo[]> =>
  query(
    named(
      'people-lock',
      sql<OrderNo>`
        select order_no from orders
         where people_erased_at is null and coalesce(open_until, created_at) < now() - interval '1 day' * ${days}
         order by coalesce(open_until, created_at), order_no limit ${most} for update skip locked`,
    ),
  );

/** Notes until when these orders are known to have been open, where that is less than `days` days ago. Returns those orders. */
export const noteOpenUntil = (query: Query, orderNos: string[], days: number): Promise<OrderNo[]> =>
  query(
    named(
      'people-open-until',
      sql<OrderNo>`
        update orders set open_until = coalesce(e.ended, now())
          from (select o.order_no, ${endOfOrder} as ended from orders o where o.order_no = any(${orderNos})) e
         where orders.order_no = e.order_no and (e.ended is null or e.ended >= now() - interval '1 day' * ${days})
        returning orders.order_no`,
    ),
  );

/** Locks the lines of these orders without waiting, and returns the orders of which nobody else has one. */
export const lockTheirLines = (query: Query, orderNos: string[]): Promise<OrderNo[]> =>
  query(
    named(
      'people-lock-lines',
      sql<OrderNo>`
        with mine as (select order_no from delivery_lines where order_no = any(${orderNos}) for update skip locked)
        select order_no from mine group by order_no
        having count(*) = (select count(*) from delivery_lines l where l.order_no = mine.order_no)`,
    ),
  );

/**
 * Makes the people of these orders unreadable, with every free text that may name them, if the order ended more than `days` days
 * ago. The hash of the order's body stays, so that a repeat of it is still known. Lines and pickups appear as changed to readers
 * that filter by `updatedFrom`. Returns the orders.
 */
export const eraseOrders = (query: Query, orderNos: string[], days: number): Promise<OrderNo[]> =>
  query(
    named(
      'people-erase',
      sql<OrderNo>`
        with gone as (
          update orders o set orderer_name = ${sql.lit(ERASED_NAME)}, orderer_phone = '', orderer_email = null,
            receiver_name = ${sql.lit(ERASED_NAME)}, receiver_phone = '', receiver_zip_code = '', receiver_address1 = '',
            receiver_address2 = null, receiver_memo = null, people_erased_at = now(), updated_at = now()
           where o.order_no = any(${orderNos}) and ${endOfOrder} < now() - interval '1 day' * ${days}
          returning o.order_no
        ), lines as (
          update delivery_lines l set updated_at = now() from gone where l.order_no = gone.order_no returning l.delivery_no
        ), collected as (
          update pickups p set pickup_name = ${sql.lit(ERASED_NAME)}, pickup_phone = '', pickup_zip_code = '', pickup_address1 = '',
            pickup_address2 = null, pickup_memo = null, updated_at = now()
            from gone where p.order_no = gone.order_no returning p.pickup_no
        ), sent as (
          select distinct delivery_no from lines
        ), claimed as (
          update pickup_items i set reason = null from collected c where i.pickup_no = c.pickup_no and i.reason is not null
        ), pickup_reasons as (
          update pickup_history h set reason = null from collected c where h.pickup_no = c.pickup_no and h.reason is not null
        ), line_reasons as (
          update delivery_history h set reason = null from sent s where h.delivery_no = s.delivery_no and h.reason is not null
        ), scans as (
          update tracking_journal j set body = null, details = null
            from (select delivery_no as fid from sent union all select pickup_no from collected) n
           where j.fid = n.fid and (j.body is not null or j.details is not null)
        ), line_exceptions as (
          update tracking_exceptions e set resolution = null from sent s
           where e.delivery_no = s.delivery_no and e.resolution is not null
        ), pickup_exceptions as (
          update tracking_exceptions e set resolution = null from collected c
           where e.pickup_no = c.pickup_no and e.resolution is not null
        )
        select order_no from gone`,
    ),
  );

/** Erases the people of at most `most` orders, in one transaction. */
export async function erasePeople(query: Query, days: number, most: number): Promise<ErasedPage> {
  const namesOf = (rows: OrderNo[]) => rows.map(({ order_no }) => order_no);
  const looked = namesOf(await lockOrdersWithPeople(query, days, most));
  if (looked.length === 0) return { erased: 0, kept: 0, more: false };
  // After the locks, in a statement of its own: one sees only what was committed when it began.
  const open = new Set(namesOf(await noteOpenUntil(query, looked, days)));
  const ended = looked.filter((orderNo) => !open.has(orderNo));
  const ours = ended.length > 0 ? namesOf(await lockTheirLines(query, ended)) : [];
  const erased = ours.length > 0 ? (await eraseOrders(query, ours, days)).length : 0;
  // A page of nothing but orders in use must not be asked for again and again: they are left to the next night.
  return { erased, kept: open.size, more: looked.length === most && erased + open.size > 0 };
}
