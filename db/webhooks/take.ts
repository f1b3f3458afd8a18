import { sql } from 'kysely';
import type { EventType } from '../../domain/events/types.ts';
import { told } from '../events/list.ts';
import { named, type Query, type Row } from '../statement.ts';

/** A sender that died leaves its lines to the others after so many seconds; longer than a run over a line may take (worker/webhooks). */
export const LEASE_SECONDS = 60;
/** Most events of a line that are taken at once. */
const MOST_EVENTS = 20;

/** A line that is taken: nobody else has it while the lease lasts. `lease` and `version` are given back with its end. */
export interface Taken {
  subject: string;
  version: number;
  lease: string;
}

/** An event of a taken line that waits; `type` is null when the event itself is no longer kept. */
export type WaitingEvent = Pick<Row<'webhook_deliveries'>, 'event_id' | 'tries' | 'subject'> & {
  type: EventType | null;
  at: Date;
  data: object;
};

/** Takes lines of an endpoint that are due, the longest waiting first; none of one that has been disabled. */
export const takeLines = (query: Query, webhookId: number, most: number): Promise<Taken[]> =>
  query(
    named(
      'webhook-take',
      sql<Taken>`update webhook_lines l set leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
        from (select subject from webhook_lines
               where webhook_id = ${webhookId} and next_at <= now() and (leased_until is null or leased_until < now())
                 and exists (select from webhooks where id = ${webhookId} and enabled)
               order by next_at limit ${most} for update skip locked) due
       where l.webhook_id = ${webhookId} and l.subject = due.subject
       returning l.subject, l.version, l.leased_until::text as lease`,
    ),
  );

/**
 * The events that wait on lines, in order, some of each. A statement of its own after the taking: whatever it does not see yet has raised
 * the line's version since.
 */
export const waitingEvents = (query: Query, webhookId: number, subjects: string[]): Promise<WaitingEvent[]> =>
  query(
    named(
      'webhook-waiting',
      sql<WaitingEvent>`select ${told}, d.event_id, d.tries, d.subject
        from unnest(${subjects}::text[]) s(subject)
        cross join lateral (
          select event_id, tries, subject, stored_at from webhook_deliveries
           where webhook_id = ${webhookId} and subject = s.subject and state = 'waiting' order by event_id limit ${MOST_EVENTS}) d
        left join events e on e.id = d.event_id and e.stored_at = d.stored_at
        order by d.subject, d.event_id`,
    ),
  );
