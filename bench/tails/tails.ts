import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp, type Http } from '../harness/http.ts';
import { benchToken, startApi, startWorker } from '../harness/programs.ts';
import { orderOf } from '../harness/sides.ts';
import { quantile, short, spreadOf } from '../measure/stats.ts';

/** Target of issue 24, point 2: p99 against p50 of the same seconds. */
const P99_AT_MOST = 2;
/** A wait that a person notices. */
const STALL_MS = 200;
const CALLERS = 16;
const LINES = 320;
const ORDERS_AT_ONCE = 50;
const CYCLE = ['instruct', 'release', 'undo', 'undo'] as const;
const SETTINGS = { slots: 500, cache: 5_000 };

/** How long commands wait while nothing else happens, beside and after a burst of orders, and while a second worker comes and goes. */
export const tailsPart: Part = {
  key: 'tails',
  title: `Tails: ${CALLERS} callers command lines while orders burst in and a second worker joins and leaves`,
  run: async (bench) => {
    const { servers } = bench;
    const [api, worker] = await Promise.all([startApi(servers, 'product'), startWorker(servers, SETTINGS)]);
    const http = createHttp(api.url, await benchToken());
    try {
      await measure(bench, http);
    } finally {
      http.close();
      await Promise.all([api.child.stop(), worker.stop(6_000)]);
    }
  },
};

interface Line {
  deliveryNo: string;
  visits: number;
}

async function measure(bench: Bench, http: Http): Promise<void> {
  const { servers, sizes, report } = bench;
  const open = opener(http);
  const lines: Line[] = [];
  while (lines.length < LINES) lines.push(...(await Promise.all(Array.from({ length: CALLERS }, open))));
  const callers = startCallers(http, lines);
  const ms = sizes.roundSeconds * 100;
  const phases = new Map<string, number[][]>();
  const during = async (name: string, work: () => Promise<unknown>) => {
    phases.set(name, [...(phases.get(name) ?? []), callers.begin()]);
    await work();
    callers.begin();
  };
  try {
    await sleep(ms);
    await bench.rounds(sizes.rounds, sizes.roundSeconds, async () => {
      await during('quiet', () => sleep(ms));
      await during('beside a burst of orders', () => burst(open, sizes.crowd / 2));
      await during('right after it', () => sleep(ms / 2));
      await sleep(ms / 2);
      let second: Awaited<ReturnType<typeof startWorker>> | undefined;
      await during('while a worker joins', async () => {
        second = await startWorker(servers, SETTINGS);
        await sleep(ms / 2);
      });
      await during('while it leaves', async () => {
        await second?.stop(20_000);
        await sleep(ms / 2);
      });
    });
  } finally {
    await callers.stop();
  }
  for (const [name, rounds] of phases) {
    const of = (share: number) => spreadOf(rounds.map((waits) => quantile(waits, share)));
    const all = rounds.flat();
    const stalls = all.filter((wait) => wait > STALL_MS).length;
    const ratio = spreadOf(rounds.map((waits) => quantile(waits, 0.99) / quantile(waits, 0.5)));
    report.target(`commands ${name}: p99 / p50`, ratio, { atMost: P99_AT_MOST }, ' ×');
    report.say(
      `  p50 ${short(of(0.5).median)} ms, p99 ${short(of(0.99).median)} ms, longest ${short(Math.max(...all))} ms; ${stalls} of ${all.length} over ${STALL_MS} ms`,
    );
  }
}

/** Posts orders of one line; answers their lines. */
function opener(http: Http): () => Promise<Line> {
  const seed = `TAIL-${Date.now().toString(36)}`;
  let count = 0;
  return async () => {
    const { status, text } = await http.post('/api/order/v1/orders', orderOf(`${seed}-${++count}`, 1));
    if (status !== 201) throw new Error(`order: ${status} ${text}`);
    return { deliveryNo: JSON.parse(text).deliveries[0].deliveryNo as string, visits: 0 };
  };
}

async function burst(open: () => Promise<Line>, count: number): Promise<void> {
  let left = count;
  const one = async () => {
    while (left-- > 0) await open();
  };
  await Promise.all(Array.from({ length: ORDERS_AT_ONCE }, one));
}

/**
 * Callers that command the lines in turn until they are stopped. `begin` answers where the time goes, in ms, that the commands take
 * which begin from now on, also when they end later.
 */
function startCallers(http: Http, lines: Line[]) {
  let isOver = false;
  let took: number[] = [];
  const one = async () => {
    for (let line = lines.shift(); line && !isOver; line = lines.shift()) {
      const command = CYCLE[line.visits % CYCLE.length];
      const body = {
        lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }],
        ...(command === 'undo' ? { reason: '측정을 위해' } : {}),
      };
      const [mine, from] = [took, performance.now()];
      const { status, text } = await http.post(`/api/bo/v1/delivery-lines/${command}`, body);
      if (status !== 200 || !text.startsWith('{"succeeded":1,')) throw new Error(`${command}: ${status} ${text}`);
      mine.push(performance.now() - from);
      lines.push({ ...line, visits: line.visits + 1 });
    }
  };
  const running = Promise.all(Array.from({ length: CALLERS }, one));
  running.catch(() => {});
  return {
    begin: (): number[] => {
      took = [];
      return took;
    },
    stop: async (): Promise<void> => {
      isOver = true;
      await running;
    },
  };
}
