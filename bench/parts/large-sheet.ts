import { sql } from 'kysely';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp } from '../harness/http.ts';
import { benchToken, type RunningApi, startApi } from '../harness/programs.ts';
import { sheetOf, upload } from '../harness/sheets.ts';
import { residentMb } from '../measure/cpu.ts';
import { short, spreadOf } from '../measure/stats.ts';

/** What a sheet of 50,000 rows may cost; a smaller one is judged by the same. */
const VALIDATED_WITHIN_MS = 3_000;
const MEMORY_AT_MOST_MB = 70;
const STALL_AT_MOST_MS = 100;

/** (g) Reading and validating a large sheet: time, memory of the API, and how long its event loop was blocked. */
export const sheetPart: Part = {
  key: 'sheet',
  title: 'A large sheet: read and validated',
  run: async (bench) => {
    const api = await startApi(bench.servers, 'lists');
    try {
      await measureSheet(bench, api);
    } finally {
      await api.child.stop();
    }
  },
};

async function measureSheet({ servers, report, sizes }: Bench, api: RunningApi): Promise<void> {
  const count = sizes.sheetRows;
  for (const statement of releasedLines(count)) await servers.db.lists.query(statement);
  const sheet = await sheetOf(Array.from({ length: count }, (_, at) => [`XB${at + 1}`, 1, '04', String(680_000_000_000 + at)]));
  const token = await benchToken();
  const http = createHttp(api.url, token);
  const { pid } = api.child;
  const stallMs = async () => {
    const { text } = await http.get('/metrics');
    return 1_000 * Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]);
  };
  // The first upload loads the code; every read of the metrics resets the maximum.
  await upload(api.url, token, await sheetOf([['XB1', 1, '04', '680000000000']]));
  await stallMs();
  const before = residentMb(pid);
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, residentMb(pid));
  }, 20);
  const from = performance.now();
  const { valid } = await upload(api.url, token, sheet);
  const elapsedMs = performance.now() - from;
  clearInterval(watching);
  const stall = await stallMs();
  http.close();
  if (valid !== count) throw new Error(`${valid} of ${count} rows are valid`);
  report.say(`${count} rows, ${short(sheet.length / 1_048_576)} MB of .xlsx with shared strings`);
  report.target('sheet: read and validated', spreadOf([elapsedMs]), { atMost: VALIDATED_WITHIN_MS }, ' ms');
  report.target('sheet: more memory of the API', spreadOf([peak - before]), { atMost: MEMORY_AT_MOST_MB }, ' MB');
  report.target('sheet: longest stall of its event loop', spreadOf([stall]), { atMost: STALL_AT_MOST_MS }, ' ms');
}

const releasedLines = (count: number) => [
  sql`insert into orders (order_no, body_hash, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone, receiver_zip_code, receiver_address1)
   select 'XB' || i, '', now(), '홍길동', '010-1234-5678', '홍길동', '010-1234-5678', '06236', '서울' from generate_series(1, ${count}::int) i`,
  sql`insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, quantity, unit_price, place_no, method_code)
   select 'XB' || i, 1, 'XB' || i, 1, '의자', 1, 1000, 176042, '10' from generate_series(1, ${count}::int) i`,
  sql`insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
   select 'XB' || i, 'XB' || i, 'order', 176042, '10', now() from generate_series(1, ${count}::int) i`,
  sql`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity, started_at)
   select 'XB' || i, 1, 'XB' || i, 'order', 1, 176042, '10', now(), 'released', 3, 1, now() from generate_series(1, ${count}::int) i`,
];
