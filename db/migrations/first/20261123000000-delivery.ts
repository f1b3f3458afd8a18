import { Migration } from '@mikro-orm/migrations';
import { deliveryStates } from '../../../domain/deliveries/line.ts';
import { methods } from '../../../domain/delivery-method.ts';

const oneOf = (column: string, values: string[]) => `check (${column} in (${values.map((value) => `'${value}'`).join(', ')}))`;

/** A row of the delivery lists: valid quantity and not canceled (docs/sources/requirements.md#delivery-6). */
const LISTED = `valid_quantity > 0 and state <> 'canceled'`;
const DATES = ['instructed_at', 'released_at', 'shipped_at', 'delivered_at'];

/** Orders, deliveries, their lines and history, stored requests, waybills, access rows. */
export class Migration20261123000000 extends Migration {
  override up(): void {
    this.addSql(`create table orders (
      order_no text primary key,
      body_hash text not null,
      channel text,
      ordered_at timestamptz not null,
      orderer_name text not null,
      orderer_phone text not null,
      orderer_email text,
      receiver_name text not null,
      receiver_phone text not null,
      receiver_zip_code text not null,
      receiver_address1 text not null,
      receiver_address2 text,
      receiver_memo text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql(`create function digits(text) returns text language sql immutable strict parallel safe
      return regexp_replace($1, '[^0-9]', '', 'g')`);
    this.addSql('create index orders_receiver_name on orders (receiver_name)');
    this.addSql('create index orders_orderer_name on orders (orderer_name)');
    this.addSql('create index orders_receiver_phone on orders (digits(receiver_phone))');
    this.addSql('create index orders_orderer_phone on orders (digits(orderer_phone))');

    this.addSql(`create table order_lines (
      order_no text not null references orders,
      line_no integer not null,
      delivery_no text not null,
      product_id bigint not null,
      product_name text not null,
      option_name text,
      quantity integer not null check (quantity between 1 and 9999),
      unit_price bigint not null check (unit_price >= 0),
      place_no bigint,
      method_code text not null ${oneOf('method_code', Object.keys(methods))},
      policy_no bigint,
      primary key (order_no, line_no)
    )`);
    // Korean words are often two letters long: pairs of letters, where pg_trgm would need three.
    this.addSql(`create function letter_pairs(text) returns text[] language sql immutable strict parallel safe
      return (select coalesce(array_agg(distinct substr(lower($1), at, 2)), '{}') from generate_series(1, length($1) - 1) at)`);
    this.addSql('create index order_lines_product_name on order_lines using gin (letter_pairs(product_name))');

    this.addSql('create sequence delivery_no_seq');
    this.addSql(`create table deliveries (
      delivery_no text primary key,
      order_no text not null references orders,
      kind text not null ${oneOf('kind', ['order', 'exchange'])},
      place_no bigint,
      method_code text not null ${oneOf('method_code', Object.keys(methods))},
      ordered_at timestamptz not null,
      fee_policy_no bigint,
      fee_type integer,
      base_fee bigint not null default 0 check (base_fee >= 0),
      surcharge bigint not null default 0 check (surcharge >= 0),
      fee bigint not null default 0 check (fee >= 0),
      payment text not null default 'none' ${oneOf('payment', ['prepaid', 'collect', 'none'])},
      created_at timestamptz not null default now()
    )`);
    this.addSql('create index deliveries_order_no on deliveries (order_no)');

    this.addSql(`create table delivery_lines (
      delivery_no text not null references deliveries,
      line_no integer not null,
      order_no text not null,
      kind text not null ${oneOf('kind', ['order', 'exchange'])},
      product_id bigint not null,
      place_no bigint,
      method_code text not null ${oneOf('method_code', Object.keys(methods))},
      ordered_at timestamptz not null,
      state text not null constraint delivery_lines_state ${oneOf('state', Object.keys(deliveryStates))},
      revision integer not null check (revision >= 1),
      quantity integer not null check (quantity >= 1),
      canceled integer not null default 0 check (canceled >= 0),
      returned integer not null default 0 check (returned >= 0),
      valid_quantity integer not null generated always as (quantity - canceled - returned) stored check (valid_quantity >= 0),
      claims jsonb not null default '{}',
      carrier_code text,
      waybill_no text,
      tracking_level integer,
      instructed_at timestamptz,
      released_at timestamptz,
      shipped_at timestamptz,
      delivered_at timestamptz,
      stockout_reason text,
      stockout_expected_at timestamptz,
      auto_clear boolean not null default true,
      started_at timestamptz,
      finished_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (delivery_no, line_no),
      unique (order_no, line_no),
      foreign key (order_no, line_no) references order_lines,
      constraint delivery_lines_parcel_has_waybill
        check (method_code <> '10' or state not in ('shipped', 'delivered') or (carrier_code is not null and waybill_no is not null)),
      constraint delivery_lines_canceled_is_empty check (state <> 'canceled' or valid_quantity = 0)
    ) with (fillfactor = 85)`);
    const listed = (name: string, columns: string, also = '') =>
      this.addSql(
        `create index delivery_lines_${name} on delivery_lines (${columns}, delivery_no, line_no) where ${LISTED}${also}`,
      );
    listed('ordered', 'ordered_at');
    listed('state_ordered', 'state, ordered_at');
    for (const date of DATES) listed(date, date, ` and ${date} is not null`);
    listed('place', 'place_no, ordered_at');
    listed('method', 'method_code, ordered_at');
    listed('carrier', 'carrier_code, ordered_at', ' and carrier_code is not null');
    listed('exchange', 'ordered_at', ` and kind = 'exchange'`);
    listed('updated', 'updated_at');
    this.addSql('create index delivery_lines_waybill on delivery_lines (waybill_no, carrier_code) where waybill_no is not null');
    this.addSql('create index delivery_lines_not_started on delivery_lines (created_at) where started_at is null');

    this.addSql(`create table delivery_history (
      id bigint generated always as identity primary key,
      delivery_no text not null,
      line_no integer not null,
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
    this.addSql(`create unique index delivery_history_request on delivery_history (request_id, delivery_no, line_no, command)
      where voided_at is null`);
    this.addSql('create index delivery_history_delivery on delivery_history (delivery_no, at)');
    this.addSql(`create unique index delivery_history_revision on delivery_history (delivery_no, line_no, revision)
      where voided_at is null and revision is not null`);

    this.addSql(`create table requests (
      id text primary key,
      sub text not null,
      method text not null,
      path text not null,
      key text not null,
      operation text not null,
      params jsonb not null,
      body_hash text not null,
      body jsonb not null,
      reason text,
      respond_async boolean not null default false,
      trace_id text not null,
      status integer,
      answer json,
      attempts integer not null default 1,
      created_at timestamptz not null default now(),
      locked_until timestamptz,
      sweep_at timestamptz not null,
      answered_at timestamptz,
      unique (sub, method, path, key)
    )`);
    this.addSql('create index requests_unanswered on requests (sweep_at) where answered_at is null');
    this.addSql('create index requests_answered on requests (answered_at) where answered_at is not null');

    this.addSql(`create table waybills (
      id bigint generated always as identity primary key,
      carrier_code text not null,
      waybill_no text not null,
      delivery_no text not null references deliveries,
      opened_at timestamptz not null default now(),
      closed_at timestamptz
    )`);
    this.addSql('create unique index waybills_open on waybills (carrier_code, waybill_no) where closed_at is null');
    this.addSql('create index waybills_delivery on waybills (delivery_no)');

    this.addSql(`create table personal_data_accesses (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      sub text not null,
      ip text not null,
      route text not null,
      subject text not null,
      fields text[] not null,
      reason text
    )`);
    this.addSql('create index personal_data_accesses_at on personal_data_accesses (at, id)');
    this.addSql('create index personal_data_accesses_sub on personal_data_accesses (sub, at, id)');
    this.addSql('create index personal_data_accesses_subject on personal_data_accesses (subject, at, id)');

    this.addSql(
      'create table workers (id text primary key, task_queue text not null, seen_at timestamptz not null default now())',
    );
  }

  override down(): void {
    for (const table of [
      'workers',
      'personal_data_accesses',
      'waybills',
      'requests',
      'delivery_history',
      'delivery_lines',
      'deliveries',
    ])
      this.addSql(`drop table ${table}`);
    this.addSql('drop sequence delivery_no_seq');
    this.addSql('drop table order_lines');
    this.addSql('drop function letter_pairs(text)');
    this.addSql('drop table orders');
    this.addSql('drop function digits(text)');
  }
}
