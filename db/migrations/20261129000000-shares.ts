import { Migration } from '@mikro-orm/migrations';

/**
 * What the order system asks of a line is spread over its parts: how, is kept before the first part is asked. Rows of a sheet may be
 * for a part of their line (수량), and say what was split off.
 */
export class Migration20261129000000 extends Migration {
  override up(): void {
    this.addSql('alter table claims add shares jsonb');
    this.addSql('alter table requests add plan jsonb');
    this.addSql('alter table bulk_shipment_rows add quantity integer, add new_line jsonb');
  }

  override down(): void {
    this.addSql('alter table bulk_shipment_rows drop new_line, drop quantity');
    this.addSql('alter table requests drop plan');
    this.addSql('alter table claims drop shares');
  }
}
