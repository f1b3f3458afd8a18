import { Migration } from '@mikro-orm/migrations';

/** What domain/text.ts leaves out of a number, apart from what no stored text holds; a test compares the two. */
const LEFT_OUT = '[\\s\\u1680\\u2028\\u2029\\u2010-\\u2015\\u2043\\u2212\\u2800-]';

/** The columns whose numbers are found as people write them. Waybills are stored as their keys already. */
const keys = {
  orders: ['order_no'],
  deliveries: ['delivery_no'],
  pickups: ['pickup_no', 'claim_no', 'order_no', 'original_delivery_no'],
};

/** Numbers are found in any letter case, with or without hyphens and blanks, and by their beginnings. */
export class Migration20261128100000 extends Migration {
  override up(): void {
    // Not strict, so that it becomes a part of the statement: a call costs five times as much.
    this.addSql(`create function number_key(text) returns text language sql immutable parallel safe
      return case when $1 ~ '^[0-9A-Z]*$' then $1
        else normalize(upper(regexp_replace(normalize($1, nfkc), '${LEFT_OUT}', '', 'g') collate "C"), nfc) end`);
    for (const [table, columns] of Object.entries(keys))
      for (const column of columns)
        this.addSql(`create index ${table}_${column}_key on ${table} (number_key(${column}) text_pattern_ops)`);
    for (const table of ['delivery_lines', 'pickups']) {
      this.addSql(`drop index ${table}_waybill`);
      this.addSql(
        `create index ${table}_waybill on ${table} (waybill_no text_pattern_ops, carrier_code) where waybill_no is not null`,
      );
    }
    // Without figures about the new expressions PostgreSQL would expect one row in two hundred for each number. Figures of an empty
    // table would mislead it more.
    for (const table of Object.keys(keys))
      this.addSql(`do $$ begin if exists (select from ${table}) then analyze ${table}; end if; end $$`);
  }

  override down(): void {
    for (const table of ['delivery_lines', 'pickups']) {
      this.addSql(`drop index ${table}_waybill`);
      this.addSql(`create index ${table}_waybill on ${table} (waybill_no, carrier_code) where waybill_no is not null`);
    }
    for (const [table, columns] of Object.entries(keys))
      for (const column of columns) this.addSql(`drop index ${table}_${column}_key`);
    this.addSql('drop function number_key(text)');
  }
}
