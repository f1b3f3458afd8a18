import { Migration } from '@mikro-orm/migrations';

/** A job says how many of its rows were hidden in the sheet. */
export class Migration20261128060000 extends Migration {
  override up(): void {
    this.addSql('alter table bulk_shipments add column hidden_rows integer not null default 0');
  }

  override down(): void {
    this.addSql('alter table bulk_shipments drop column hidden_rows');
  }
}
