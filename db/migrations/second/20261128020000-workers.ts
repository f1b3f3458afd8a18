import { Migration } from '@mikro-orm/migrations';

/** What a polling worker lacks, and the workflows whose code no worker runs for a while. */
export class Migration20261128020000 extends Migration {
  override up(): void {
    this.addSql(`alter table workers add column missing text[] not null default '{}'`);
    this.addSql(`create table workflow_quarantines (
      workflow_id text primary key,
      workflow_type text not null,
      run_id text not null,
      times integer not null default 1,
      first_at timestamptz not null default now(),
      last_at timestamptz not null default now(),
      until timestamptz not null
    )`);
  }

  override down(): void {
    this.addSql('drop table workflow_quarantines');
    this.addSql('alter table workers drop column missing');
  }
}
