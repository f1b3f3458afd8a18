import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import type { Environment } from '../../../process/config/reading.ts';
import type { BatchId } from '../../../workflows/messages/batches.ts';
import type { Http } from '../http.ts';
import { type Gate, openGate } from '../processes/gate.ts';
import { eventually, type Stack, startStack } from '../stack.ts';
import { command, commandLine, type LineOverrides, type PlacedLine, placeOrder, uniqueWaybill } from './orders.ts';

/** A stack whose tracker is a simulator of its own that moves parcels only when told. */
export interface TrackedStack extends Stack {
  simulator: Simulator;
  /** Before the simulator: shut, the tracker answers nothing until it is opened. */
  trackerGate: Gate;
}

/** What a worker is told of a tracker at this address. */
export const trackerEnvironment = (url: string): Environment => ({
  DELIVERY_API_URL: url,
  DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9',
  DELIVERY_API_TIER: 'tier-1',
  DELIVERY_API_KEY: 'key-of-ours',
  DELIVERY_API_PROVIDER: 'sweettracker',
  // A busy machine stalls for longer than it takes to answer; a tracker that hangs is waited for so long.
  DELIVERY_API_TIMEOUT_MS: '2000',
  DELIVERY_API_RETRY_MS: '0',
  DELIVERY_API_RATE_PER_SECOND: '1000',
  BATCH_ROW_AGE_SECONDS: '0',
});

export async function startTrackedStack(environment: Environment = {}): Promise<TrackedStack> {
  const simulator = await startSimulator({ speed: 0 });
  const trackerGate = await openGate(new URL(simulator.url).host);
  const stack = await startStack({ ...trackerEnvironment(`http://${trackerGate.address}`), ...environment });
  const stop = async () => {
    await stack.stop();
    await trackerGate.close();
    await simulator.stop();
  };
  return { ...stack, simulator, trackerGate, stop };
}

export interface Run {
  workflowId: string;
  runId: string;
  finishedAt: string | null;
  trigger: string;
  by: string;
  examined: number;
  succeeded: number;
  failed: number;
  skipped: number;
  errors: { code: string; message: string; waybillNo?: string; deliveryNo?: string }[];
}

/** Presses "run"; the answer must be 202. */
export async function startBatch(api: Http, id: BatchId): Promise<{ workflowId: string; runId: string }> {
  const { status, body } = await api.post(`/api/bo/v1/batches/${id}/run`, undefined);
  if (status !== 202) throw new Error(`run ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

export const runsOf = async (api: Http, id: BatchId): Promise<Run[]> =>
  (await api.get(`/api/bo/v1/batches/${id}/runs`)).body.items;

/** Waits until that run says it has finished. */
export const finishedRun = (api: Http, id: BatchId, { runId }: { runId: string }): Promise<Run> =>
  eventually(async () => (await runsOf(api, id)).find((run) => run.runId === runId && run.finishedAt !== null));

/** Runs a batch to its end. */
export const runBatch = async (api: Http, id: BatchId): Promise<Run> => finishedRun(api, id, await startBatch(api, id));

/** An order's line, shipped under a waybill of its own (or this one). */
export async function shipped(
  api: Http,
  {
    carrierCode = '04',
    waybillNo = uniqueWaybill(),
    ...overrides
  }: LineOverrides & { carrierCode?: string; waybillNo?: string } = {},
  combine = false,
) {
  const [line] = await placeOrder(api, [overrides]);
  if (!line) throw new Error('no line');
  const parcel = overrides.methodCode === undefined || overrides.methodCode === '10';
  for (const name of ['instruct', 'release', 'ship']) {
    const fields = name === 'ship' && parcel ? { carrierCode, waybillNo } : {};
    const result = await commandLine(api, name, line, fields, combine && name === 'ship' ? { combine: true } : {});
    if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result)}`);
  }
  return { ...line, carrierCode, waybillNo };
}

/** Many lines, each a parcel of its own unless another method is named, shipped by three commands an order. */
export async function shippedMany(api: Http, count: number, overrides: LineOverrides = {}) {
  const made: (PlacedLine & { waybillNo: string })[] = [];
  while (made.length < count) {
    const lines = await placeOrder(api, Array(Math.min(200, count - made.length)).fill(overrides));
    const parcels = lines.map((line) => ({ ...line, waybillNo: uniqueWaybill() }));
    const parcel = overrides.methodCode === undefined || overrides.methodCode === '10';
    for (const name of ['instruct', 'release', 'ship']) {
      const fields = (waybillNo: string) => (name === 'ship' && parcel ? { carrierCode: '04', waybillNo } : {});
      const asked = parcels.map(({ deliveryNo, lineNo, waybillNo }) => ({ deliveryNo, lineNo, ...fields(waybillNo) }));
      const { body } = await command(api, name, asked);
      if (body.succeeded !== parcels.length) throw new Error(`${name}: ${JSON.stringify(body).slice(0, 500)}`);
    }
    made.push(...parcels);
  }
  return made;
}

/** 주문배송정보연동이력 of a waybill, oldest first. */
export const registrationRows = ({ db }: { db: Db }, waybillNo: string) =>
  db.query(
    sql<{
      fid: string;
      outcome: string;
      e_code: string | null;
      request: any;
      answer: any;
      by: string;
      covered_by: number | null;
      id: number;
    }>`select * from waybill_registrations where waybill_no = ${waybillNo} order by id`,
  );

export const exceptionsOf = ({ db }: { db: Db }, waybillNo: string) =>
  db.query(
    sql<{
      kind: string;
      reason: string;
      state: string;
      fid: string;
      count: number;
    }>`select kind, reason, state, fid, count from tracking_exceptions where waybill_no = ${waybillNo} order by id`,
  );

/** How often the tracker was told of a waybill, and how often it took it. */
export const told = ({ simulator }: { simulator: Simulator }, num: string) =>
  simulator.control.waybills({ num })[0]?.counters ?? {
    registrations: 0,
    accepted: 0,
    questions: 0,
    callbacks: 0,
    acknowledged: 0,
  };

/** Every test has its own parcels: those of the one before are asked no more. */
export const settleWaybills = ({ db }: { db: Db }) => db.query(sql`update waybills set settled_at = now()`);

/** After a test: the tracker works again as it does by itself. */
export function mendTracker({ simulator }: TrackedStack): void {
  simulator.control.unbehave();
  simulator.control.settings({ outage: 'off', keyRefused: 'off', quotaPerDay: null, perWaybillPerDay: null });
}

/** The same, and it is asked of no parcel so far. */
export async function calmTracker(stack: TrackedStack): Promise<void> {
  mendTracker(stack);
  await settleWaybills(stack);
}
