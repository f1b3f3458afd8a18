import { Migration } from '@mikro-orm/migrations';

const batches = (ids: string[]) =>
  `add constraint batch_runs_batch_check check (batch in (${ids.map((id) => `'${id}'`).join(', ')}))`;

/** The end of personal data: which orders still have people, which callbacks their body, and the runs that erase them. */
export class Migration20261128010000 extends Migration {
  override up(): void {
    this.addSql('alter table orders add column open_until timestamptz, add column people_erased_at timestamptz');
    // Looking at an order that is still open, or has not ended for long enough, moves it on, so that each is looked at about twice.
    this.addSql(`create index orders_with_people on orders (coalesce(open_until, created_at), order_no)
      where people_erased_at is null`);
    this.addSql('alter table tracking_journal alter column body drop not null');
    this.addSql('create index tracking_journal_with_body on tracking_journal (received_at) where body is not null');
    this.addSql(`alter table batch_runs drop constraint batch_runs_batch_check,
      ${batches(['auto-complete', 'waybill-registration', 'personal-data'])}`);
  }

  override down(): void {
    this.addSql(`delete from batch_runs where batch = 'personal-data'`);
    this.addSql(`alter table batch_runs drop constraint batch_runs_batch_check,
      ${batches(['auto-complete', 'waybill-registration'])}`);
    this.addSql('drop index tracking_journal_with_body');
    this.addSql(`update tracking_journal set body = '{}' where body is null`);
    this.addSql('alter table tracking_journal alter column body set not null');
    this.addSql('alter table orders drop column open_until, drop column people_erased_at');
  }
}
