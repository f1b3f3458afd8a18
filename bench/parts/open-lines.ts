import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { Bench, Part } from '../harness/bench.ts';
import { settle } from '../harness/programs.ts';
import { startOurs } from '../harness/stack.ts';
import { short } from '../measure/stats.ts';
import { delivered } from './lifecycles.ts';

const CONCURRENCY = 16;
const DAYS_OPEN = 90;

/** Disk space of delivered lines that stay open, in Temporal and PostgreSQL (docs/decisions/line-stays-open-90-days.md). */
export const openLinesPart: Part = {
  key: 'open-lines',
  title: 'Bytes of a delivered line that stays open',
  run: async (bench) => {
    const stack = await startOurs(bench.servers, { slots: 500, cache: 5_000 });
    const count = bench.sizes.openLines;
    try {
      // Creates now whatever is created only once and not for each line.
      await delivered(bench.servers.db.product, stack, { kind: 'lifecycles', count: 50, perOrder: 1, concurrency: CONCURRENCY });
      await settle([bench.servers.pids.postgres, bench.servers.pids.temporal]);
      const before = await bytes(bench);
      await delivered(bench.servers.db.product, stack, { kind: 'lifecycles', count, perOrder: 1, concurrency: CONCURRENCY });
      await settle([bench.servers.pids.postgres, bench.servers.pids.temporal]);
      const after = await bytes(bench);
      for (const server of ['temporal', 'postgres'] as const) say(bench, server, count, before[server], after[server]);
    } finally {
      await stack.stop();
    }
  },
};

type Sizes = Map<string, number>;

/** Bytes of each table with its indexes. */
async function bytes({ servers }: Bench): Promise<{ temporal: Sizes; postgres: Sizes }> {
  const tables = await servers.db.product.query(
    sql<{ name: string; size: number }>`select relname as name, pg_total_relation_size(oid) as size from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const temporal = new DatabaseSync(join(servers.folder, 'temporal', 'temporal.db'), { readOnly: true });
  try {
    const pages = temporal
      .prepare(
        `select coalesce(s.tbl_name, d.name) as name, sum(d.pgsize) as size from dbstat d
           left join sqlite_schema s on s.name = d.name group by 1`,
      )
      .all();
    return {
      temporal: new Map(pages.map(({ name, size }) => [String(name), Number(size)])),
      postgres: new Map(tables.map(({ name, size }) => [name, size])),
    };
  } finally {
    temporal.close();
  }
}

function say({ report }: Bench, server: string, count: number, before: Sizes, after: Sizes): void {
  const grown = [...after].map(([name, size]) => ({ name, each: (size - (before.get(name) ?? 0)) / count }));
  const total = grown.reduce((sum, { each }) => sum + each, 0);
  const most = grown.filter(({ each }) => each >= total / 50).sort((a, b) => b.each - a.each);
  report.say(
    `${server}: ${short(total / 1024)} KB a line; ${short((total * DAYS_OPEN * 10_000) / 2 ** 30)} GB for 10,000 lines a day`,
  );
  report.say(`  ${most.map(({ name, each }) => `${name} ${short(each / 1024)} KB`).join(', ')}`);
}
