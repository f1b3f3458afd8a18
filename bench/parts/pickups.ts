import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp, type Http } from '../harness/http.ts';
import { benchToken } from '../harness/programs.ts';
import { orderOf } from '../harness/sides.ts';
import { costOf, type Measured, type SideName, type Stack, sideNames, startStack } from '../harness/stack.ts';
import { shown, spreadOf } from '../measure/stats.ts';
import { kindsOf } from './history.ts';

const KB = 1024;
const CONCURRENCY = 16;
const STEPS = ['instruct', 'confirm', 'complete'] as const;

/** The pickup's lifecycle: its history in Temporal, and its commands compared with the same floor. Has no target. */
export const pickupPart: Part = {
  key: 'pickups',
  title: 'Pickups: history of a return and of an exchange, and hold/resume commands against the floor’s updates',
  run: async (bench) => {
    const stack = await startStack(bench.servers, { slots: 500, cache: 2_000 });
    const http = createHttp(stack.api.url, await benchToken());
    try {
      for (const kind of ['return', 'exchange'] as const) await history(bench, http, kind);
      await throughput(bench, stack);
    } finally {
      http.close();
      await stack.stop();
    }
  },
};

interface Posted {
  failed?: number;
  deliveries?: { deliveryNo: string }[];
  pickups?: { pickupNo: string }[];
}

const post = async (http: Http, path: string, body: object): Promise<Posted> => {
  const { status, text } = await http.post(path, body);
  const answer = JSON.parse(text) as Posted;
  if (status >= 300 || answer.failed) throw new Error(`${path}: ${status} ${text}`);
  return answer;
};

/** Ordered to delivered, claimed, instructed, confirmed, completed. */
async function history({ servers, report }: Bench, http: Http, kind: 'return' | 'exchange'): Promise<void> {
  const orderNo = `BENCH-PICKUP-${kind}`;
  const { deliveries } = await post(http, '/api/order/v1/orders', orderOf(orderNo, 1));
  const deliveryNo = deliveries?.[0]?.deliveryNo;
  const parcel = { carrierCode: '04', waybillNo: kind === 'return' ? '876543210987' : '876543210988' };
  for (const command of ['instruct', 'release', 'ship', 'deliver'])
    await post(http, `/api/bo/v1/delivery-lines/${command}`, { lines: [{ deliveryNo, ...(command === 'ship' ? parcel : {}) }] });
  const items = [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT' }];
  const claim = await post(http, '/api/order/v1/claims', { claimNo: orderNo, kind, orderNo, items });
  const pickupNo = claim.pickups?.[0]?.pickupNo ?? '';
  for (const step of STEPS) await post(http, `/api/bo/v1/pickups/${step}`, { pickups: [{ pickupNo }] });
  const handle = servers.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));
  await handle.result();
  const { events } = await handle.fetchHistory();
  const { historySize = 0 } = await handle.describe();
  report.say(`${kind}: ${events?.length ?? 0} events, ${(historySize / KB).toFixed(1)} KB; by type: ${kindsOf(events ?? [])}`);
}

async function throughput(bench: Bench, stack: Stack): Promise<void> {
  const { sizes, report } = bench;
  await stack.run('ours', { kind: 'pickups', pickups: sizes.lines / 2, concurrency: 8 });
  await stack.run('floor', { kind: 'open', lines: sizes.lines / 2, perOrder: 16, concurrency: 2 });
  for (const side of sideNames) await stack.run(side, { kind: 'commands', count: sizes.lines, concurrency: CONCURRENCY });
  await stack.settle();
  const runs: Record<SideName, Measured[]> = { ours: [], floor: [] };
  await bench.rounds(sizes.rounds, sizes.roundSeconds / 3, async () => {
    for (const side of sideNames)
      runs[side].push(await stack.run(side, { kind: 'commands', count: sizes.crowd / 2, concurrency: CONCURRENCY }));
  });
  const rates = (side: SideName) => runs[side].map((run) => (run.count * 1000) / run.elapsedMs);
  for (const side of sideNames)
    report.say(`${side}: ${shown(spreadOf(rates(side)))} commands/s at ${CONCURRENCY} · CPU each ${costOf(runs[side])}`);
  const floor = rates('floor');
  const ratio = spreadOf(rates('ours').map((rate, round) => rate / (floor[round] ?? Number.NaN)));
  report.target(`pickup commands, ${CONCURRENCY} at once: ours / floor`, ratio, { atLeast: 0.8 }, ' ×', spreadOf(floor));
}
