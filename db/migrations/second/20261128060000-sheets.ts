import { Migration } from '@mikro-orm/migrations';

/** A job says how many of its rows were hidden in the sheet, and a row which of its columns could not be read. */
export class Migration20261128060000 extends Migration {
  override up(): void {
    this.addSql('alter table bulk_shipments add column hidden_rows integer not null default 0');
    this.addSql("alter table bulk_shipment_rows add column unread_columns jsonb not null default '[]'");
  }

  override down(): void {
    this.addSql('alter table bulk_shipment_rows drop column unread_columns');
    this.addSql('alter table bulk_shipments drop column hidden_rows');
  }
}
