import { Migration } from '@mikro-orm/migrations';

/** Requests know what was told of each part, which executions never ended, and the member; plain facts know when they were asked. */
export class Migration20261128000000 extends Migration {
  override up(): void {
    this.addSql(`alter table requests
      add column member_id text not null default '',
      add column outcomes json,
      add column unended integer not null default 0`);
    this.addSql('alter table requests drop constraint requests_sub_method_path_key_key');
    this.addSql('alter table requests add constraint requests_caller_key unique (sub, member_id, method, path, key)');
    this.addSql('create index requests_suspected on requests (sweep_at) where answered_at is null and unended >= 2');
    this.addSql('alter table orders add column receiver_asked_at timestamptz');
    this.addSql('alter table shipping_products add column stock_asked_at timestamptz');
    this.addSql('alter table assembly_products add column asked_at timestamptz');
    this.addSql(`create table batch_pauses (
      schedule_id text primary key,
      paused boolean not null,
      asked_at timestamptz not null,
      by text not null
    )`);
  }

  override down(): void {
    this.addSql('drop table batch_pauses');
    this.addSql('alter table assembly_products drop column asked_at');
    this.addSql('alter table shipping_products drop column stock_asked_at');
    this.addSql('alter table orders drop column receiver_asked_at');
    this.addSql('drop index requests_suspected');
    this.addSql('alter table requests drop constraint requests_caller_key');
    this.addSql('alter table requests add constraint requests_sub_method_path_key_key unique (sub, method, path, key)');
    this.addSql('alter table requests drop column member_id, drop column outcomes, drop column unended');
  }
}
