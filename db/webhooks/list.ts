import { sql } from 'kysely';
import type { WebhookDeliveryState } from '../../domain/events/webhook.ts';
import { told } from '../events/list.ts';
import type { Query, Row } from '../statement.ts';
import type { WebhookAttempt } from '../tables/events/webhook.ts';

/** Waiting deliveries of an endpoint are counted up to here. */
const MOST_COUNTED = 10_000;
/** Why an endpoint fails is looked for among so many that wait, the oldest first as they are tried, and among the last that were given up. */
const MOST_SOUGHT = 200;

/** An endpoint without its secrets. */
export interface WebhookRow extends Omit<Row<'webhooks'>, 'secret' | 'old_secret'> {
  /** Events that it has not had yet, counted up to 10,000. */
  waiting: number;
  /** The last attempt that failed, of one that is failing or was when it was disabled. */
  last_failure: WebhookAttempt | null;
}

/** An endpoint `w` as `WebhookRow`. */
const shown = sql`w.id, w.url, w.types, w.description, w.old_secret_until, w.enabled, w.disabled_reason, w.failing_since, w.last_success_at,
  w.told_until, w.created_at, w.created_by, w.asked_at,
  (select count(*) from (
    select from webhook_deliveries d where d.webhook_id = w.id and d.state = 'waiting' limit ${sql.lit(MOST_COUNTED)}) counted) as waiting,
  case when w.failing_since is not null then (
    select last from (
      (select attempts -> -1 as last from webhook_deliveries
        where webhook_id = w.id and state = 'waiting' order by event_id limit ${sql.lit(MOST_SOUGHT)})
      union all
      (select attempts -> -1 from webhook_deliveries
        where webhook_id = w.id and state = 'failed' order by event_id desc limit ${sql.lit(MOST_SOUGHT)})) tried
     where coalesce((last ->> 'status')::int, 0) not between 200 and 299 and last is not null
     order by last ->> 'at' desc limit 1) end as last_failure`;

/** All endpoints; there are few. */
export const findWebhooks = (query: Query): Promise<WebhookRow[]> =>
  query(sql<WebhookRow>`select ${shown} from webhooks w order by w.id`);

/** One endpoint. */
export async function findWebhook(query: Query, id: number): Promise<WebhookRow | undefined> {
  return (await query(sql<WebhookRow>`select ${shown} from webhooks w where w.id = ${id}`))[0];
}

/** An event for an endpoint; `type` is null in the moment between the end of the event's time and that of its delivery. */
export interface DeliveryRow extends Pick<Row<'webhook_deliveries'>, 'event_id' | 'subject' | 'state' | 'tries' | 'attempts'> {
  type: string | null;
  at: Date;
  data: object;
  /** When it is tried next; null unless it is the next of its line. */
  next_at: Date | null;
}

/** A page of what an endpoint is told, the newest first. */
export const findDeliveries = (query: Query, { webhookId, state, before, limit }: DeliveryPage): Promise<DeliveryRow[]> =>
  query(sql<DeliveryRow>`
    select ${told}, d.event_id, d.subject, d.state, d.tries, d.attempts,
           case when d.state = 'waiting' and d.enabled and not exists (
                  select from webhook_deliveries f
                   where f.webhook_id = ${webhookId} and f.subject = d.subject and f.state = 'waiting' and f.event_id < d.event_id)
                then l.next_at end as next_at
      from (select d.*, w.enabled from webhooks w join webhook_deliveries d on d.webhook_id = w.id
             where w.id = ${webhookId} and d.webhook_id = ${webhookId}
               ${state === undefined ? sql`` : sql`and d.state = ${state}`}
               ${before === undefined ? sql`` : sql`and d.event_id < ${before}`}
             order by d.event_id desc limit ${limit}) d
      left join events e on e.id = d.event_id and e.stored_at = d.stored_at
      left join webhook_lines l on l.webhook_id = ${webhookId} and l.subject = d.subject
     order by d.event_id desc`);

export interface DeliveryPage {
  webhookId: number;
  /** Absent = all. */
  state?: WebhookDeliveryState | undefined;
  /** Only events with lower ids. */
  before?: number | undefined;
  limit: number;
}
