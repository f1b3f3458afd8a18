import { Migration } from '@mikro-orm/migrations';
import { exceptionKinds } from '../../../domain/tracking.ts';

const oneOf = (column: string, values: string[]) => `check (${column} in (${values.map((value) => `'${value}'`).join(', ')}))`;

/** What the tracker says, what it was asked, what a person must look at, and the batches' runs. */
export class Migration20261123020000 extends Migration {
  override up(): void {
    this.addSql(`alter table waybills
      add column registered_at timestamptz,
      add column registration_failures integer not null default 0,
      add column registration_refused_at timestamptz,
      add column tracking_level integer,
      add column moved_at timestamptz,
      add column asked_at timestamptz`);
    this.addSql(`create index waybills_to_register on waybills (id)
      where closed_at is null and registered_at is null and registration_refused_at is null`);
    this.addSql('create index waybills_to_ask on waybills (asked_at nulls first, id) where closed_at is null');
    this.addSql(`create index waybills_silent on waybills (coalesce(moved_at, opened_at))
      where closed_at is null and (tracking_level is null or tracking_level < 6)`);
    this.addSql('create index waybills_number on waybills (waybill_no, carrier_code)');

    this.addSql(`create table waybill_registrations (
      id bigint generated always as identity primary key,
      waybill_id bigint not null references waybills,
      fid text not null,
      carrier_code text not null,
      waybill_no text not null,
      outcome text not null ${oneOf('outcome', ['registered', 'failed', 'refused', 'covered'])},
      covered_by bigint references waybill_registrations,
      e_code text,
      request jsonb,
      answer jsonb,
      run_key text,
      at timestamptz not null default now(),
      by text not null
    )`);
    this.addSql('create index waybill_registrations_fid on waybill_registrations (fid, waybill_no)');
    this.addSql('create index waybill_registrations_run on waybill_registrations (run_key) where run_key is not null');
    this.addSql('create index waybill_registrations_waybill on waybill_registrations (waybill_id)');

    this.addSql(`create table tracking_journal (
      id bigint generated always as identity primary key,
      fid text not null,
      waybill_no text not null,
      level integer not null,
      scanned_at timestamptz not null,
      place text not null,
      details text,
      carrier_code text,
      body jsonb not null,
      received_at timestamptz not null default now(),
      processed_at timestamptz,
      outcome text,
      attempts integer not null default 0,
      next_at timestamptz not null default now(),
      unique (fid, waybill_no, level, scanned_at, place)
    )`);
    this.addSql('create index tracking_journal_waiting on tracking_journal (next_at) where processed_at is null');
    this.addSql('create index tracking_journal_waybill on tracking_journal (waybill_no, scanned_at)');

    this.addSql(`create table tracking_exceptions (
      id bigint generated always as identity primary key,
      kind text not null ${oneOf('kind', Object.keys(exceptionKinds))},
      fid text not null,
      delivery_no text,
      pickup_no text,
      carrier_code text,
      waybill_no text not null,
      reason text not null,
      first_at timestamptz not null default now(),
      last_at timestamptz not null default now(),
      count integer not null default 1,
      state text not null default 'open' ${oneOf('state', ['open', 'resolved'])},
      resolved_by text,
      resolved_at timestamptz,
      journal_id bigint references tracking_journal,
      waybill_id bigint references waybills
    )`);
    this.addSql(
      `create unique index tracking_exceptions_open on tracking_exceptions (kind, fid, waybill_no) where state = 'open'`,
    );
    this.addSql('create index tracking_exceptions_list on tracking_exceptions (state, last_at, id)');

    this.addSql(`create table batch_runs (
      workflow_id text not null,
      run_id text not null,
      batch text not null ${oneOf('batch', ['auto-complete', 'waybill-registration'])},
      trigger text not null ${oneOf('trigger', ['schedule', 'manual'])},
      by text not null,
      started_at timestamptz not null default now(),
      finished_at timestamptz,
      examined integer not null default 0,
      succeeded integer not null default 0,
      failed integer not null default 0,
      skipped integer not null default 0,
      errors jsonb not null default '[]',
      primary key (workflow_id, run_id)
    )`);
    this.addSql('create index batch_runs_list on batch_runs (batch, started_at)');
  }

  override down(): void {
    for (const table of ['batch_runs', 'tracking_exceptions', 'tracking_journal', 'waybill_registrations'])
      this.addSql(`drop table ${table}`);
    for (const index of ['to_register', 'to_ask', 'silent', 'number']) this.addSql(`drop index waybills_${index}`);
    this.addSql(`alter table waybills drop column registered_at, drop column registration_failures,
      drop column registration_refused_at, drop column tracking_level, drop column moved_at, drop column asked_at`);
  }
}
