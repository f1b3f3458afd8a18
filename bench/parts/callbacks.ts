import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import { callbackToken } from '../../tracker/callback-token.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp, type Http } from '../harness/http.ts';
import { benchToken, CALLBACK_SECRET, settle, startApi, startFloorCallback, startWorker } from '../harness/programs.ts';
import { orderOf } from '../harness/sides.ts';
import { quantile, short, shown, spreadOf } from '../measure/stats.ts';

/** Targets of issue 5, item 6 (a). */
const THROUGHPUT_AT_LEAST = 0.8;
const P99_AT_MOST = 50;
const PER_SECOND = 200;
const AT_ONCE = 32;
const LINES_AN_ORDER = 20;
const PATH = '/api/order/v1/delivery/tracker/trackerCallback';
const WORKER = { slots: 200, cache: 2_000 };
const DRAINS_WITHIN_MS = 120_000;

interface Parcel {
  deliveryNo: string;
  lineNo: number;
  waybillNo: string;
}

/** (a) The tracker's callback over HTTP (token, checks, journal), compared with a bare handler that inserts the same row. */
export const callbackPart: Part = {
  key: 'callbacks',
  title: 'Tracker callbacks: acknowledged against a bare handler that inserts the same row; applied exactly once',
  run: async (bench) => {
    const { servers, sizes } = bench;
    const [api, floor, token] = await Promise.all([startApi(servers, 'product'), startFloorCallback(servers), benchToken()]);
    const [ours, bare] = [createHttp(api.url, token), createHttp(floor.url, token)];
    let worker = await startWorker(servers, WORKER);
    try {
      const parcels = await ship(ours, sizes.callbackParcels);
      // Only the acknowledgement is compared, so nothing is relayed meanwhile.
      await worker.stop(6_000);
      await settle([servers.pids.temporal, servers.pids.postgres]);
      const stored = await throughput(bench, { ours, floor: bare }, parcels);
      worker = await startWorker(servers, WORKER);
      const from = performance.now();
      await drained(servers.db.product);
      bench.report.say(`relay: ${stored} waiting callbacks judged in ${short((performance.now() - from) / 1000)} s`);
      await steady(bench, ours, parcels);
      await exactlyOnce(bench, parcels);
    } finally {
      ours.close();
      bare.close();
      await Promise.all([api.child.stop(), floor.child.stop(), worker.stop(6_000)]);
    }
  },
};

/** Parcels in transit, each with its own waybill. */
async function ship(http: Http, count: number): Promise<Parcel[]> {
  const seed = Date.now().toString(36);
  const parcels: Parcel[] = [];
  for (let order = 0; parcels.length < count; order++) {
    const made = await http.post('/api/order/v1/orders', orderOf(`BC${seed}-${order}`, LINES_AN_ORDER));
    const { deliveryNo } = JSON.parse(made.text).deliveries[0] as { deliveryNo: string };
    const lines = Array.from({ length: LINES_AN_ORDER }, (_, at) => ({
      deliveryNo,
      lineNo: at + 1,
      carrierCode: '04',
      waybillNo: String((Date.now() % 1_000_000) * 100_000 + parcels.length + at).padStart(12, '7'),
    }));
    for (const command of ['instruct', 'release', 'ship']) {
      const { status, text } = await http.post(`/api/bo/v1/delivery-lines/${command}`, { lines });
      if (status !== 200 || JSON.parse(text).failed !== 0) throw new Error(`${command}: ${status} ${text}`);
    }
    parcels.push(...lines);
  }
  return parcels;
}

const kst = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

async function post(http: Http, { deliveryNo, waybillNo }: Parcel, level: number, scannedAt: number): Promise<void> {
  const token = callbackToken(CALLBACK_SECRET, deliveryNo);
  const { status, text } = await http.post(`${PATH}?token=${token}`, {
    secret_value: '',
    fid: deliveryNo,
    invoice_no: waybillNo,
    level: String(level),
    time_trans: kst(scannedAt),
    time_sweet: kst(scannedAt),
    where: '서울강남',
    telno_office: '02-123-4567',
    telno_man: '010-1234-5678',
    details: '간선하차',
    recv_addr: '서울특별시 강남구',
    recv_name: '홍길동',
    send_name: '김보냄',
    man: '이기사',
    estmate: '14~16시',
    courier_code: '04',
  });
  if (status !== 200 || text !== '{"code":true,"message":"success"}') throw new Error(`callback: ${status} ${text}`);
}

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Sends the same callbacks to both in alternating rounds, this many at once; returns how many ours has stored. */
async function throughput(
  { sizes, report, rounds }: Bench,
  sides: Record<'ours' | 'floor', Http>,
  parcels: Parcel[],
): Promise<number> {
  const rates: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
  const began = Date.now() - 3_600_000;
  let scan = 0;
  const run = async (http: Http, count: number) => {
    const from = performance.now();
    let left = count;
    const one = async () => {
      while (left-- > 0) {
        const index = scan++;
        // Each callback is a different scan: every round over the parcels uses another second of the past hour.
        await post(http, at(parcels, index), 3, began + Math.floor(index / parcels.length) * 1_000);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return (count * 1000) / (performance.now() - from);
  };
  for (const side of ['ours', 'floor'] as const) await run(sides[side], sizes.callbacks / 2);
  await rounds(sizes.rounds, sizes.roundSeconds, async (round) => {
    const order = ['ours', 'floor'] as const;
    for (const side of round % 2 === 0 ? order : order.toReversed()) rates[side].push(await run(sides[side], sizes.callbacks));
  });
  const [ours, floor] = [spreadOf(rates.ours), spreadOf(rates.floor)];
  report.say(`${AT_ONCE} at once: ours ${shown(ours)}/s, floor ${shown(floor)}/s`);
  const ratio = spreadOf(rates.ours.map((rate, round) => rate / (rates.floor[round] ?? Number.NaN)));
  report.target('callbacks acknowledged: ours / floor', ratio, { atLeast: THROUGHPUT_AT_LEAST }, ' ×', floor);
  return sizes.callbacks / 2 + rates.ours.length * sizes.callbacks;
}

/** The levels reported for a parcel, in this order; each parcel has its own pace, like real ones. */
const LEVELS = [2, 2, 4, 3, 5, 5, 6, 5, 6, 6];

/** 200 per second while the worker relays: levels up to delivery, also repeated and late ones. Late sending counts as latency. */
async function steady({ sizes, report }: Bench, http: Http, parcels: Parcel[]): Promise<void> {
  const count = PER_SECOND * sizes.callbackSeconds;
  const from = performance.now();
  const now = Date.now();
  const took: number[] = [];
  const sent: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const due = from + (index * 1000) / PER_SECOND;
    if (performance.now() < due) await sleep(due - performance.now());
    const level = at(LEVELS, index);
    const parcel = at(parcels, Math.floor(index / LEVELS.length));
    sent.push(post(http, parcel, level, now + level * 1_000).then(() => void took.push(performance.now() - due)));
  }
  await Promise.all(sent);
  report.say(`${PER_SECOND}/s: p50 ${short(quantile(took, 0.5))} ms, p95 ${short(quantile(took, 0.95))} ms of ${count}`);
  report.target(
    `callbacks acknowledged at ${PER_SECOND}/s: p99`,
    spreadOf([quantile(took, 0.99)]),
    { atMost: P99_AT_MOST },
    ' ms',
  );
}

/** Every parcel has exactly one 배송완료; nothing waits, nothing was refused, nothing became an exception. */
async function exactlyOnce({ servers, report }: Bench, parcels: Parcel[]): Promise<void> {
  const { product } = servers.db;
  const from = performance.now();
  await drained(product);
  const numbers = [...new Set(parcels.map(({ deliveryNo }) => deliveryNo))];
  const deadline = performance.now() + DRAINS_WITHIN_MS;
  for (;;) {
    const rows = await product.query(
      sql<{
        lines: number;
        delivered: number;
      }>`select count(*) as lines, count(*) filter (where state = 'delivered') as delivered from delivery_lines where delivery_no = any(${numbers})`,
    );
    if (rows[0]?.lines === rows[0]?.delivered) break;
    if (performance.now() > deadline) throw new Error(`not delivered: ${JSON.stringify(rows)}`);
    await sleep(50);
  }
  report.say(`all applied ${short((performance.now() - from) / 1000)} s after the last acknowledgement`);
  const wrong =
    await product.query(sql`select delivery_no, line_no from delivery_history where delivery_no = any(${numbers}) and voided_at is null
      group by delivery_no, line_no having count(*) filter (where command = 'deliver') <> 1 or bool_or(refused is not null)`);
  const exceptions = await product.query(sql`select 1 from tracking_exceptions where fid = any(${numbers})`);
  report.target('callbacks lines with another effect than once', spreadOf([wrong.length + exceptions.length]), { atMost: 0 });
}

async function drained({ query }: Db): Promise<void> {
  const deadline = performance.now() + DRAINS_WITHIN_MS;
  while ((await query(sql`select 1 from tracking_journal where processed_at is null limit 1`)).length > 0) {
    if (performance.now() > deadline) throw new Error('the journal does not drain');
    await sleep(50);
  }
}
