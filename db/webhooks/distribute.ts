import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { named, type Query, type Row } from '../statement.ts';

/** Most events that one statement hands out. */
const MOST = 1_000;
/** An endpoint that has so many lines waiting gets nothing further for now: its events wait in the feed. */
const MOST_LINES = 20_000;

/** An endpoint that may be told something. */
export type Endpoint = Pick<Row<'webhooks'>, 'id' | 'url' | 'secret' | 'told_until' | 'failing_since'> & {
  /** While it signs too. */
  old_secret: string | null;
};

/** Every endpoint that is enabled. */
export const enabledWebhooks = (query: Query): Promise<Endpoint[]> =>
  query(
    named(
      'webhooks-enabled',
      sql<Endpoint>`select id, url, secret, told_until, failing_since, case when old_secret_until > now() then old_secret end as old_secret
        from webhooks where enabled order by id`,
    ),
  );

/**
 * Hands the next events in order out to an endpoint, up to an id: a row for each that it wants, and its line is due. Its place moves on
 * with them, so nothing is left out and nothing comes twice, whoever dies. While another process does so for this endpoint it does
 * nothing. Returns whether there may be more at once. A test (`webhook.test`) goes to its own endpoint alone, whatever it wants.
 * The lock is a statement of its own for the same reason as in db/events/order.ts.
 */
export const distribute = ({ transaction }: Pick<Db, 'transaction'>, webhookId: number, upTo: number): Promise<boolean> =>
  transaction(async (query) => {
    const [w] = await query(
      named(
        'webhook-lock',
        sql<{ told_until: number }>`select told_until from webhooks
          where id = ${webhookId} and enabled and told_until < ${upTo}
            and not exists (select from webhook_lines where webhook_id = ${webhookId} offset ${MOST_LINES})
          for no key update skip locked`,
      ),
    );
    return w !== undefined && (await handOut(query, webhookId, w.told_until, upTo)) === MOST;
  });

/** The same under the lock, after an id; returns how many events were looked at. */
export async function handOut(query: Query, webhookId: number, after: number, upTo: number): Promise<number> {
  const [done] = await query(
    named(
      'webhook-hand-out',
      sql<{ seen: number }>`with page as materialized (
        select e.id, e.stored_at, e.subject,
               case when e.type = 'webhook.test' then e.subject = 'webhook/' || w.id else w.types && array['*', e.type] end as wanted
          from webhooks w cross join lateral (
            select * from events e where e.id > ${after} and e.id <= ${upTo} order by e.id limit ${MOST}) e
         where w.id = ${webhookId}),
      added as (
        insert into webhook_deliveries (webhook_id, event_id, stored_at, subject)
        select ${webhookId}::bigint, id, stored_at, subject from page where wanted
        on conflict do nothing returning subject),
      lines as (
        insert into webhook_lines (webhook_id, subject)
        select distinct ${webhookId}::bigint, subject from added order by subject
        on conflict (webhook_id, subject) do update set version = webhook_lines.version + 1),
      moved as (
        update webhooks set told_until = coalesce((select max(id) from page having count(*) = ${MOST}), ${upTo}::bigint)
         where id = ${webhookId})
      select (select count(*) from page) as seen`,
    ),
  );
  return done?.seen ?? 0;
}

type Replay = Pick<Row<'webhook_replays'>, 'id' | 'webhook_id' | 'replayed_until'>;

/**
 * The next page of a range that an endpoint asked for once more: its events wait again, also those it has had. Returns whether there may
 * be more; when all is handed out the range is deleted.
 */
export const replay = ({ transaction }: Pick<Db, 'transaction'>, replayId: number): Promise<boolean> =>
  transaction(async (query) => {
    const [r] = await query(
      named(
        'webhook-replay-lock',
        sql<Replay>`select r.id, r.webhook_id, r.replayed_until from webhook_replays r join webhooks w on w.id = r.webhook_id
          where r.id = ${replayId} and w.enabled for update of r skip locked`,
      ),
    );
    return r !== undefined && (await handOutAgain(query, r)) === MOST;
  });

/** The same under the lock; returns how many events were looked at. */
export async function handOutAgain(query: Query, { id, webhook_id: webhookId, replayed_until: after }: Replay): Promise<number> {
  const [done] = await query(
    named(
      'webhook-hand-out-again',
      sql<{ seen: number }>`with page as materialized (
        select e.id, e.stored_at, e.subject, e.type <> 'webhook.test' and e.at between r.from_at and r.to_at
               and r.types && array['*', e.type] as wanted
          from webhook_replays r cross join lateral (
            select * from events e where e.id > ${after} and e.id <= r.up_to and e.stored_at >= r.from_at - interval '1 hour'
             order by e.id limit ${MOST}) e
         where r.id = ${id}),
      again as (
        insert into webhook_deliveries (webhook_id, event_id, stored_at, subject)
        select ${webhookId}::bigint, id, stored_at, subject from page where wanted
        on conflict (webhook_id, event_id) do update set state = 'waiting', tries = 0, finished_at = null
        returning subject),
      lines as (
        insert into webhook_lines (webhook_id, subject) select distinct ${webhookId}::bigint, subject from again order by subject
        on conflict (webhook_id, subject) do update set version = webhook_lines.version + 1, next_at = now()),
      moved as (
        update webhook_replays set replayed_until = (select max(id) from page)
         where id = ${id} and (select count(*) from page) = ${MOST}),
      ended as (
        delete from webhook_replays where id = ${id} and (select count(*) from page) < ${MOST})
      select (select count(*) from page) as seen`,
    ),
  );
  return done?.seen ?? 0;
}

/** Ranges that endpoints which are enabled still wait for. */
export const openReplays = (query: Query): Promise<{ id: number }[]> =>
  query(
    named(
      'webhook-replays',
      sql<{
        id: number;
      }>`select r.id from webhook_replays r join webhooks w on w.id = r.webhook_id where w.enabled order by r.id`,
    ),
  );
