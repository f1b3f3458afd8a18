import { Migration } from '@mikro-orm/migrations';

/** Endpoints that are told of events, the events that each has to get, and the lines (subjects) of which some wait. */
export class Migration20261129110000 extends Migration {
  override up(): void {
    this.addSql(`create table webhooks (
      id bigint generated always as identity primary key,
      url text not null,
      types text[] not null,
      description text,
      secret text not null,
      old_secret text,
      old_secret_until timestamptz,
      enabled boolean not null default true,
      disabled_reason text constraint webhooks_disabled_reason check (disabled_reason in ('operator', 'gone', 'no-success')),
      failing_since timestamptz,
      last_success_at timestamptz,
      told_until bigint not null,
      created_at timestamptz not null default now(),
      created_by text not null,
      asked_at timestamptz not null default now(),
      constraint webhooks_enabled check (enabled = (disabled_reason is null))
    )`);
    this.addSql(`create table webhook_deliveries (
      webhook_id bigint not null constraint webhook_deliveries_webhook_id_fkey references webhooks (id) on delete cascade,
      event_id bigint not null,
      stored_at timestamptz not null,
      subject text not null,
      state text not null default 'waiting' constraint webhook_deliveries_state check (state in ('waiting', 'succeeded', 'failed')),
      tries integer not null default 0,
      attempts jsonb not null default '[]',
      created_at timestamptz not null default now(),
      finished_at timestamptz,
      primary key (webhook_id, event_id)
    )`);
    this.addSql(
      `create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, subject, event_id) where state = 'waiting'`,
    );
    this.addSql('create index webhook_deliveries_state on webhook_deliveries (webhook_id, state, event_id)');
    this.addSql(`create table webhook_lines (
      webhook_id bigint not null constraint webhook_lines_webhook_id_fkey references webhooks (id) on delete cascade,
      subject text not null,
      version integer not null default 1,
      next_at timestamptz not null default now(),
      leased_until timestamptz,
      primary key (webhook_id, subject)
    )`);
    this.addSql('create index webhook_lines_due on webhook_lines (webhook_id, next_at)');
    this.addSql(`create table webhook_replays (
      id bigint generated always as identity primary key,
      webhook_id bigint not null constraint webhook_replays_webhook_id_fkey references webhooks (id) on delete cascade,
      from_at timestamptz not null,
      to_at timestamptz not null,
      types text[] not null,
      replayed_until bigint not null,
      up_to bigint not null
    )`);
    this.addSql('create index webhook_replays_webhook on webhook_replays (webhook_id)');
  }

  override down(): void {
    this.addSql('drop table webhook_replays, webhook_lines, webhook_deliveries, webhooks');
  }
}
