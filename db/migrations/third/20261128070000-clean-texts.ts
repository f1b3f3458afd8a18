import { Migration } from '@mikro-orm/migrations';

/**
 * Unicode 17's Default_Ignorable_Code_Point, and the control letters, as domain/text.ts takes them out; a test compares the two. In
 * emoji some of them are seen.
 */
const PICTURE = '[\\u2190-\\u2bff\\U0001f000-\\U0001faff]';
const SUSPECT =
  '[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164' +
  '\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff' +
  '\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffe\\uffff]';
const INVISIBLE = `(?!(?<=${PICTURE}\\ufe0f?)\\u200d(?=${PICTURE})|(?<=${PICTURE})\\ufe0f)${SUSPECT}`;
const HYPHENS = '[\\u2010-\\u2015\\u2043\\u2212]';

/** A telephone number, as domain/phone.ts finds it; a test compares the two. */
const BETWEEN = '[- .()_\\t]{0,3}';
const COUNTRY = `(?:[+]|00)?82${BETWEEN}0?`;
const PHONE =
  `(?<![0-9])(?:(?:0|${COUNTRY})${BETWEEN}(?:50[0-9]|[1-9][0-9]|2)(?:${BETWEEN}[0-9]){3,4}` +
  `|(?:${COUNTRY}${BETWEEN})?1[3-9][0-9]{2})${BETWEEN}[0-9]{4}(?![0-9])`;
/** One number as nearly all are written, for which nothing has to be looked for: 6 µs instead of 15. */
const PLAIN = '^0(10|2|[3-6][1-9]|70|50[0-9])-?[0-9]{3,4}-?[0-9]{4}$';

/** The columns that hold texts from outside; an optional text of nothing but invisible letters becomes null. */
const tables: { table: string; texts?: string[]; optional?: string[]; phones?: string[] }[] = [
  {
    table: 'orders',
    texts: ['orderer_name', 'receiver_name', 'receiver_address1'],
    optional: ['channel', 'orderer_email', 'receiver_address2', 'receiver_memo'],
    phones: ['orderer_phone', 'receiver_phone'],
  },
  { table: 'order_lines', texts: ['product_name'], optional: ['option_name'] },
  { table: 'delivery_lines', optional: ['stockout_reason'] },
  { table: 'delivery_history', optional: ['reason'] },
  {
    table: 'pickups',
    texts: ['pickup_name', 'pickup_address1'],
    optional: ['pickup_address2', 'pickup_memo', 'hold_reason'],
    phones: ['pickup_phone'],
  },
  {
    table: 'pickup_items',
    texts: ['product_name'],
    optional: ['option_name', 'reason', 'exchange_product_name', 'exchange_option_name'],
  },
  { table: 'pickup_history', optional: ['reason'] },
  { table: 'shipping_places', texts: ['place_name', 'addr1'], optional: ['addr2'] },
  { table: 'shipping_products', texts: ['product_name'] },
  { table: 'stock_ledger', optional: ['reason'] },
  { table: 'assembly_products', optional: ['comment'] },
  { table: 'assembly_plans', optional: ['comment'] },
  { table: 'assembly_plan_history', optional: ['reason'] },
  { table: 'tracking_exceptions', optional: ['resolution'] },
];

/** Numbers that the order system gives; everything else finds its order and claim by them. */
const numbers = {
  order_no: ['orders', 'order_lines', 'deliveries', 'delivery_lines', 'claims', 'pickups'],
  claim_no: ['claims', 'pickups'],
};

/**
 * Texts as the API takes them now: NFC, without letters that nobody sees; and telephone numbers that are found however they are
 * written. Every row is looked at once, and only those in which something may differ are written.
 */
export class Migration20261128070000 extends Migration {
  override up(): void {
    this.addSql(`create function clean_text(text) returns text language sql immutable strict parallel safe
      return regexp_replace(normalize(regexp_replace(normalize($1, nfc), '${INVISIBLE}', '', 'g'), nfc), '^\\s+|\\s+$', '', 'g')`);
    this.addSql(`create function clean_phone(text) returns text language sql immutable strict parallel safe
      return clean_text(regexp_replace(normalize($1, nfkc), '${HYPHENS}', '-', 'g'))`);
    for (const { table, texts = [], optional = [], phones = [] } of tables) {
      const all = `concat_ws(e'\\n', ${[...texts, ...optional, ...phones].join(', ')})`;
      const changes = [
        ...texts.map((column) => `${column} = clean_text(${column})`),
        ...optional.map((column) => `${column} = nullif(clean_text(${column}), '')`),
        ...phones.map((column) => `${column} = clean_phone(${column})`),
      ];
      const dirty = [`${all} ~ '${SUSPECT}'`, `${all} is not nfc normalized`, ...phones.map((column) => `${column} ~ '[^ -~]'`)];
      this.addSql(`update ${table} set ${changes.join(', ')} where ${dirty.join(' or ')}`);
    }
    this.renumber();
    this.addSql('drop function clean_phone(text)');
    this.addSql('drop function clean_text(text)');

    this.addSql(`create function phone_number(text) returns text language sql immutable strict parallel safe
      return regexp_replace(regexp_replace(digits($1), '^(?:00)?820?(1[0-9]{7})$', '\\1'), '^(?:00)?820?(?=[1-9][0-9]{7,10}$)', '0')`);
    this.addSql(`create function phone_keys(text) returns text[] language sql immutable strict parallel safe
      return case when $1 ~ '${PLAIN}' then array[digits($1), "right"($1, 4)] else (
        select coalesce(array_agg(distinct key), '{}')
          from (select $1 as part
                union all select regexp_split_to_table($1, '[^- .()_\\t+0-9]+')
                union all select (regexp_matches($1, '(${PHONE})', 'g'))[1]) parts
         cross join lateral (values (phone_number(part)), ("right"(phone_number(part), 4))) keys (key)
         where key <> '') end`);
    const people = ['receiver', 'orderer'];
    for (const who of people) this.addSql(`create index orders_${who}_keys on orders using gin (phone_keys(${who}_phone))`);
    // Last, because this keeps readers of orders out until the end of the transaction.
    for (const who of people) {
      this.addSql(`drop index orders_${who}_phone_end, orders_${who}_phone`);
      this.addSql(`alter index orders_${who}_keys rename to orders_${who}_phone`);
    }
  }

  /**
   * Numbers with such letters are written anew wherever they stand, unless another has the clean one already. Foreign keys are made
   * deferrable only then, because that stops every reader for a moment.
   */
  private renumber(): void {
    const keys = [
      ...['order_lines', 'deliveries', 'claims', 'pickups'].map((table) => [table, `${table}_order_no_fkey`]),
      ['pickups', 'pickups_claim_no_fkey'],
      ['delivery_lines', 'delivery_lines_order_no_line_no_fkey'],
    ];
    for (const [column, [first, ...others]] of Object.entries(numbers)) {
      const alter = (how: string) =>
        keys.map(([table, key]) => `alter table ${table} alter constraint ${key} ${how};`).join('\n');
      const updates = [first, ...others].map(
        (table) => `update ${table} t set ${column} = d.clean from renumbered d where t.${column} = d.number;`,
      );
      this.addSql(`do $$ begin
        create temporary table renumbered on commit drop as
          select distinct on (clean_text(${column})) ${column} as number, clean_text(${column}) as clean from ${first} o
           where (${column} ~ '${INVISIBLE}' or ${column} is not nfc normalized) and clean_text(${column}) <> ''
             and not exists (select from ${first} c where c.${column} = clean_text(o.${column}));
        if exists (select from renumbered) then
          ${alter('deferrable initially deferred')}
          ${updates.join('\n          ')}
          set constraints all immediate;
          ${alter('not deferrable')}
        end if;
        drop table renumbered;
      end $$`);
    }
  }

  override down(): void {
    for (const who of ['receiver', 'orderer']) {
      this.addSql(`drop index orders_${who}_phone`);
      this.addSql(`create index orders_${who}_phone on orders (digits(${who}_phone))`);
      this.addSql(`create index orders_${who}_phone_end on orders ("right"(digits(${who}_phone), 4))`);
    }
    this.addSql('drop function phone_keys(text)');
    this.addSql('drop function phone_number(text)');
  }
}
