import { Migration } from '@mikro-orm/migrations';

/** A job says how many of its rows are no parcels and are left out, and finds them. */
export class Migration20261128110000 extends Migration {
  override up(): void {
    this.addSql('alter table bulk_shipments add column not_parcels integer not null default 0');
    this.addSql(`create index bulk_shipment_rows_left_out on bulk_shipment_rows (job_id, row_no)
      where status = 'skipped' and codes <> '[]'::jsonb`);
  }

  override down(): void {
    this.addSql('drop index bulk_shipment_rows_left_out');
    this.addSql('alter table bulk_shipments drop column not_parcels');
  }
}
