import { Migration } from '@mikro-orm/migrations';

/**
 * Events, written with the history rows that they tell of, in a partition a day that is dropped whole when its time is over; one for
 * the rest, so that a day without a partition stops nobody. `key` is drawn when an event is written, `id` when it is put in order.
 */
export class Migration20261129100000 extends Migration {
  override up(): void {
    this.addSql(`create table events (
      key bigint generated always as identity,
      stored_at timestamptz not null default now(),
      id bigint,
      type text not null,
      at timestamptz not null,
      subject text not null,
      data jsonb not null,
      history_id bigint,
      corrects bigint,
      primary key (key, stored_at)
    ) partition by range (stored_at)`);
    this.addSql('create index events_id on events (id) where id is not null');
    this.addSql('create index events_unordered on events (key) where id is null');
    this.addSql('create index events_subject on events (subject, key)');
    this.addSql('create table events_rest partition of events default');
    this.addSql(`do $$
      declare first date := (now() at time zone 'Asia/Seoul')::date;
      begin
        for ahead in 0..14 loop
          execute format('create table %I partition of events for values from (%L) to (%L)',
            'events_' || to_char(first + ahead, 'YYYYMMDD'),
            (first + ahead)::timestamp at time zone 'Asia/Seoul', (first + ahead + 1)::timestamp at time zone 'Asia/Seoul');
        end loop;
      end $$`);
    // The id of the last event that was put in order; its one row is the lock under which the next are.
    this.addSql(`create table event_head (
      one boolean primary key default true constraint event_head_one check (one),
      id bigint not null
    )`);
    this.addSql('insert into event_head (id) values (0)');
  }

  override down(): void {
    this.addSql('drop table event_head');
    this.addSql('drop table events');
  }
}
