import { Migration } from '@mikro-orm/migrations';

/** Batches of work (작업차수): numbered sets of released lines. A line is in one open batch at most. */
export class Migration20261129150000 extends Migration {
  override up(): void {
    this.addSql(`create table work_batches (
      work_batch_no bigint generated always as identity primary key,
      state text not null default 'created' constraint work_batches_state_check
        check (state in ('created', 'picking', 'verifying', 'completed')),
      owner text not null,
      owner_asked_at timestamptz not null,
      state_asked_at timestamptz not null,
      place_no bigint,
      created_by text not null,
      created_at timestamptz not null default now(),
      completed_at timestamptz,
      updated_at timestamptz not null default now(),
      constraint work_batches_completed check ((state = 'completed') = (completed_at is not null))
    )`);
    this.addSql('create index work_batches_state on work_batches (state, work_batch_no)');
    this.addSql('create index work_batches_owner on work_batches (owner, work_batch_no)');
    this.addSql('create index work_batches_place on work_batches (place_no, work_batch_no)');
    this.addSql("create index work_batches_open on work_batches (work_batch_no) where state <> 'completed'");
    this.addSql(`create table work_batch_lines (
      work_batch_no bigint not null references work_batches,
      delivery_no text not null,
      line_no integer not null,
      is_open boolean not null default true,
      dropped_as text constraint work_batch_lines_dropped_as_check
        check (dropped_as in ('canceled', 'merged', 'stockout', 'unreleased', 'removed')),
      primary key (work_batch_no, delivery_no, line_no),
      constraint work_batch_lines_dropped check (not is_open or dropped_as is null)
    )`);
    this.addSql('create unique index work_batch_lines_open on work_batch_lines (delivery_no, line_no) where is_open');
    this.addSql('create index work_batch_lines_line on work_batch_lines (delivery_no, line_no, work_batch_no)');
  }

  override down(): void {
    this.addSql('drop table work_batch_lines');
    this.addSql('drop table work_batches');
  }
}
