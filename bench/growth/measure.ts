import { sql } from 'kysely';
import type { Child } from '../../local/keeper/keeper.ts';
import { createHttp, type Http, type HttpAnswer } from '../harness/http.ts';
import { benchToken, type RunningApi, settle, startApi, startWorker } from '../harness/programs.ts';
import { cpuMs } from '../measure/cpu.ts';
import { quantile } from '../measure/stats.ts';
import type { Ground } from './ground.ts';

/** A cache so small that a line is out of it long before its next command. */
const COLD = { slots: 10, cache: 10 };
/** Lines commanded in turn. */
const SAMPLE = 400;
const IDLE_WITHIN_MS = 60_000;

interface LineKey {
  deliveryNo: string;
  lineNo: number;
}

/** One figure of a round; `ms` of each try. */
export type Figures = Map<string, number>;

/** A filled ground with API and worker, measured round by round. */
export interface Measuring {
  round(): Promise<Figures>;
  stop(): Promise<void>;
}

/** Starts API and worker on the ground; `commands` = cold commands a round, `asked` = requests of each list. */
export async function startMeasuring(
  ground: Ground,
  { commands, asked }: { commands: number; asked: number },
): Promise<Measuring> {
  const { servers } = ground;
  let worker: Child = await startWorker(servers, COLD);
  const api: RunningApi = await startApi(servers, 'product');
  const http = createHttp(api.url, await benchToken(), 4);
  const lines = await sampleOf(ground);
  let next = 0;
  const nextLine = () => lines[next++ % lines.length] as LineKey;
  const idle = () => settle([...ground.pids(), worker.pid], IDLE_WITHIN_MS);
  return {
    round: async () => {
      const figures: Figures = new Map();
      const from = performance.now();
      await worker.stop(6_000);
      figures.set('worker: stopped, ms', performance.now() - from);
      const began = performance.now();
      worker = await startWorker(servers, COLD);
      figures.set('worker: from its start to polling, ms', performance.now() - began);
      const first = nextLine();
      await command(http, 'reopen', first);
      figures.set('worker: from its start to the first cold command, ms', performance.now() - began);
      await command(http, 'deliver', first);
      await idle();
      for (const [name, ms] of await cold(ground, http, worker, Array.from({ length: Math.ceil(commands / 2) }, nextLine)))
        figures.set(name, ms);
      await idle();
      for (const [name, ms] of await lists(http, lines, asked)) figures.set(name, ms);
      return figures;
    },
    stop: async () => {
      http.close();
      await Promise.all([api.child.stop(), worker.stop(6_000)]);
    },
  };
}

/** Lines from all over the table; the same ones for all rounds. */
async function sampleOf({ servers }: Ground): Promise<LineKey[]> {
  const rows = await servers.db.product.query(
    sql<{ delivery_no: string; line_no: number }>`select delivery_no, line_no from delivery_lines where state = 'delivered'
      order by hashtext(delivery_no || '-' || line_no) limit ${SAMPLE}`,
  );
  if (rows.length <= COLD.cache * 2)
    throw new Error(`${rows.length} delivered lines are too few: the worker would remember them`);
  return rows.map(({ delivery_no, line_no }) => ({ deliveryNo: delivery_no, lineNo: line_no }));
}

async function command(http: Http, name: 'reopen' | 'deliver', line: LineKey): Promise<number> {
  const body = { lines: [line], ...(name === 'reopen' ? { reason: '측정을 위해 되돌림' } : {}) };
  const from = performance.now();
  const { status, text } = await http.post(`/api/bo/v1/delivery-lines/${name}`, body);
  if (status !== 200 || !text.startsWith('{"succeeded":1,')) throw new Error(`${name}: ${status} ${text}`);
  return performance.now() - from;
}

/** 배송완료취소 of each line, and then 배송완료 of each again: every command meets a line that the worker does not hold. */
async function cold(ground: Ground, http: Http, worker: Child, lines: LineKey[]): Promise<Figures> {
  const used = () => [...ground.pids(), worker.pid].reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = used();
  const took: number[] = [];
  for (const name of ['reopen', 'deliver'] as const) for (const line of lines) took.push(await command(http, name, line));
  return new Map([
    ['cold command alone: p50, ms', quantile(took, 0.5)],
    ['cold command alone: p99, ms', quantile(took, 0.99)],
    ['cold command alone: CPU of the servers and the worker, ms', (used() - before) / took.length],
  ]);
}

async function lists(http: Http, lines: LineKey[], asked: number): Promise<Figures> {
  const line = (n: number) => lines[n % lines.length] as LineKey;
  const day = (n: number) => new Date(Date.now() - (5 + (n % 50)) * 86_400_000).toISOString().slice(0, 10);
  const get = (query: string) => http.get(`/api/bo/v1/delivery-lines?${query}`);
  const cases: [string, (n: number) => Promise<HttpAnswer>][] = [
    ['no filter', () => get('')],
    ['state=delivered', () => get('state=delivered')],
    ['a day of orders', (n) => get(`from=${day(n)}&to=${day(n)}`)],
    ['one delivery', (n) => http.get(`/api/bo/v1/deliveries/${line(n).deliveryNo}`)],
  ];
  const figures: Figures = new Map();
  for (const [name, ask] of cases) {
    const took: number[] = [];
    for (let n = 0; n < asked; n++) {
      const from = performance.now();
      const { status, text } = await ask(n);
      took.push(performance.now() - from);
      if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
    }
    figures.set(`list, ${name}: p50, ms`, quantile(took, 0.5));
  }
  return figures;
}
