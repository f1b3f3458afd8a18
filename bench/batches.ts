import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { startSimulator } from '../local/simulator/server.ts';
import type { BatchId } from '../workflows/messages.ts';
import type { Bench, Part } from './bench.ts';
import { cpuMs, residentMb } from './cpu.ts';
import { insertShipped, startLines } from './due-lines.ts';
import { connectFloor } from './floor-client.ts';
import { createHttp } from './http.ts';
import { benchToken, queueOf } from './programs.ts';
import { type Stack, startStack } from './stack.ts';
import { short, spreadOf } from './stats.ts';

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

/** Runs a batch over HTTP until it says that it has finished. */
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

/** (b) Due lines, until every row shows 배송완료, against a bare loop that signals as many bare workflows. */
const autoCompletePart: Part = {
  key: 'auto-complete',
  title: 'Auto-complete: due lines delivered by the batch, against a bare loop of the same signals',
  run: async (bench) => {
    const stack = await startStack(bench.servers, { slots: 500, cache: 20_000 });
    try {
      await autoComplete(bench, stack);
    } finally {
      await stack.stop();
    }
  },
};

async function autoComplete({ servers, sizes, report }: Bench, stack: Stack): Promise<void> {
  const count = sizes.due;
  const floor = await connectFloor(servers.temporalAddress, queueOf('floor'), servers.urlOf('floor'));
  const limit = pLimit(AT_ONCE);
  const nos = Array.from({ length: count }, (_, n) => `A${Date.now().toString(36)}-${n}`);
  try {
    await Promise.all(nos.map((no) => limit(() => floor.start(no))));
    await startLines(servers, await insertShipped(servers, `A${Date.now().toString(36)}-`, count, '20'));
    await stack.settle();
    const workerBefore = residentMb(stack.worker.pid);
    const cpuBefore = cpuMs(stack.worker.pid);

    const from = performance.now();
    await Promise.all(nos.map((no) => limit(() => floor.tell(no, 'delivered'))));
    const delivered = `select count(*)::int as n from delivery_lines where state = 'delivered' and delivery_no like 'A%'`;
    while ((await servers.db.floor.query<{ n: number }>(delivered))[0]?.n !== count) {
      if (performance.now() > from + WITHIN_MS) throw new Error('the floor did not finish');
      await sleep(LOOK_EVERY_MS);
    }
    const floorMs = performance.now() - from;
    await stack.settle();

    const { run, ms, workerMb } = await runBatch(stack, 'auto-complete');
    const shown = await servers.db.product.query<{ n: number }>(delivered);
    if (run.succeeded !== count || shown[0]?.n !== count)
      throw new Error(
        `of ${count}: ${run.succeeded} counted, ${shown[0]?.n} delivered, ${JSON.stringify(run.errors.slice(0, 3))}`,
      );
    const rate = (took: number) => (count * 1000) / took;
    report.say(`${count} lines: ours ${short(rate(ms))}/s (${short(ms / 1000)} s), bare loop ${short(rate(floorMs))}/s`);
    report.say(`100,000 by extrapolation: ${short(100_000 / rate(ms) / 60)} minutes`);
    report.say(
      `worker: ${short(workerBefore)} MB before, ${short(workerMb)} MB at most during the run (its cache holds the lines); CPU a line ${short((cpuMs(stack.worker.pid) - cpuBefore) / count)} ms`,
    );
    report.target('auto-complete: rate ours / bare loop', spreadOf([floorMs / ms]), { atLeast: RATE_AT_LEAST }, ' ×');
  } finally {
    await floor.close();
  }
}

/** (c) Waybills registered at the simulator, each once. For information. */
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
