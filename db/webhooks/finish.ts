import { sql } from 'kysely';
import type { WebhookDeliveryState } from '../../domain/events/webhook.ts';
import type { Db } from '../database.ts';
import { named, type Query } from '../statement.ts';
import type { WebhookAttempt } from '../tables/events/webhook.ts';

/** So many attempts of an event are kept. */
const MOST_ATTEMPTS = 20;
/** An endpoint without success for so long is disabled. */
const NO_SUCCESS_DAYS = 5;

/** What became of an event of a line. */
export interface Told {
  eventId: number;
  state: WebhookDeliveryState;
  tries: number;
  attempt: WebhookAttempt;
}

export type ToldTo = Told & { webhookId: number };

/** A line that its sender gives back. */
export interface Finished {
  webhookId: number;
  subject: string;
  version: number;
  lease: string;
  told: Told | null;
  /** Seconds until it is due again; null = all of it that was seen is told. */
  nextIn: number | null;
}

/** Stores what became of events, many at once. */
export async function storeTold(query: Query, told: ToldTo[]): Promise<undefined[]> {
  await query(
    named(
      'webhook-told',
      sql`update webhook_deliveries d set state = g.state, tries = g.tries,
            attempts = case when jsonb_array_length(d.attempts) >= ${MOST_ATTEMPTS} then d.attempts - 0 else d.attempts end || g.attempt,
            finished_at = case when g.state = 'waiting' then null else now() end
          from jsonb_to_recordset(${JSON.stringify(told)}::jsonb)
            as g("webhookId" bigint, "eventId" bigint, state text, tries int, attempt jsonb)
         where d.webhook_id = g."webhookId" and d.event_id = g."eventId"`,
    ),
  );
  return told.map(() => undefined);
}

/**
 * Stores what became of the last events of lines and gives the lines back, many at once. A line of which all is told goes away, unless
 * something has been added since it was taken. Where the lease is no longer ours, what was told is stored all the same: it has been told.
 */
export async function finishLines({ transaction }: Pick<Db, 'transaction'>, lines: Finished[]): Promise<undefined[]> {
  const ordered = lines.toSorted((a, b) => a.webhookId - b.webhookId || (a.subject < b.subject ? -1 : 1));
  const told = ordered.flatMap(({ webhookId, told }) => (told ? [{ webhookId, ...told }] : []));
  const given = JSON.stringify(ordered.map(({ told: _, ...line }) => line));
  await transaction(async (query) => {
    if (told.length > 0) await storeTold(query, told);
    const ours = sql`jsonb_to_recordset(${given}::jsonb)
      as g("webhookId" bigint, subject text, version int, lease timestamptz, "nextIn" float8)`;
    await query(
      named(
        'webhook-back',
        sql`update webhook_lines l set leased_until = null, next_at = now() + coalesce(g."nextIn", 0) * interval '1 second'
            from ${ours} where l.webhook_id = g."webhookId" and l.subject = g.subject and l.leased_until = g.lease`,
      ),
    );
    // The statement before holds the rows, so nothing can be added between these two.
    await query(
      named(
        'webhook-done',
        sql`delete from webhook_lines l using ${ours}
             where l.webhook_id = g."webhookId" and l.subject = g.subject and l.leased_until is null and l.version = g.version
               and g."nextIn" is null`,
      ),
    );
  });
  return lines.map(() => undefined);
}

/** Marks when an endpoint has taken an event; it is not failing any more. */
export const markSuccess = async (query: Query, webhookId: number, at: Date): Promise<void> => {
  await query(
    named(
      'webhook-success',
      sql`update webhooks set last_success_at = greatest(last_success_at, ${at}::timestamptz), failing_since = null where id = ${webhookId}`,
    ),
  );
};

/** Marks that an attempt has failed; after days without success, or when the endpoint wants no more (410), it is disabled. */
export async function markFailure(query: Query, webhookId: number, gone: boolean): Promise<void> {
  await query(
    named(
      'webhook-failure',
      sql`with w as (
            select id, coalesce(failing_since, now()) as since,
                   case when ${gone} then 'gone'
                        when failing_since < now() - ${NO_SUCCESS_DAYS} * interval '1 day' then 'no-success' end as reason
              from webhooks where id = ${webhookId} and enabled for no key update)
          update webhooks set failing_since = w.since, enabled = w.reason is null, disabled_reason = w.reason
            from w where webhooks.id = w.id and (w.reason is not null or webhooks.failing_since is null)`,
    ),
  );
}

/** Deletes what was told of events that are no longer kept, some at once; returns how many. */
export async function pruneDeliveries(query: Query, oldestEventId: number): Promise<number> {
  const rows = await query(
    sql<{ event_id: number }>`delete from webhook_deliveries d using (
        select w.id, e.event_id from webhooks w cross join lateral (
          select event_id from webhook_deliveries where webhook_id = w.id and event_id < ${oldestEventId}
           order by event_id limit 5000) e) old
      where d.webhook_id = old.id and d.event_id = old.event_id returning d.event_id`,
  );
  return rows.length;
}
