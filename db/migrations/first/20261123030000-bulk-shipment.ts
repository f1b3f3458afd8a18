import { Migration } from '@mikro-orm/migrations';

/** 출고완료 일괄: uploads, jobs and their rows; how long admins' commands wait; access rows that name many numbers. */
export class Migration20261123030000 extends Migration {
  override up(): void {
    this.addSql(`create table bulk_uploads (
      hash text primary key,
      content bytea not null,
      created_at timestamptz not null default now()
    )`);
    // Packed already: compressing it again only costs time.
    this.addSql('alter table bulk_uploads alter column content set storage external');
    this.addSql('create index bulk_uploads_created on bulk_uploads (created_at)');

    this.addSql(`create table bulk_shipments (
      id text primary key,
      request_id text not null,
      start_request_id text,
      file_name text not null,
      by text not null,
      state text not null constraint bulk_shipments_state
        check (state in ('reading', 'validated', 'running', 'completed', 'canceled')),
      titles jsonb not null default '[]',
      total integer not null default 0,
      valid integer not null default 0,
      invalid integer not null default 0,
      skipped integer not null default 0,
      succeeded integer not null default 0,
      failed integer not null default 0,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      cancel_at timestamptz,
      finished_at timestamptz,
      constraint bulk_shipments_counts check (total = valid + invalid + skipped and succeeded + failed <= valid)
    )`);
    // An upload executed twice, after a crash, becomes one job.
    this.addSql(`create unique index bulk_shipments_request on bulk_shipments (request_id) where state <> 'reading'`);
    this.addSql(`create index bulk_shipments_listed on bulk_shipments (created_at, id) where state <> 'reading'`);
    this.addSql(
      `create index bulk_shipments_ended on bulk_shipments (coalesce(finished_at, created_at)) where state <> 'running'`,
    );
    this.addSql(
      'create index bulk_shipments_start on bulk_shipments (start_request_id) where start_request_id is not null and finished_at is null',
    );

    this.addSql(`create table bulk_shipment_rows (
      job_id text not null references bulk_shipments on delete cascade,
      row_no integer not null,
      delivery_no text not null,
      line_no integer,
      carrier_code text,
      waybill_no text,
      line_nos jsonb,
      status text check (status in ('pending', 'invalid', 'skipped', 'succeeded', 'failed')),
      codes jsonb not null,
      states jsonb not null default '[]',
      failed_line_nos jsonb not null default '[]',
      cells jsonb not null,
      primary key (job_id, row_no)
    )`);
    this.addSql(`create index bulk_shipment_rows_pending on bulk_shipment_rows (job_id, row_no) where status = 'pending'`);
    this.addSql(
      `create index bulk_shipment_rows_faulty on bulk_shipment_rows (job_id, row_no) where status in ('invalid', 'failed')`,
    );

    this.addSql(`create unlogged table command_pace (
      process text primary key,
      wait_ms integer not null,
      at timestamptz not null default now()
    )`);

    this.addSql('alter table personal_data_accesses add column subjects text[]');
    this.addSql(`create index personal_data_accesses_subjects on personal_data_accesses using gin (subjects)
      where subjects is not null`);
  }

  override down(): void {
    this.addSql('alter table personal_data_accesses drop column subjects');
    for (const table of ['command_pace', 'bulk_shipment_rows', 'bulk_shipments', 'bulk_uploads'])
      this.addSql(`drop table ${table}`);
  }
}
