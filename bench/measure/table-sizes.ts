import { DatabaseSync } from 'node:sqlite';
import { withClient } from '../../local/servers/postgres.ts';
import { short } from './stats.ts';

/** Bytes of each table with its indexes. */
export type TableSizes = Map<string, number>;

/** Of a SQLite file in use. Reads every page: minutes at tens of gigabytes. */
export function sqliteSizes(file: string): TableSizes {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const pages = database
      .prepare(
        `select coalesce(s.tbl_name, d.name) as name, sum(d.pgsize) as size from dbstat d
           left join sqlite_schema s on s.name = d.name group by 1`,
      )
      .all();
    return new Map(pages.map(({ name, size }) => [String(name), Number(size)]));
  } finally {
    database.close();
  }
}

/** Of a PostgreSQL database. */
export function postgresSizes(url: string): Promise<TableSizes> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; size: string }>(
      `select relname as name, pg_total_relation_size(oid) as size from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    return new Map(rows.map(({ name, size }) => [name, Number(size)]));
  });
}

/** What a line has added to each table, the largest first, and to all. */
export function eachLine(before: TableSizes, after: TableSizes, count: number) {
  const grown = [...after].map(([name, size]) => ({ name, each: (size - (before.get(name) ?? 0)) / count }));
  const total = grown.reduce((sum, { each }) => sum + each, 0);
  const most = grown.filter(({ each }) => each >= total / 50).sort((a, b) => b.each - a.each);
  return { total, most: most.map(({ name, each }) => `${name} ${short(each / 1024)} KB`).join(', ') };
}
