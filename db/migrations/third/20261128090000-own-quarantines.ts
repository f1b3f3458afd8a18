import { Migration } from '@mikro-orm/migrations';

/** Who has put a workflow into quarantine, and from which attempt the pauses of a replayed callback count. */
export class Migration20261128090000 extends Migration {
  override up(): void {
    this.addSql(`alter table workflow_quarantines add column put_by text[] not null default '{}'`);
    this.addSql('alter table tracking_journal add column attempts_before integer not null default 0');
  }

  override down(): void {
    this.addSql('alter table tracking_journal drop column attempts_before');
    this.addSql('alter table workflow_quarantines drop column put_by');
  }
}
