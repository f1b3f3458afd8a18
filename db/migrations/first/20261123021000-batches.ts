import { Migration } from '@mikro-orm/migrations';

/** What the two batches keep of a waybill between pages, runs and workers, and the questions asked a day. */
export class Migration20261123021000 extends Migration {
  override up(): void {
    this.addSql(`alter table waybills
      add column registration_run text,
      add column registration_lease timestamptz,
      add column registration_lease_by text,
      add column asked_outcome text,
      add column asked_scan_at timestamptz,
      add column ask_after timestamptz,
      add column settled_at timestamptz`);
    this.addSql('drop index waybills_to_register');
    // Least failed first: waybills that fail again and again must not stand before the others.
    this.addSql(`create index waybills_to_register on waybills (registration_failures, id)
      where closed_at is null and registered_at is null and registration_refused_at is null and carrier_code <> '99'`);
    this.addSql('drop index waybills_to_ask');
    this.addSql(`create index waybills_to_ask on waybills (coalesce(asked_at, '-infinity'), id)
      where closed_at is null and settled_at is null and pickup_no is null`);
    this.addSql(`create index delivery_lines_without_parcel on delivery_lines (delivery_no, line_no)
      where state = 'shipped' and method_code <> '10'`);
    this.addSql('create table tracking_questions (day date primary key, asked integer not null)');
    this.addSql(`alter table batch_runs add column id bigint generated always as identity,
      add column updated_at timestamptz not null default now()`);
    this.addSql('create unique index batch_runs_page on batch_runs (batch, id)');
    this.addSql('create index batch_runs_unfinished on batch_runs (batch) where finished_at is null');
  }

  override down(): void {
    this.addSql('drop index batch_runs_unfinished');
    this.addSql('alter table batch_runs drop column id, drop column updated_at');
    this.addSql('drop table tracking_questions');
    this.addSql('drop index delivery_lines_without_parcel');
    this.addSql('drop index waybills_to_ask');
    this.addSql('drop index waybills_to_register');
    this.addSql(`create index waybills_to_register on waybills (id)
      where closed_at is null and registered_at is null and registration_refused_at is null`);
    this.addSql('create index waybills_to_ask on waybills (asked_at nulls first, id) where closed_at is null');
    this.addSql(`alter table waybills drop column registration_run, drop column registration_lease,
      drop column registration_lease_by, drop column asked_outcome, drop column asked_scan_at, drop column ask_after,
      drop column settled_at`);
  }
}
