import { Migration } from '@mikro-orm/migrations';

/** Whose a shipping product is to order lines, and the end of a telephone number as an index. */
export class Migration20261128030000 extends Migration {
  override up(): void {
    // Products from before stay what they were to order lines: nobody knows any more who registered them.
    this.addSql('alter table shipping_products add column for_orders boolean not null default true');
    for (const who of ['receiver', 'orderer'])
      this.addSql(`create index orders_${who}_phone_end on orders ("right"(digits(${who}_phone), 4))`);
  }

  override down(): void {
    for (const who of ['receiver', 'orderer']) this.addSql(`drop index orders_${who}_phone_end`);
    this.addSql('alter table shipping_products drop column for_orders');
  }
}
