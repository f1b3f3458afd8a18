import { Migration } from '@mikro-orm/migrations';

const batches = (ids: string[]) =>
  `add constraint batch_runs_batch_check check (batch in (${ids.map((id) => `'${id}'`).join(', ')}))`;

/** When a line must leave (발송기한), by which policy and calendar, and what was promised when it cannot (발송지연안내). */
export class Migration20261128130000 extends Migration {
  override up(): void {
    this.addSql(`create table dispatch_policies (
      dispatch_policy_no bigint generated always as identity primary key, name text not null, dispatch_type text not null,
      ready_days integer, close_time text, is_default boolean not null, asked_at timestamptz not null,
      created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
      constraint dispatch_policies_type check (dispatch_type in ('A', 'B', 'C', 'D', 'E', 'F')),
      constraint dispatch_policies_terms check ((dispatch_type = 'A') = (close_time is not null)
        and (dispatch_type = any (array['B', 'C', 'E'])) = (ready_days is not null)),
      constraint dispatch_policies_ready_days check (ready_days >= 1 and ready_days <= 30))`);
    this.addSql('create unique index dispatch_policies_default on dispatch_policies (is_default) where is_default');
    // place 0 = all places.
    this.addSql(`create table calendar_days (
      place_no bigint not null, day date not null, open boolean, name text not null, asked_at timestamptz not null,
      updated_at timestamptz not null default now(), primary key (place_no, day))`);
    this.addSql(`create table calendar_weeks (
      place_no bigint primary key, open_weekdays jsonb not null, asked_at timestamptz not null,
      updated_at timestamptz not null default now())`);
    this.addSql(`create table calendar_recalculations (
      id bigint generated always as identity primary key, request_id text not null unique, place_no bigint, by text not null,
      at timestamptz not null default now(), examined integer not null default 0, changed integer not null default 0,
      after_ordered_at timestamptz, after_delivery_no text, after_line_no integer, ended_at timestamptz)`);
    // One at a time.
    this.addSql(`create unique index calendar_recalculations_open on calendar_recalculations ((ended_at is null))
      where ended_at is null`);

    this.addSql(`alter table shipping_places add dispatch_policy_no bigint
      constraint shipping_places_dispatch_policy_no_fkey references dispatch_policies (dispatch_policy_no)`);
    this.addSql('alter table shipping_changes alter place_no drop not null, add dispatch_policy_no bigint');
    this.addSql('alter table order_lines add dispatch_policy_no bigint, add requested_dispatch_on date');
    this.addSql(`alter table delivery_lines
      add dispatch_due_on date, add dispatch_due_by text, add dispatch_terms jsonb, add overdue_at timestamptz,
      add delay_expected_on date, add delay_reason_code text, add delay_noticed_at timestamptz,
      add constraint delivery_lines_dispatch_due check ((dispatch_due_on is null) = (dispatch_due_by is null)),
      add constraint delivery_lines_dispatch_due_by check (dispatch_due_by in ('policy', 'channel', 'requested')),
      add constraint delivery_lines_delay check ((delay_noticed_at is null) = (delay_expected_on is null)),
      add constraint delivery_lines_delay_reason_code
        check (delay_reason_code in ('STOCK', 'CUSTOMER', 'MADE_TO_ORDER', 'OVERSEAS', 'OTHER'))`);
    // With what 발송 성과 counts of a day.
    this.addSql(`create index delivery_lines_due on delivery_lines (dispatch_due_on, delivery_no, line_no)
      include (shipped_at, place_no, valid_quantity)
      where dispatch_due_on is not null and state <> 'canceled'`);
    // What has still to leave, of each state by its day; and by the day that was promised instead.
    this.addSql(`create index delivery_lines_now_due on delivery_lines (state, dispatch_due_on, delivery_no, line_no)
      include (delay_expected_on, place_no) where valid_quantity > 0 and dispatch_due_on is not null and ${UNSHIPPED}`);
    this.addSql(`create index delivery_lines_now_undated on delivery_lines (state, delivery_no, line_no)
      where valid_quantity > 0 and dispatch_due_on is null and ${UNSHIPPED}`);
    this.addSql(`create index delivery_lines_delayed on delivery_lines (state, delay_expected_on, delivery_no, line_no)
      where valid_quantity > 0 and delay_expected_on is not null and ${UNSHIPPED}`);
    // What the next run marks as overdue begins with the earliest day, so that a run without any reads nothing.
    this.addSql(`create index delivery_lines_not_overdue on delivery_lines
      (coalesce(delay_expected_on, dispatch_due_on), delivery_no, line_no)
      where overdue_at is null and coalesce(delay_expected_on, dispatch_due_on) is not null and valid_quantity > 0 and ${UNSHIPPED}`);
    this.addSql(`alter table batch_runs drop constraint batch_runs_batch_check,
      ${batches(['auto-complete', 'waybill-registration', 'personal-data', 'dispatch-overdue'])}`);
  }

  override down(): void {
    this.addSql(`delete from batch_runs where batch = 'dispatch-overdue'`);
    this.addSql(`alter table batch_runs drop constraint batch_runs_batch_check,
      ${batches(['auto-complete', 'waybill-registration', 'personal-data'])}`);
    for (const index of ['not_overdue', 'delayed', 'now_undated', 'now_due', 'due'])
      this.addSql(`drop index delivery_lines_${index}`);
    this.addSql(`alter table delivery_lines drop dispatch_due_on, drop dispatch_due_by, drop dispatch_terms, drop overdue_at,
      drop delay_expected_on, drop delay_reason_code, drop delay_noticed_at`);
    this.addSql('alter table order_lines drop dispatch_policy_no, drop requested_dispatch_on');
    this.addSql('delete from shipping_changes where place_no is null');
    this.addSql('alter table shipping_changes drop dispatch_policy_no, alter place_no set not null');
    this.addSql('alter table shipping_places drop dispatch_policy_no');
    for (const table of ['calendar_recalculations', 'calendar_weeks', 'calendar_days', 'dispatch_policies'])
      this.addSql(`drop table ${table}`);
  }
}

const UNSHIPPED = "state in ('ordered', 'instructed', 'released', 'awaitingShipment')";
