import { Migration } from '@mikro-orm/migrations';

/** What the relay and the people who look after its exceptions need: looked-at silence, replays, and an index for every list. */
export class Migration20261123022000 extends Migration {
  override up(): void {
    // Two clocks: until the first scan, and since the last one. Looking at a waybill starts its clock again, so that no look
    // walks over what the one before has seen.
    this.addSql('drop index waybills_silent');
    this.addSql('alter table waybills add column looked_at timestamptz');
    this.addSql(`create index waybills_unscanned on waybills (greatest(looked_at, opened_at))
      where closed_at is null and moved_at is null`);
    this.addSql(`create index waybills_stalled on waybills (greatest(looked_at, moved_at))
      where closed_at is null and moved_at is not null and tracking_level < 6`);

    this.addSql('alter table tracking_journal add column replayed_by text');
    // Whole milliseconds, as a cursor holds them: a page goes on exactly where the last one ended.
    this.addSql(`alter table tracking_exceptions add column resolution text,
      alter column first_at type timestamptz(3), alter column last_at type timestamptz(3)`);
    this.addSql('create index tracking_exceptions_journal on tracking_exceptions (journal_id) where journal_id is not null');
    this.addSql('create index tracking_exceptions_waybill on tracking_exceptions (waybill_id) where waybill_id is not null');
    for (const [name, columns] of [
      ['last', 'last_at, id'],
      ['first', 'first_at, id'],
      ['state_first', 'state, first_at, id'],
      ['kind', 'kind, last_at, id'],
      ['delivery', 'delivery_no, last_at, id'],
      ['pickup', 'pickup_no, last_at, id'],
      ['waybill_no', 'waybill_no, last_at, id'],
      ['updated', 'greatest(last_at, resolved_at)'],
    ])
      this.addSql(`create index tracking_exceptions_by_${name} on tracking_exceptions (${columns})`);
  }

  override down(): void {
    for (const name of ['last', 'first', 'state_first', 'kind', 'delivery', 'pickup', 'waybill_no', 'updated'])
      this.addSql(`drop index tracking_exceptions_by_${name}`);
    for (const name of ['journal', 'waybill']) this.addSql(`drop index tracking_exceptions_${name}`);
    this.addSql(`alter table tracking_exceptions drop column resolution,
      alter column first_at type timestamptz, alter column last_at type timestamptz`);
    this.addSql('alter table tracking_journal drop column replayed_by');
    for (const name of ['unscanned', 'stalled']) this.addSql(`drop index waybills_${name}`);
    this.addSql('alter table waybills drop column looked_at');
    this.addSql(`create index waybills_silent on waybills (coalesce(moved_at, opened_at))
      where closed_at is null and (tracking_level is null or tracking_level < 6)`);
  }
}
