import { sql } from 'kysely';
import type { Bench, Part } from '../harness/bench.ts';
import { onListsGround } from '../harness/lists-ground.ts';
import { benchToken, type RunningApi, settle } from '../harness/programs.ts';
import { residentMb } from '../measure/cpu.ts';
import { short, spreadOf } from '../measure/stats.ts';

/** Targets of issue 24, point 5, for the most rows that one export may have. */
const WITHIN_SECONDS = 15;
const GROWS_MB = 100;
const MOST_EXPORTED = 100_000;
const LOOK_EVERY_MS = 20;
/** Of the first the process grows by what it loads once, so it is shown beside the others. */
const EXPORTS = 4;

/** A sheet of as many rows as may be exported, each byte read as it comes, and what the API's memory does meanwhile. */
export const exportPart: Part = {
  key: 'export',
  title: 'Export: 100,000 of a million delivery lines as .xlsx, over HTTP',
  run: (bench) => onListsGround(bench, (api) => measure(bench, api)),
};

async function measure(bench: Bench, api: RunningApi): Promise<void> {
  const { report, servers } = bench;
  const most = Math.min(MOST_EXPORTED, Math.floor(bench.sizes.rows / 10));
  const days = await daysOf(bench, most);
  const runs: Exported[] = [];
  for (let n = 0; n < EXPORTS; n++) {
    for (const unmasked of [false, true]) {
      await settle([servers.pids.postgres, api.child.pid], 3_000);
      const run = await download(api, `${days.query}${unmasked ? '&unmasked=true&reason=%EC%B8%A1%EC%A0%95' : ''}`);
      const what = unmasked ? 'with personal data' : 'masked';
      report.say(
        `${days.rows} rows ${what}: ${short(run.seconds)} s, the first byte after ${short(run.firstMs)} ms, ${short(run.mb)} MB of file; ` +
          `API ${short(run.before)} MB before, ${short(run.most)} MB at most`,
      );
      runs.push(run);
    }
  }
  report.target('export of 100,000 rows', spreadOf(runs.map(({ seconds }) => seconds)), { atMost: WITHIN_SECONDS }, ' s');
  const grown = runs.map(({ before, most }) => most - before);
  const [first, last] = [runs[0]?.before ?? 0, runs.at(-1)?.most ?? 0];
  report.say(`the first export adds ${short(grown[0] ?? 0)} MB, all ${runs.length} together ${short(last - first)} MB`);
  report.target('export: the API grows by, at most', spreadOf([Math.max(...grown)]), { atMost: GROWS_MB }, ' MB');
}

/** The latest days of orders that have as many lines as may be exported, less the rest of a day. */
async function daysOf({ servers }: Bench, most: number): Promise<{ query: string; rows: number }> {
  const [found] = await servers.db.lists.query(sql<{ first: string; rows: number }>`
    select to_char(day, 'YYYY-MM-DD') as first, rows
      from (select day, sum(count(*)) over (order by day desc)::int as rows
              from (select (ordered_at at time zone 'Asia/Seoul')::date as day from delivery_lines
                     where state <> 'canceled' and valid_quantity > 0) listed
             group by day) days
     where rows <= ${most} order by day limit 1`);
  if (!found) throw new Error('no day of orders to export');
  return { query: `from=${found.first}`, rows: found.rows };
}

interface Exported {
  seconds: number;
  firstMs: number;
  mb: number;
  before: number;
  most: number;
}

async function download(api: RunningApi, query: string): Promise<Exported> {
  const resident = () => residentMb(api.child.pid);
  const before = resident();
  let [most, bytes, firstMs] = [before, 0, 0];
  const looking = setInterval(() => {
    most = Math.max(most, resident());
  }, LOOK_EVERY_MS);
  try {
    const from = performance.now();
    const headers = { authorization: `Bearer ${await benchToken()}` };
    const answer = await fetch(`${api.url}/api/bo/v1/delivery-lines/export.xlsx?${query}`, { headers });
    if (answer.status !== 200 || !answer.body) throw new Error(`export: ${answer.status} ${await answer.text()}`);
    for await (const piece of answer.body) {
      if (bytes === 0) firstMs = performance.now() - from;
      bytes += piece.length;
    }
    return { seconds: (performance.now() - from) / 1000, firstMs, mb: bytes / 2 ** 20, before, most: Math.max(most, resident()) };
  } finally {
    clearInterval(looking);
  }
}
