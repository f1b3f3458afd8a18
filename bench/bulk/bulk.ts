import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pLimit from 'p-limit';
import { type DeliveryMessage, deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp } from '../harness/http.ts';
import { benchToken } from '../harness/programs.ts';
import type { Servers } from '../harness/servers.ts';
import { type Job, sheetOf, upload } from '../harness/sheets.ts';
import { type Stack, withStack } from '../harness/stack.ts';
import { quantile, short, shown, spreadOf } from '../measure/stats.ts';

/** Targets of issue 24, point 6. */
const THROUGHPUT_AT_LEAST = 0.9;
const ADMIN_AT_MOST = 2;

const CONCURRENCY = 16;
const PER_ORDER = 100;
const ADMIN_EVERY_MS = 100;
const IDLE_MS = 10_000;
const WITHIN_MS = 600_000;
interface Line {
  delivery_no: string;
  line_no: number;
}

/** (f) A sheet from upload to the last row shipped, compared with bare updates, while an admin works too. */
export const bulkPart: Part = {
  key: 'bulk',
  title: 'Bulk shipment: upload to the last row shipped, against bare updates at the same concurrency',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 20_000 }, (stack) => measure(bench, stack)),
};

async function measure({ servers, report, sizes }: Bench, stack: Stack): Promise<void> {
  const count = sizes.bulkRows;
  /** Half as many bare updates once more after the job, to see what the machine does meanwhile. */
  const later = Math.ceil(count / 2);
  const token = await benchToken();
  const http = createHttp(stack.api.url, token);
  const all = count + later + PER_ORDER;
  await stack.run('ours', { kind: 'open', lines: all, perOrder: PER_ORDER, concurrency: 4 });
  const lines = await servers.db.product.query(
    sql<Line>`select delivery_no, line_no from delivery_lines where state = 'ordered' order by delivery_no desc, line_no limit ${all}`,
  );
  const own = lines.splice(0, PER_ORDER);
  for (let from = 0; from < lines.length; from += 400) {
    const asked = lines.slice(from, from + 400).map(({ delivery_no, line_no }) => ({ deliveryNo: delivery_no, lineNo: line_no }));
    const { status, text } = await http.post('/api/bo/v1/delivery-lines/instruct', { lines: asked });
    if (status !== 200) throw new Error(`instruct: ${status} ${text}`);
  }
  const others = lines.splice(count);
  await stack.settle();
  const idle = await withAdmin(http, own, () => sleep(IDLE_MS));
  const before = await withAdmin(http, own, () => releaseAll(servers, lines));
  await stack.settle();
  const first = Date.now() * 1_000;
  const sheet = await sheetOf(
    lines.map(({ delivery_no, line_no }, at) => [delivery_no, line_no, '04', String(first + at).slice(-14)]),
  );

  let validatedMs = 0;
  const bulk = await withAdmin(http, own, async () => {
    const from = performance.now();
    const { id, valid } = await upload(stack.api.url, token, sheet);
    validatedMs = performance.now() - from;
    if (valid !== count) throw new Error(`${valid} of ${count} rows are valid`);
    await http.post(`/api/bo/v1/bulk-shipments/${id}/start`, {});
    const job = await endOf(http, id);
    if (job.succeeded !== count) throw new Error(`${job.succeeded} of ${count} rows were shipped`);
  });
  await stack.settle();
  const after = await withAdmin(http, own, () => releaseAll(servers, others));
  http.close();
  const rate = (count: number, { ms }: Timed) => (count * 1000) / ms;
  const admin = ({ waits }: Timed) =>
    `an admin meanwhile p50 ${short(quantile(waits, 0.5))} ms, p95 ${short(quantile(waits, 0.95))} ms`;
  const bare = spreadOf([rate(count, before), rate(later, after)]);
  const ours = rate(count, bulk);
  report.say(`${count} rows: ${short(ours)} rows/s, ${short(validatedMs)} ms of it until validated · ${admin(bulk)}`);
  report.say(`bare updates to such lines, ${CONCURRENCY} at once: ${shown(bare)}/s · ${admin(before)}; later ${admin(after)}`);
  report.say(`idle: ${admin(idle)}`);
  const ratio = spreadOf([ours / bare.low, ours / bare.median, ours / bare.high]);
  report.target('bulk: rows/s from upload to the last row / bare updates', ratio, { atLeast: THROUGHPUT_AT_LEAST }, ' ×', bare);
  const idleMs = quantile(idle.waits, 0.5);
  const slower = spreadOf([quantile(bulk.waits, 0.5) / idleMs]);
  report.target('bulk: an admin’s p50 meanwhile / idle', slower, { atMost: ADMIN_AT_MOST }, ' ×', bare);
}

interface Timed {
  ms: number;
  /** Duration of the admin's commands, in ms. */
  waits: number[];
}

/** Measures `work` while an admin commands other lines, one after the other. */
async function withAdmin(http: ReturnType<typeof createHttp>, own: Line[], work: () => Promise<void>): Promise<Timed> {
  const waits: number[] = [];
  const done = new AbortController();
  const admin = async () => {
    for (let at = 0; !done.signal.aborted; at++) {
      const line = own[at % own.length];
      if (!line) throw new Error('no line for the admin');
      const body = { lines: [{ deliveryNo: line.delivery_no, lineNo: line.line_no }], reason: '측정을 위해' };
      // Whether the command is allowed does not matter: either way the line's workflow is asked.
      const from = performance.now();
      await http.post(`/api/bo/v1/delivery-lines/${Math.floor(at / own.length) % 2 === 0 ? 'instruct' : 'undo'}`, body);
      waits.push(performance.now() - from);
      await sleep(ADMIN_EVERY_MS);
    }
  };
  const working = admin();
  const from = performance.now();
  await work();
  const ms = performance.now() - from;
  done.abort();
  await working;
  return { ms, waits };
}

/** 출고지시 by a client that does nothing else; bulk shipment's updates are compared with it. */
async function releaseAll({ temporal }: Servers, lines: Line[]): Promise<void> {
  const lane = pLimit(CONCURRENCY);
  const release = ({ delivery_no, line_no }: Line) =>
    temporal.workflow
      .getHandle(deliveryWorkflowId(delivery_no, line_no))
      .executeUpdate('release', { args: [{ requestId: randomUUID(), actor: 'admin' } satisfies DeliveryMessage] });
  await Promise.all(lines.map((line) => lane(() => release(line))));
}

async function endOf(http: ReturnType<typeof createHttp>, id: string): Promise<Job> {
  for (const from = performance.now(); performance.now() - from < WITHIN_MS; await sleep(50)) {
    const job = JSON.parse((await http.get(`/api/bo/v1/bulk-shipments/${id}`)).text) as Job;
    if (job.finishedAt !== null) return job;
  }
  throw new Error('the job did not end');
}
