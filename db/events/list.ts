import { sql } from 'kysely';
import type { EventType } from '../../domain/events/types.ts';
import { named, type Query, type Row } from '../statement.ts';

/** An event in its place, as it is told outside. */
export interface EventRow extends Pick<Row<'events'>, 'type' | 'at' | 'subject' | 'data'> {
  id: number;
}

/** What an event `e` tells: its data and, where it takes another one back, that one's id. */
export const told = sql`e.id, e.type, e.at, e.subject, case when e.corrects is null then e.data
  else e.data || jsonb_build_object('corrects', (select c.id::text from events c where c.key = e.corrects)) end as data`;

/** Events after an id and up to another, in order; of some types or of all. All that have an id in between are there. */
export const findEvents = (
  query: Query,
  { after, upTo, types, limit }: { after: number; upTo: number; types: readonly EventType[] | null; limit: number },
): Promise<EventRow[]> =>
  query(
    named(
      'events-page',
      sql<EventRow>`select ${told} from events e
        where e.id > ${after} and e.id <= ${upTo} and (${types}::text[] is null or e.type = any(${types}::text[]))
        order by e.id limit ${limit}`,
    ),
  );

/** The events of a line, a pickup or a job, the latest first. */
export const eventsOfSubject = (query: Query, subject: string, limit: number): Promise<EventRow[]> =>
  query(
    sql<EventRow>`select ${told} from events e where e.subject = ${subject} and e.id is not null order by e.key desc limit ${limit}`,
  );

/** The id of the last event in order; 0 = there is none yet. */
export async function lastEventId(query: Query): Promise<number> {
  const [head] = await query(named('events-head', sql<{ id: number }>`select id from event_head where one`));
  return head?.id ?? 0;
}

/** The id of the oldest event that is kept. */
export async function oldestEventId(query: Query): Promise<number | undefined> {
  const [oldest] = await query(sql<{ id: number }>`select id from events where id is not null order by id limit 1`);
  return oldest?.id;
}

/** Whether an event is kept. */
export async function hasEvent(query: Query, id: number): Promise<boolean> {
  return (await query(named('events-kept', sql<{ id: number }>`select id from events where id = ${id} limit 1`))).length > 0;
}
