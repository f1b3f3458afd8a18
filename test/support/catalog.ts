import type pg from 'pg';

const CATALOG = `
  select concat_ws(' ', 'table', c.relname, case c.relpersistence when 'u' then 'unlogged' end, array_to_string(c.reloptions, ',')) as line
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  union all
  select concat_ws(' ', 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
                   case when a.attidentity <> '' then 'identity ' || a.attidentity::text end,
                   case when a.attgenerated <> '' then 'generated ' || a.attgenerated::text end, pg_get_expr(d.adbin, d.adrelid))
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  union all
  select concat_ws(' ', 'storage', c.relname || '.' || a.attname, a.attstorage::text)
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped and a.attstorage <> t.typstorage
  union all
  select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
     and not exists (select from pg_class c where c.oid = conrelid and c.relispartition)
  union all
  select 'index ' || replace(indexdef, ' ON ONLY ', ' ON ') from pg_indexes
   where schemaname = 'public' and not exists (select from pg_class c where c.oid = tablename::regclass and c.relispartition)
  union all
  select 'sequence ' || sequencename || ' from ' || start_value from pg_sequences where schemaname = 'public'`;

/** Everything PostgreSQL knows of a database's tables, but for partitions, which come and go, and for the table in which MikroORM counts migrations. */
export async function catalog(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(CATALOG);
  return rows.map(({ line }) => line).filter((line) => !line.includes('mikro_orm_migrations'));
}

/** `-` is in the first alone, `+` in the second. */
export const difference = (ours: string[], theirs: string[]) => [
  ...ours.filter((line) => !theirs.includes(line)).map((line) => `- ${line}`),
  ...theirs.filter((line) => !ours.includes(line)).map((line) => `+ ${line}`),
];
