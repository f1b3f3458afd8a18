import { Migration } from '@mikro-orm/migrations';

/** A return may become an exchange (반품중교환), once, for the same product or for another that is agreed on then. */
export class Migration20261128150000 extends Migration {
  override up(): void {
    this.addSql('alter table pickups add converted_from_return boolean not null default false');
    this.addSql(`alter table pickup_items
      add converted_product_id bigint, add converted_product_name text, add converted_option_name text,
      add constraint pickup_items_converted check ((converted_product_id is null) = (converted_product_name is null))`);
    // Without a foreign key, which would let one locked pickup hold up what is noted for many.
    this.addSql(`create table pickup_exchanges (
      request_id text not null, pickup_no text not null, line_no integer not null,
      product_id bigint not null, product_name text not null, option_name text, primary key (request_id, pickup_no, line_no))`);
  }

  override down(): void {
    this.addSql('drop table pickup_exchanges');
    this.addSql(`alter table pickup_items drop converted_product_id, drop converted_product_name, drop converted_option_name`);
    this.addSql('alter table pickups drop converted_from_return');
  }
}
