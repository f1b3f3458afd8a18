import { Migration } from '@mikro-orm/migrations';
import { feeTypes, imposeTypes } from '../../../domain/shipping/bundle-fee.ts';

const oneOf = (column: string, values: object) => `check (${column} in (${Object.keys(values).join(', ')}))`;

/** Shipping places, their bundle fee policies and who changed them; the terms an order was given; what a pickup costs. */
export class Migration20261123040000 extends Migration {
  override up(): void {
    this.addSql('create sequence shipping_place_no_seq start 176042');
    this.addSql(`create table shipping_places (
      place_no bigint primary key default nextval('shipping_place_no_seq'),
      place_name text not null,
      zip_code text not null,
      addr1 text not null,
      addr2 text,
      is_default boolean not null,
      surcharge_on boolean not null,
      jeju_surcharge bigint not null check (jeju_surcharge >= 0),
      remote_surcharge bigint not null check (remote_surcharge >= 0),
      impose_type integer not null ${oneOf('impose_type', imposeTypes)},
      asked_at timestamptz not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql('create unique index shipping_places_default on shipping_places (is_default) where is_default');

    this.addSql('create sequence shipping_policy_no_seq start 663289');
    this.addSql(`create table shipping_policies (
      policy_no bigint primary key default nextval('shipping_policy_no_seq'),
      place_no bigint not null references shipping_places,
      fee_type integer not null ${oneOf('fee_type', feeTypes)},
      fee bigint not null check (fee >= 0),
      condition bigint not null check (condition >= 0),
      is_prepayment boolean not null,
      is_cash_on_delivery boolean not null,
      is_default boolean not null,
      asked_at timestamptz not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint shipping_policies_paid check (fee_type = 1 or (fee > 0 and (is_prepayment or is_cash_on_delivery))),
      constraint shipping_policies_condition check (fee_type <> 3 or condition between 1000 and 9999999)
    )`);
    this.addSql('create index shipping_policies_place on shipping_policies (place_no, policy_no)');
    this.addSql('create unique index shipping_policies_default on shipping_policies (place_no) where is_default');

    this.addSql(`create table shipping_changes (
      request_id text primary key,
      at timestamptz not null default now(),
      by text not null,
      place_no bigint not null,
      policy_no bigint,
      body jsonb not null,
      answer json not null
    )`);
    this.addSql('create index shipping_changes_place on shipping_changes (place_no, at)');

    this.addSql('alter table deliveries add column fee_terms jsonb');
    this.addSql(`alter table pickups add column collection_fee bigint not null default 0 check (collection_fee >= 0),
      add column fee_before bigint not null default 0, add column fee_after bigint not null default 0`);
  }

  override down(): void {
    this.addSql('alter table pickups drop column collection_fee, drop column fee_before, drop column fee_after');
    this.addSql('alter table deliveries drop column fee_terms');
    for (const table of ['shipping_changes', 'shipping_policies', 'shipping_places']) this.addSql(`drop table ${table}`);
    this.addSql('drop sequence shipping_policy_no_seq');
    this.addSql('drop sequence shipping_place_no_seq');
  }
}
