import { join } from 'node:path';
import type { Bench, Part } from '../harness/bench.ts';
import { settle } from '../harness/programs.ts';
import { startOurs } from '../harness/stack.ts';
import { short } from '../measure/stats.ts';
import { eachLine, postgresSizes, sqliteSizes, type TableSizes } from '../measure/table-sizes.ts';
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

const bytes = async ({ servers }: Bench) => ({
  temporal: sqliteSizes(join(servers.folder, 'temporal', 'temporal.db')),
  postgres: await postgresSizes(servers.urlOf('product')),
});

function say({ report }: Bench, server: string, count: number, before: TableSizes, after: TableSizes): void {
  const { total, most } = eachLine(before, after, count);
  report.say(
    `${server}: ${short(total / 1024)} KB a line; ${short((total * DAYS_OPEN * 10_000) / 2 ** 30)} GB for 10,000 lines a day`,
  );
  report.say(`  ${most}`);
}
