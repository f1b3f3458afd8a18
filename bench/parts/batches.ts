import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { startSimulator } from '../../local/simulator/server.ts';
import type { BatchId } from '../../workflows/messages/batches.ts';
import { deliveryWorkflowId, type SubmitMessage } from '../../workflows/messages/delivery.ts';
import { SUBMIT_SIGNAL } from '../../workflows/messages/names.ts';
import { signalLoop } from '../floor/floor-loop.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { insertShipped, startLines } from '../harness/due-lines.ts';
import { createHttp } from '../harness/http.ts';
import { benchToken } from '../harness/programs.ts';
import { type Stack, startStack, withStack } from '../harness/stack.ts';
import { cpuMs, residentMb } from '../measure/cpu.ts';
import { short, spreadOf } from '../measure/stats.ts';

/** Target of issue 5, item 6 (b). */
const RATE_AT_LEAST = 0.75;
const AT_ONCE = 32;
const WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 20;

interface Run {
  runId: string;
  finishedAt: string | null;
  examined: number;
  succeeded: number;
  errors: object[];
}

/** Runs a batch over HTTP until it has finished. */
async function runBatch(stack: Stack, id: BatchId): Promise<{ run: Run; ms: number; workerMb: number }> {
  const http = createHttp(stack.api.url, await benchToken());
  const from = performance.now();
  let workerMb = 0;
  try {
    const { status, text } = await http.post(`/api/bo/v1/batches/${id}/run`, {});
    if (status !== 202) throw new Error(`run ${id}: ${status} ${text}`);
    const { runId } = JSON.parse(text) as { runId: string };
    while (performance.now() < from + WITHIN_MS) {
      const { items } = JSON.parse((await http.get(`/api/bo/v1/batches/${id}/runs?limit=1`)).text) as { items: Run[] };
      const run = items.find((each) => each.runId === runId && each.finishedAt !== null);
      workerMb = Math.max(workerMb, residentMb(stack.worker.pid));
      if (run) return { run, ms: performance.now() - from, workerMb };
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`${id} did not finish`);
  } finally {
    http.close();
  }
}

/** (b) Due lines, until every row shows 배송완료, compared with a bare loop that sends the same number of signals to such lines. */
const autoCompletePart: Part = {
  key: 'auto-complete',
  title: 'Auto-complete: due lines delivered by the batch, against a bare loop of the same signals',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 20_000 }, (stack) => autoComplete(bench, stack)),
};

async function autoComplete({ servers, sizes, report }: Bench, stack: Stack): Promise<void> {
  const count = sizes.due;
  const insert = async (kind: 'A' | 'F') => {
    const seed = `${kind}${Date.now().toString(36)}-`;
    const rows = await insertShipped(servers, seed, count, '20');
    await startLines(servers, rows);
    await stack.settle();
    return { rows, shown: `select count(*) as n from delivery_lines where state = 'delivered' and delivery_no like '${seed}%'` };
  };
  const bare = await insert('F');
  const message = { command: 'deliver', requestId: 'bare-loop', actor: 'batch', by: 'bench' } satisfies SubmitMessage;
  const floorMs = await signalLoop(
    { address: servers.temporalAddress, databaseUrl: servers.urlOf('product'), within: WITHIN_MS },
    {
      workflowIds: bare.rows.map((row) => deliveryWorkflowId(row.delivery_no, row.line_no)),
      signal: SUBMIT_SIGNAL,
      message,
      atOnce: AT_ONCE,
      shown: bare.shown,
    },
  );
  const due = await insert('A');
  const [mbBefore, cpuBefore] = [residentMb(stack.worker.pid), cpuMs(stack.worker.pid)];
  const { run, ms, workerMb } = await runBatch(stack, 'auto-complete');
  const [shown] = await servers.db.product.query(sql<{ n: number }>`${sql.raw(due.shown)}`);
  if (run.succeeded !== count || shown?.n !== count)
    throw new Error(`of ${count}: ${run.succeeded} counted, ${shown?.n} delivered, ${JSON.stringify(run.errors.slice(0, 3))}`);
  const rate = (took: number) => (count * 1000) / took;
  report.say(`${count} lines: batch ${short(rate(ms))}/s (${short(ms / 1000)} s), bare loop ${short(rate(floorMs))}/s`);
  report.say(`100,000 by extrapolation: ${short(100_000 / rate(ms) / 60)} minutes`);
  const cpu = (cpuMs(stack.worker.pid) - cpuBefore) / count;
  report.say(`worker: ${short(mbBefore)} MB before, ${short(workerMb)} MB at most in the run; CPU a line ${short(cpu)} ms`);
  report.target('auto-complete: rate of the batch / bare loop', spreadOf([floorMs / ms]), { atLeast: RATE_AT_LEAST }, ' ×');
}

/** (c) Waybills registered at the simulator, each once. Has no target. */
const registrationPart: Part = {
  key: 'registration',
  title: 'Registration: open waybills registered at the tracker simulator',
  run: async ({ servers, sizes, report }) => {
    const simulator = await startSimulator({ speed: 0, settings: { keepLog: 'counters' } });
    const stack = await startStack(
      servers,
      { slots: 100, cache: 200 },
      {
        DELIVERY_API_URL: simulator.url,
        DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9',
        DELIVERY_API_TIER: 'bench',
        DELIVERY_API_KEY: 'bench',
        DELIVERY_API_RATE_PER_SECOND: '100000',
      },
    );
    try {
      await insertShipped(servers, `R${Date.now().toString(36)}-`, sizes.waybills, '10');
      const before = residentMb(stack.worker.pid);
      const { run, ms, workerMb } = await runBatch(stack, 'waybill-registration');
      const { registrations } = simulator.control.totals();
      if (run.succeeded !== sizes.waybills || registrations.received !== sizes.waybills)
        throw new Error(`of ${sizes.waybills}: ${run.succeeded} counted, ${registrations.received} told`);
      report.say(`${sizes.waybills} waybills, each told once: ${short((sizes.waybills * 1000) / ms)}/s, ${short(ms / 1000)} s`);
      report.say(`worker: ${short(before)} MB before, ${short(workerMb)} MB at most`);
    } finally {
      await stack.stop();
      await simulator.stop();
    }
  },
};

export const batchParts: Part[] = [autoCompletePart, registrationPart];
