import { Migration } from '@mikro-orm/migrations';

/**
 * Names under which products were sold, once each: a part of a name is looked for among thousands of names instead of a million lines, and
 * its lines by their products. A trigger writes them, so that no statement that sells something can forget it.
 */
export class Migration20261129180000 extends Migration {
  override up(): void {
    this.addSql(`create table product_names (product_id bigint not null, product_name text not null,
      primary key (product_id, product_name))`);
    // Nearly always all are there, and nothing is written. In one order, so that two orders of the same new products do not deadlock.
    this.addSql(`create function note_product_names() returns trigger language plpgsql as $$ begin
      insert into product_names select distinct product_id, product_name from sold s
        where not exists (select from product_names n where n.product_id = s.product_id and n.product_name = s.product_name)
        order by product_id, product_name on conflict do nothing;
      return null; end $$`);
    this.addSql(`create trigger order_lines_product_names after insert on order_lines referencing new table as sold
      for each statement execute function note_product_names()`);
    // Also for who writes as a replica does, which passes other triggers over.
    this.addSql('alter table order_lines enable always trigger order_lines_product_names');
    this.addSql('insert into product_names select distinct product_id, product_name from order_lines');
    this.addSql('create index product_names_pairs on product_names using gin (letter_pairs(product_name))');
    this.addSql('drop index order_lines_product_name');
    this.addSql('create index order_lines_named on order_lines (product_name)');
    this.addSql(`create index delivery_lines_product on delivery_lines (product_id, ordered_at, delivery_no, line_no)
      where valid_quantity > 0 and state <> 'canceled'`);
    // Made anew: of two indexes that look alike while a table is empty PostgreSQL takes the newer, and a kept plan stays with it.
    this.addSql('drop index delivery_lines_waiting');
    this.addSql(`create index delivery_lines_waiting on delivery_lines (product_id, ordered_at, delivery_no, line_no)
      include (valid_quantity, auto_clear) where state = 'awaitingShipment'`);
  }

  override down(): void {
    this.addSql('drop index delivery_lines_product');
    this.addSql('drop index order_lines_named');
    this.addSql('create index order_lines_product_name on order_lines using gin (letter_pairs(product_name))');
    this.addSql('drop trigger order_lines_product_names on order_lines');
    this.addSql('drop function note_product_names()');
    this.addSql('drop table product_names');
  }
}
