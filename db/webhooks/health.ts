import { sql } from 'kysely';
import { named, type Query } from '../statement.ts';

/** How the endpoints do. */
export interface WebhookHealth {
  enabled: number;
  /** Of the enabled ones. */
  failing: number;
  /** By itself: it was gone, or had no success for days. */
  disabled: number;
  /** How long the line that is due has waited, of endpoints that work; 0 = none waits. */
  dueSeconds: number;
}

/** Counts of endpoints and the longest wait for a sender. */
export async function webhookHealth(query: Query): Promise<WebhookHealth> {
  const [row] = await query(
    named(
      'webhook-health',
      sql<WebhookHealth>`select count(*) filter (where enabled) as enabled,
          count(*) filter (where enabled and failing_since is not null) as failing,
          count(*) filter (where disabled_reason <> 'operator') as disabled,
          coalesce(max(case when enabled and failing_since is null then greatest(0, extract(epoch from now() - due.next_at)) end), 0)::float8
            as "dueSeconds"
        from (select * from webhooks order by id limit 100) w
        left join lateral (
          select next_at from webhook_lines l
           where l.webhook_id = w.id and next_at <= now() and leased_until is null order by next_at limit 1) due on true`,
    ),
  );
  return row ?? { enabled: 0, failing: 0, disabled: 0, dueSeconds: 0 };
}
