import { sql } from 'kysely';
import { testSubject } from '../../domain/events/webhook.ts';
import { Problem } from '../../domain/problems.ts';
import type { Db } from '../database.ts';
import { lastEventId } from '../events/list.ts';
import { build, instant, type Query, type Row } from '../statement.ts';

const MOST_WEBHOOKS = 20;
/** So many deliveries of an endpoint that goes are deleted at once. */
const MOST_DELETED = 5_000;

/** What a person says of an endpoint. */
export type WebhookWish = Pick<Row<'webhooks'>, 'url' | 'types' | 'description'>;

/** Locks an endpoint, for what is said of it from now on. Throws when there is none, or when a later wish has changed it. */
async function lockWebhook(query: Query, id: number, askedAt?: string): Promise<Pick<Row<'webhooks'>, 'enabled' | 'types'>> {
  const [row] = await query(
    sql<Pick<Row<'webhooks'>, 'enabled' | 'types'> & { later: boolean }>`
      select enabled, types, asked_at > ${askedAt ?? 'infinity'}::timestamptz as later
        from webhooks where id = ${id} for no key update`,
  );
  if (!row) throw new Problem('WEBHOOK_NOT_FOUND');
  if (row.later) throw new Problem('SUPERSEDED');
  return row;
}

/** The same for what only an endpoint that is enabled can do. */
async function lockEnabled(query: Query, id: number): Promise<Pick<Row<'webhooks'>, 'types'>> {
  const row = await lockWebhook(query, id);
  if (!row.enabled) throw new Problem('WEBHOOK_DISABLED');
  return row;
}

/**
 * Writes a new endpoint, which is told of events after the last that is in order now; returns its id. `sealed` makes its secret, given
 * the id, which is drawn before for that. Throws when there are as many as there may be.
 */
export async function insertWebhook(
  query: Query,
  wish: WebhookWish & { by: string; askedAt: string },
  sealed: (id: number) => string,
): Promise<number> {
  // Two at once would both find room for one more.
  await query(sql`select pg_advisory_xact_lock(hashtext('webhooks'))`);
  const [found] = await query(sql<{ count: number; id: number }>`
    select count(*) as count, nextval(pg_get_serial_sequence('webhooks', 'id')) as id from webhooks`);
  if (!found || found.count >= MOST_WEBHOOKS) throw new Problem('WEBHOOK_LIMIT');
  const { id } = found;
  const { url, types, description, by, askedAt } = wish;
  await query(sql`insert into webhooks (id, url, types, description, secret, told_until, created_by, asked_at) overriding system value
    values (${id}, ${url}, ${types}, ${description}, ${sealed(id)}, ${await lastEventId(query)}, ${by}, ${askedAt}::timestamptz)`);
  return id;
}

/** Writes what a person says of an endpoint anew; its secret and its place stay. */
export async function updateWebhook(query: Query, id: number, wish: WebhookWish, askedAt: string): Promise<void> {
  await lockWebhook(query, id, askedAt);
  await query(
    build
      .updateTable('webhooks')
      .set({ ...wish, asked_at: instant(askedAt) })
      .where('id', '=', id),
  );
}

/** Enables an endpoint: it goes on where it stopped, and what waits is due now, whatever pause it was in. */
export async function enableWebhook(query: Query, id: number, askedAt: string): Promise<void> {
  const { enabled } = await lockWebhook(query, id, askedAt);
  await query(sql`update webhooks set asked_at = ${askedAt}::timestamptz where id = ${id}`);
  if (enabled) return;
  await query(sql`update webhooks set enabled = true, disabled_reason = null, failing_since = null where id = ${id}`);
  await query(sql`update webhook_lines set next_at = now() where webhook_id = ${id} and next_at > now()`);
}

/** Disables an endpoint: nothing is sent to it, its events wait. The reason of one that is disabled stays. */
export async function disableWebhook(query: Query, id: number, askedAt: string): Promise<void> {
  await lockWebhook(query, id, askedAt);
  await query(sql`update webhooks set enabled = false, disabled_reason = coalesce(disabled_reason, 'operator'),
    asked_at = ${askedAt}::timestamptz where id = ${id}`);
}

/** Gives an endpoint another secret; the one before signs too for a day. */
export async function rotateSecret(query: Query, id: number, sealed: string, askedAt: string): Promise<void> {
  await lockWebhook(query, id, askedAt);
  await query(sql`update webhooks set secret = ${sealed}, old_secret = secret, old_secret_until = now() + interval '24 hours',
    asked_at = ${askedAt}::timestamptz where id = ${id}`);
}

/** Writes an event that goes to this endpoint alone; returns its key, because it has no id before it is committed. */
export async function writeTest(query: Query, id: number): Promise<number> {
  await lockEnabled(query, id);
  const [event] = await query(sql<{ key: number }>`insert into events (type, at, subject, data)
    values ('webhook.test', now(), ${testSubject(id)}, ${JSON.stringify({ webhookId: id })}::jsonb) returning key`);
  if (!event) throw new Error('no event was written');
  return event.key;
}

/**
 * Lets an event wait for an endpoint once more, with all its attempts before it, and its line be due now. What is written looks at no
 * event: a sender may change the row meanwhile, and PostgreSQL 18.4 crashes when it looks again at a row that changed, in a statement which
 * leaves partitions out as it runs.
 */
export async function resend(query: Query, id: number, eventId: number): Promise<void> {
  await lockEnabled(query, id);
  const kept = await query(sql<{ id: number }>`
    select e.id from webhook_deliveries d join events e on e.id = d.event_id and e.stored_at = d.stored_at
     where d.webhook_id = ${id} and d.event_id = ${eventId}`);
  if (kept.length === 0) throw new Problem('WEBHOOK_DELIVERY_NOT_FOUND');
  await query(sql`
    with again as (
      update webhook_deliveries d set state = 'waiting', tries = 0, finished_at = null
       where d.webhook_id = ${id} and d.event_id = ${eventId} returning subject)
    insert into webhook_lines (webhook_id, subject) select ${id}::bigint, subject from again
    on conflict (webhook_id, subject) do update set version = webhook_lines.version + 1, next_at = now()`);
}

/** A range of events that an endpoint asks for once more; absent types = all that it wants. */
export interface ReplayWish {
  from: string;
  to: string;
  types?: string[] | undefined;
}

/** Stores such a range for the senders; returns its id. Events must be in order before. */
export async function askReplay(query: Query, id: number, { from, to, types }: ReplayWish): Promise<number> {
  const { types: wanted } = await lockEnabled(query, id);
  const at = wanted.includes('*') ? -1 : (types ?? []).findIndex((type) => !wanted.includes(type));
  if (at >= 0) {
    const message = '이 웹훅이 받지 않는 이벤트입니다';
    throw new Problem('BAD_REQUEST', `types.${at}: ${message}`, { errors: [{ path: `types.${at}`, message }] });
  }
  const [replay] = await query(sql<{ id: number }>`
    insert into webhook_replays (webhook_id, from_at, to_at, types, replayed_until, up_to)
    select ${id}::bigint, ${from}::timestamptz, ${to}::timestamptz, ${types ?? wanted}::text[],
           coalesce((select e.id - 1 from events e where e.id is not null and e.stored_at >= ${from}::timestamptz - interval '1 hour'
                      order by e.id limit 1), h.id), h.id
      from event_head h where h.one returning id`);
  if (!replay) throw new Error('no replay was written');
  return replay.id;
}

/**
 * Empties an endpoint before it is deleted: what it was told may be millions of rows, more than one transaction should delete. It is
 * disabled first, so that nothing further is added.
 */
export async function emptyWebhook({ query }: Pick<Db, 'query'>, id: number): Promise<void> {
  await query(sql`update webhooks set enabled = false, disabled_reason = 'operator' where id = ${id} and enabled`);
  for (let deleted = MOST_DELETED; deleted === MOST_DELETED; ) {
    const rows = await query(sql<{ event_id: number }>`
      delete from webhook_deliveries where webhook_id = ${id} and event_id in (
        select event_id from webhook_deliveries where webhook_id = ${id} order by event_id limit ${MOST_DELETED}) returning event_id`);
    deleted = rows.length;
  }
}

/** Deletes an endpoint with what is left of it. */
export async function deleteWebhook(query: Query, id: number): Promise<void> {
  const gone = await query(sql<{ id: number }>`delete from webhooks where id = ${id} returning id`);
  if (gone.length === 0) throw new Problem('WEBHOOK_NOT_FOUND');
}
