import { Migration } from '@mikro-orm/migrations';

/** What was printed of which delivery: a label that is printed again says so. */
export class Migration20261129140000 extends Migration {
  override up(): void {
    this.addSql(`create table prints (
      id bigint generated always as identity primary key,
      kind text not null constraint prints_kind check (kind in ('picking-list', 'packing-list', 'label')),
      delivery_no text not null constraint prints_delivery_no_fkey references deliveries (delivery_no),
      carrier_code text,
      waybill_no text,
      copy integer not null constraint prints_copy_check check (copy >= 1),
      at timestamptz not null default now(),
      by text not null,
      request_key text not null,
      body_hash text not null,
      constraint prints_label_has_waybill check
        ((kind = 'label') = (waybill_no is not null) and (kind = 'label') = (carrier_code is not null))
    )`);
    this.addSql('create index prints_delivery on prints (delivery_no, id)');
    this.addSql('create index prints_waybill on prints (waybill_no, carrier_code) where waybill_no is not null');
    this.addSql('create index prints_request on prints (request_key)');
  }

  override down(): void {
    this.addSql('drop table prints');
  }
}
