import { Migration } from '@mikro-orm/migrations';

/**
 * Number ranges (운송장 대역) of a carrier and a place, from which lines that leave without a number take the next one. A waybill knows
 * the range it was drawn from, and the request that drew it: lines of one delivery in one command share it.
 */
export class Migration20261129130000 extends Migration {
  override up(): void {
    this.addSql(`create table waybill_ranges (
      range_no bigint generated always as identity primary key,
      place_no bigint not null constraint waybill_ranges_place_no_fkey references shipping_places,
      carrier_code text not null,
      rule text not null constraint waybill_ranges_rule_check check (rule in ('lotte', 'none')),
      digits integer not null,
      first_no bigint not null,
      last_no bigint not null,
      next_no bigint not null,
      low_at integer not null,
      low_told_at timestamptz,
      paused boolean not null,
      auto_waybill boolean not null,
      by text not null,
      asked_at timestamptz not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint waybill_ranges_numbers check (first_no <= next_no and next_no <= last_no + 1)
    )`);
    this.addSql('create index waybill_ranges_place on waybill_ranges (place_no, carrier_code, range_no)');
    this.addSql('create index waybill_ranges_carrier on waybill_ranges (carrier_code, range_no)');
    this.addSql(
      'alter table waybills add column range_no bigint constraint waybills_range_no_fkey references waybill_ranges, add column drawn_by text',
    );
  }

  override down(): void {
    this.addSql('alter table waybills drop column drawn_by, drop column range_no');
    this.addSql('drop table waybill_ranges');
  }
}
