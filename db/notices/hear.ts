import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { lastEventId } from '../events/list.ts';
import { orderEvents } from '../events/order.ts';
import { build, type Query } from '../statement.ts';

/** Most events that one transaction hears. */
const MOST = 1_000;

/** A notice for each event in this stretch that has a rule; once, because an event has one notice. */
const noteEvents = (query: Query, after: number, upTo: number, attempts: number) =>
  query(sql`
    insert into notices (event_id, type, happened_at, subject, order_no, data, attempts_left)
    select e.id, e.type, e.at, e.subject, e.data ->> 'orderNo', e.data, ${attempts}
      from events e join notice_rules r on r.type = e.type and r.enabled
     where e.id > ${after} and e.id <= ${upTo} and e.corrects is null and e.data ->> 'orderNo' is not null
     order by e.id on conflict (event_id) do nothing`);

/** The ids of the events that those of this stretch take back. */
const takenBack = (query: Query, after: number, upTo: number) =>
  query(sql<{ id: number }>`
    select c.id from events e join events c on c.key = e.corrects where e.id > ${after} and e.id <= ${upTo} and c.id is not null`);

/**
 * What is taken back is not sent any more; where it has been sent, a person sees it. Apart from the look at the events, because
 * PostgreSQL may have to look again at a notice that changes meanwhile (docs/decisions/events-in-order.md).
 */
const takeBack = (query: Query, events: number[]) =>
  query(sql`
    update notices set state = case when state = 'waiting' then 'skipped' else state end, reason = 'TAKEN_BACK', updated_at = now()
     where event_id = any(${events}::bigint[]) and state in ('waiting', 'sent')`);

/**
 * Makes the notices of the events that were not heard yet; returns how many events. One transaction with the head's row locked, so that
 * however many workers there are, and wherever one dies, each event is heard once and none is left out.
 */
export async function hearEvents(db: Db, attempts: number): Promise<number> {
  await orderEvents(db);
  return db.transaction(async (query) => {
    const [head] = await query(
      sql<{ event_id: number | null }>`select event_id from notice_head where one for update skip locked`,
    );
    // Another worker hears them just now.
    if (!head) return 0;
    const last = await lastEventId(query);
    const after = head.event_id ?? last;
    const upTo = Math.min(last, after + MOST);
    if (upTo > after) {
      await noteEvents(query, after, upTo, attempts);
      const gone = await takenBack(query, after, upTo);
      if (gone.length > 0)
        await takeBack(
          query,
          gone.map(({ id }) => id),
        );
    }
    if (upTo !== head.event_id) await query(build.updateTable('notice_head').set({ event_id: upTo }));
    return upTo - after;
  });
}
