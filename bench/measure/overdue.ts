import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb } from '../../db/database.ts';
import { markOverdue } from '../../db/deliveries/overdue.ts';
import { koreanDay } from '../../domain/korea.ts';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { startPostgres, withClient } from '../../local/servers/postgres.ts';
import { quantile } from './stats.ts';

/*
 * `node bench/measure/overdue.ts [lines]`: what a run of the batch dispatch-overdue costs PostgreSQL among a million lines that have still to
 * leave: when nothing is newly late, and a page of a thousand that are. Servers of its own, in a temporary folder.
 */
const LINES = Number(process.argv[2] ?? 1_000_000);
const PAGE = 1_000;
const [IDLE_RUNS, PAGES] = [200, 50];

const folder = mkdtempSync(join(tmpdir(), 'delivery-overdue-'));
const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
try {
  const { url } = await startPostgres(keeper, { dataDir: join(folder, 'postgres'), port: await freePort(), database: 'overdue' });
  const db = openDb({ url });
  await db.migrator.up();
  await fill(url);
  const today = koreanDay(new Date());
  const timed = async (times: number, expected: number) => {
    const took: number[] = [];
    for (let n = 0; n < times; n++) {
      const from = performance.now();
      const marked = await db.transaction((query) => markOverdue(query, today, PAGE));
      took.push(performance.now() - from);
      if (marked !== expected) throw new Error(`${marked} lines were marked, not ${expected}`);
    }
    return `p50 ${quantile(took, 0.5).toFixed(1)} ms, p95 ${quantile(took, 0.95).toFixed(1)} ms, longest ${Math.max(...took).toFixed(1)} ms`;
  };
  console.log(`${LINES} lines, none newly late, ${IDLE_RUNS} runs: ${await timed(IDLE_RUNS, 0)}`);
  await withClient(url, async (client) => {
    await client.query(`update delivery_lines set dispatch_due_on = dispatch_due_on - 30 where line_no <= ${PAGE * PAGES}`);
    await client.query('vacuum (analyze) delivery_lines');
  });
  console.log(`${PAGES} pages of ${PAGE} late lines: ${await timed(PAGES, PAGE)}`);
  console.log(`none newly late again, over the marks of those: ${await timed(IDLE_RUNS, 0)}`);
  await db.close();
} finally {
  await keeper.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Released lines of one delivery, due in the days to come; without the checks of foreign keys, which cost most of the time. */
async function fill(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; definition: string }>(
      `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
        where i.indrelid = 'delivery_lines'::regclass
          and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    );
    for (const { name } of rows) await client.query(`drop index ${name}`);
    await client.query('set session_replication_role = replica');
    await client.query(`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state,
        revision, quantity, instructed_at, released_at, started_at, dispatch_due_on, dispatch_due_by)
      select 'D' || lpad((n / 10)::text, 9, '0'), n, 'S' || lpad((n / 20)::text, 9, '0'), 'order', n % 3000, 176000 + n % 200, '10',
        now() - interval '1 day', 'released', 3, 1, now(), now(), now(),
        ((now() at time zone 'UTC') + interval '9 hours')::date + n % 7, 'policy' from generate_series(1, ${LINES}) n`);
    for (const { definition } of rows) await client.query(definition);
    await client.query('vacuum (analyze) delivery_lines');
  });
}
