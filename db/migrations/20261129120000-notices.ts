import { Migration } from '@mikro-orm/migrations';

/**
 * Messages to receivers (알림톡): rules by type of event, one notice an event, up to which event notices were made, and orders whose
 * people want none. A notice knows numbers and codes; name, phone and text are read and made when it is sent.
 */
export class Migration20261129120000 extends Migration {
  override up(): void {
    this.addSql(`create table notice_rules (
      type text primary key,
      template_code text not null,
      text text not null,
      variables jsonb not null,
      enabled boolean not null,
      by text not null,
      asked_at timestamptz not null,
      updated_at timestamptz not null default now()
    )`);
    this.addSql(`create table notices (
      id bigint generated always as identity primary key,
      event_id bigint not null constraint notices_event_id_key unique,
      type text not null,
      happened_at timestamptz not null,
      subject text not null,
      order_no text not null,
      data jsonb not null,
      state text not null default 'waiting' constraint notices_state_check
        check (state in ('waiting', 'sending', 'sent', 'skipped', 'failed', 'unknown')),
      reason text,
      due_at timestamptz not null default now(),
      attempts integer not null default 0,
      attempts_left integer not null,
      resent_at timestamptz,
      sending_at timestamptz,
      provider text,
      template_code text,
      message_id text,
      sent_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql("create index notices_due on notices (due_at, id) where state = 'waiting'");
    this.addSql("create index notices_sending on notices (sending_at) where state = 'sending'");
    this.addSql('create index notices_state on notices (state, id)');
    this.addSql('create index notices_order on notices (order_no, id)');
    // The id of the last event that was heard; its one row is the lock under which the next are. Null: from now on.
    this.addSql(`create table notice_head (
      one boolean primary key default true constraint notice_head_one check (one),
      event_id bigint
    )`);
    this.addSql('insert into notice_head (event_id) values (null)');
    this.addSql('alter table orders add column notices boolean not null default true');
    this.addSql('alter table orders add column notices_asked_at timestamptz');
  }

  override down(): void {
    this.addSql('alter table orders drop column notices_asked_at');
    this.addSql('alter table orders drop column notices');
    this.addSql('drop table notice_head');
    this.addSql('drop table notices');
    this.addSql('drop table notice_rules');
  }
}
