import { Migration } from '@mikro-orm/migrations';
import { planStates, stockMoves } from '../../../domain/assembly.ts';

const oneOf = (column: string, values: string[]) => `check (${column} in (${values.map((value) => `'${value}'`).join(', ')}))`;

/** Shipping products with stock and ledger, assembly products with their materials, assembly plans with their history. */
export class Migration20261123050000 extends Migration {
  override up(): void {
    this.addSql(`create table shipping_products (
      shipping_product_id bigint primary key,
      member_id bigint,
      product_name text not null,
      stock bigint check (stock >= 0),
      reserved bigint not null default 0 check (reserved >= 0),
      shortfall bigint not null default 0 check (shortfall >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    ) with (fillfactor = 85)`);
    this.addSql('create index shipping_products_member on shipping_products (member_id, shipping_product_id)');
    this.addSql('create index shipping_products_shortfall on shipping_products (shipping_product_id) where shortfall > 0');

    this.addSql(`create table stock_ledger (
      id bigint generated always as identity primary key,
      shipping_product_id bigint not null references shipping_products,
      at timestamptz not null default now(),
      by text not null,
      kind text not null ${oneOf('kind', Object.keys(stockMoves))},
      delta bigint not null,
      stock bigint not null check (stock >= 0),
      shortfall bigint not null default 0,
      reason text,
      delivery_no text,
      line_no integer,
      pickup_no text,
      assembly_plan_uid bigint,
      request_id text not null
    )`);
    this.addSql('create index stock_ledger_product on stock_ledger (shipping_product_id, id)');
    this.addSql('create index stock_ledger_line on stock_ledger (delivery_no, line_no, id) where delivery_no is not null');
    this.addSql(
      'create index stock_ledger_pickup on stock_ledger (pickup_no, shipping_product_id, id) where pickup_no is not null',
    );
    this.addSql(`create index stock_ledger_plan on stock_ledger (assembly_plan_uid, shipping_product_id, id)
      where assembly_plan_uid is not null`);

    this.addSql(`create table assembly_products (
      assembly_product_uid bigint generated always as identity primary key,
      member_id bigint not null,
      shipping_product_id bigint not null unique references shipping_products,
      comment text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql('create index assembly_products_member on assembly_products (member_id, assembly_product_uid)');
    this.addSql(`create table assembly_materials (
      assembly_product_uid bigint not null references assembly_products,
      position integer not null,
      shipping_product_id bigint not null references shipping_products,
      quantity bigint not null check (quantity >= 1),
      primary key (assembly_product_uid, position),
      unique (assembly_product_uid, shipping_product_id)
    )`);

    this.addSql('create sequence assembly_plan_uid_seq');
    this.addSql(`create table assembly_plans (
      assembly_plan_uid bigint primary key,
      assembly_product_uid bigint not null references assembly_products,
      member_id bigint not null,
      shipping_product_id bigint not null references shipping_products,
      plan_quantity bigint not null check (plan_quantity >= 1),
      completed_quantity bigint check (completed_quantity between 1 and plan_quantity),
      plan_date date not null,
      comment text,
      state text not null constraint assembly_plans_state ${oneOf('state', Object.keys(planStates))},
      revision integer not null check (revision >= 1),
      due_at timestamptz not null,
      overdue_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      request_id text not null unique,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint assembly_plans_completed check ((state = 'completed') = (completed_quantity is not null)),
      constraint assembly_plans_finished check ((state in ('completed', 'canceled')) = (finished_at is not null))
    )`);
    this.addSql('create index assembly_plans_member on assembly_plans (member_id, assembly_plan_uid)');
    this.addSql('create index assembly_plans_product on assembly_plans (assembly_product_uid, assembly_plan_uid)');
    this.addSql('create index assembly_plans_state on assembly_plans (state, assembly_plan_uid)');
    this.addSql('create index assembly_plans_open on assembly_plans (shipping_product_id, due_at) where finished_at is null');
    this.addSql('create index assembly_plans_not_started on assembly_plans (created_at) where started_at is null');
    this.addSql(`create table assembly_plan_materials (
      assembly_plan_uid bigint not null references assembly_plans,
      shipping_product_id bigint not null references shipping_products,
      quantity bigint not null check (quantity >= 1),
      primary key (assembly_plan_uid, shipping_product_id)
    )`);
    this.addSql(`create table assembly_plan_history (
      id bigint generated always as identity primary key,
      assembly_plan_uid bigint not null,
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
    this.addSql(`create unique index assembly_plan_history_request on assembly_plan_history (request_id, assembly_plan_uid, command)
      where voided_at is null`);
    this.addSql('create index assembly_plan_history_plan on assembly_plan_history (assembly_plan_uid, at)');
    this.addSql(`create unique index assembly_plan_history_revision on assembly_plan_history (assembly_plan_uid, revision)
      where voided_at is null and revision is not null`);

    // What is promised, and what waits, of a product.
    this.addSql(
      `create index delivery_lines_released on delivery_lines (product_id) include (valid_quantity) where state = 'released'`,
    );
    this.addSql(`create index delivery_lines_waiting on delivery_lines (product_id, ordered_at, delivery_no, line_no)
      include (valid_quantity, auto_clear) where state = 'awaitingShipment'`);
  }

  override down(): void {
    this.addSql('drop index delivery_lines_waiting');
    this.addSql('drop index delivery_lines_released');
    for (const table of ['assembly_plan_history', 'assembly_plan_materials', 'assembly_plans'])
      this.addSql(`drop table ${table}`);
    this.addSql('drop sequence assembly_plan_uid_seq');
    for (const table of ['assembly_materials', 'assembly_products', 'stock_ledger', 'shipping_products'])
      this.addSql(`drop table ${table}`);
  }
}
