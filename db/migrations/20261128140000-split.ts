import { Migration } from '@mikro-orm/migrations';

/**
 * Lines that were split (분할): of each part, the line it was split off and the number by which the shop knows it. The columns are
 * empty for every line that is no part, so that no table is rewritten while orders come in.
 */
export class Migration20261128140000 extends Migration {
  override up(): void {
    for (const table of ['order_lines', 'delivery_lines'])
      this.addSql(`alter table ${table}
        add split_from_delivery_no text, add split_from_line_no integer, add root_line_no integer`);
    this.addSql('alter table deliveries add split_from_delivery_no text');
    this.addSql(`alter table delivery_lines add last_split jsonb,
      drop constraint delivery_lines_quantity_check,
      add constraint delivery_lines_quantity_check check (quantity >= 0),
      add constraint delivery_lines_part check ((split_from_delivery_no is null) = (root_line_no is null)
        and (split_from_line_no is null) = (root_line_no is null))`);
    this.addSql(`create index delivery_lines_parts on delivery_lines (split_from_delivery_no, split_from_line_no)
      where split_from_delivery_no is not null`);
  }

  override down(): void {
    this.addSql('drop index delivery_lines_parts');
    this.addSql(`alter table delivery_lines drop last_split,
      drop split_from_delivery_no, drop split_from_line_no, drop root_line_no,
      drop constraint delivery_lines_quantity_check,
      add constraint delivery_lines_quantity_check check (quantity >= 1) not valid`);
    this.addSql('alter table deliveries drop split_from_delivery_no');
    this.addSql('alter table order_lines drop split_from_delivery_no, drop split_from_line_no, drop root_line_no');
  }
}
