import { sql } from 'kysely';
import { startSimulator } from '../../local/simulator/server.ts';
import { deliveryWorkflowId, type SubmitMessage } from '../../workflows/messages/delivery.ts';
import { SUBMIT_SIGNAL } from '../../workflows/messages/names.ts';
import { signalLoop } from '../floor/floor-loop.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { insertShipped, startLines } from '../harness/due-lines.ts';
import { type Stack, startStack, withStack } from '../harness/stack.ts';
import { cpuMs, residentMb } from '../measure/cpu.ts';
import { short, shown as shownSpread, spreadOf } from '../measure/stats.ts';
import { runBatch, WITHIN_MS } from './run-batch.ts';

/** Target of issue 24, point 6. */
const RATE_AT_LEAST = 0.85;
const AT_ONCE = 32;

/** (b) Due lines, until every row shows 배송완료, compared with a bare loop that sends the same number of signals to such lines. */
const autoCompletePart: Part = {
  key: 'auto-complete',
  title: 'Auto-complete: due lines delivered by the batch, against a bare loop of the same signals',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 20_000 }, (stack) => autoComplete(bench, stack)),
};

async function autoComplete({ servers, sizes, report }: Bench, stack: Stack): Promise<void> {
  const count = sizes.due;
  const insert = async (kind: string, most: number) => {
    const seed = `${kind}${Date.now().toString(36)}-`;
    const rows = await insertShipped(servers, seed, most, '20');
    await startLines(servers, rows);
    await stack.settle();
    return { rows, shown: `select count(*) as n from delivery_lines where state = 'delivered' and delivery_no like '${seed}%'` };
  };
  const message = { command: 'deliver', requestId: 'bare-loop', actor: 'batch', by: 'bench' } satisfies SubmitMessage;
  /** Half as many lines, before and after the batch, to see what the machine does meanwhile. */
  const bareRate = async (kind: string) => {
    const { rows, shown } = await insert(kind, Math.ceil(count / 2));
    const ms = await signalLoop(
      { address: servers.temporalAddress, databaseUrl: servers.urlOf('product'), within: WITHIN_MS },
      {
        workflowIds: rows.map((row) => deliveryWorkflowId(row.delivery_no, row.line_no)),
        signal: SUBMIT_SIGNAL,
        message,
        atOnce: AT_ONCE,
        shown,
      },
    );
    return (rows.length * 1000) / ms;
  };
  const before = await bareRate('F');
  const due = await insert('A', count);
  const [mbBefore, cpuBefore] = [residentMb(stack.worker.pid), cpuMs(stack.worker.pid)];
  const { run, ms, workerMb } = await runBatch(stack.api, stack.worker, 'auto-complete');
  const cpu = (cpuMs(stack.worker.pid) - cpuBefore) / count;
  const [shown] = await servers.db.product.query(sql<{ n: number }>`${sql.raw(due.shown)}`);
  if (run.succeeded !== count || shown?.n !== count)
    throw new Error(`of ${count}: ${run.succeeded} counted, ${shown?.n} delivered, ${JSON.stringify(run.errors.slice(0, 3))}`);
  const bare = spreadOf([before, await bareRate('G')]);
  const rate = (count * 1000) / ms;
  report.say(`${count} lines: batch ${short(rate)}/s (${short(ms / 1000)} s), bare loop ${shownSpread(bare)}/s`);
  report.say(`100,000 by extrapolation: ${short(100_000 / rate / 60)} minutes`);
  report.say(`worker: ${short(mbBefore)} MB before, ${short(workerMb)} MB at most in the run; CPU a line ${short(cpu)} ms`);
  const ratio = spreadOf([rate / bare.median, rate / bare.low, rate / bare.high]);
  report.target('auto-complete: rate of the batch / bare loop', ratio, { atLeast: RATE_AT_LEAST }, ' ×', bare);
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
      const { run, ms, workerMb } = await runBatch(stack.api, stack.worker, 'waybill-registration');
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
