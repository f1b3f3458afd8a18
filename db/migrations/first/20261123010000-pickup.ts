import { Migration } from '@mikro-orm/migrations';
import { pickupStates, reasonCodes } from '../../../domain/pickups/pickup.ts';

const oneOf = (column: string, values: string[]) => `check (${column} in (${values.map((value) => `'${value}'`).join(', ')}))`;

/** Claims, pickups with their items and history; a waybill may belong to a pickup; an exchange's delivery names its pickup. */
export class Migration20261123010000 extends Migration {
  override up(): void {
    this.addSql(`create table claims (
      claim_no text primary key,
      order_no text not null references orders,
      kind text not null ${oneOf('kind', ['return', 'exchange'])},
      body_hash text not null,
      status text not null ${oneOf('status', ['reserving', 'open', 'releasing'])},
      request_id text not null,
      pickup_nos jsonb not null,
      created_at timestamptz not null default now()
    )`);
    this.addSql('create index claims_order on claims (order_no)');
    this.addSql('create sequence pickup_no_seq');
    this.addSql(`create table pickups (
      pickup_no text primary key,
      claim_no text not null references claims,
      order_no text not null references orders,
      original_delivery_no text not null references deliveries,
      exchange_delivery_no text,
      kind text not null ${oneOf('kind', ['return', 'exchange'])},
      converted_from_exchange boolean not null default false,
      state text not null constraint pickups_state ${oneOf('state', Object.keys(pickupStates))},
      held boolean not null default false,
      hold_reason text,
      revision integer not null check (revision >= 1),
      carrier_code text,
      waybill_no text,
      tracking_level integer,
      arrived_at timestamptz,
      requested_at timestamptz not null,
      instructed_at timestamptz,
      confirmed_at timestamptz,
      completed_at timestamptz,
      finished_at timestamptz,
      started_at timestamptz,
      pickup_name text not null,
      pickup_phone text not null,
      pickup_zip_code text not null,
      pickup_address1 text not null,
      pickup_address2 text,
      pickup_memo text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint pickups_held check (not held or state = 'confirmed'),
      constraint pickups_waybill_whole check ((carrier_code is null) = (waybill_no is null))
    )`);
    this.addSql('create index pickups_requested on pickups (requested_at, pickup_no)');
    this.addSql('create index pickups_state on pickups (state, requested_at, pickup_no)');
    this.addSql('create index pickups_kind on pickups (kind, requested_at, pickup_no)');
    for (const date of ['instructed_at', 'confirmed_at', 'completed_at'])
      this.addSql(`create index pickups_${date} on pickups (${date}, pickup_no) where ${date} is not null`);
    this.addSql('create index pickups_updated on pickups (updated_at, pickup_no)');
    for (const column of ['claim_no', 'order_no', 'original_delivery_no'])
      this.addSql(`create index pickups_${column} on pickups (${column})`);
    this.addSql('create index pickups_waybill on pickups (waybill_no, carrier_code) where waybill_no is not null');
    this.addSql('create index pickups_not_started on pickups (created_at) where started_at is null');

    this.addSql(`create table pickup_items (
      pickup_no text not null references pickups on delete cascade,
      line_no integer not null,
      product_id bigint not null,
      product_name text not null,
      option_name text,
      quantity integer not null check (quantity >= 1),
      reason_code text not null ${oneOf('reason_code', Object.keys(reasonCodes))},
      reason text,
      exchange_product_id bigint,
      exchange_product_name text,
      exchange_option_name text,
      restock integer,
      dispose integer,
      fault text ${oneOf('fault', ['buyer', 'seller'])},
      primary key (pickup_no, line_no),
      constraint pickup_items_inspected check (restock is null or (restock >= 0 and dispose >= 0 and restock + dispose = quantity))
    )`);
    this.addSql(`create table pickup_history (
      id bigint generated always as identity primary key,
      pickup_no text not null,
      at timestamptz not null,
      by text not null,
      command text not null,
      from_state text,
      to_state text not null,
      revision integer,
      reason text,
      refused text,
      request_id text not null,
      snapshot jsonb,
      voided_at timestamptz
    )`);
    this.addSql(
      'create unique index pickup_history_request on pickup_history (request_id, pickup_no, command) where voided_at is null',
    );
    this.addSql('create index pickup_history_pickup on pickup_history (pickup_no, at)');
    this.addSql(`create unique index pickup_history_revision on pickup_history (pickup_no, revision)
      where voided_at is null and revision is not null`);

    this.addSql('alter table waybills alter column delivery_no drop not null, add column pickup_no text references pickups');
    this.addSql('alter table waybills add constraint waybills_one_owner check (num_nonnulls(delivery_no, pickup_no) = 1)');
    this.addSql('create index waybills_pickup on waybills (pickup_no) where pickup_no is not null');
    this.addSql('alter table deliveries add column pickup_no text references pickups');
    this.addSql('create unique index deliveries_pickup on deliveries (pickup_no) where pickup_no is not null');
  }

  override down(): void {
    this.addSql('alter table deliveries drop column pickup_no');
    this.addSql('delete from waybills where pickup_no is not null');
    this.addSql('alter table waybills drop column pickup_no, alter column delivery_no set not null');
    for (const table of ['pickup_history', 'pickup_items', 'pickups']) this.addSql(`drop table ${table}`);
    this.addSql('drop sequence pickup_no_seq');
    this.addSql('drop table claims');
  }
}
