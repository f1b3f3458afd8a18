import { sql } from 'kysely';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { TRACK_SIGNAL } from '../../workflows/messages/names.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp, type Http } from '../harness/http.ts';
import { benchToken, startApi, startWorker } from '../harness/programs.ts';
import { orderOf } from '../harness/sides.ts';
import { spreadOf } from '../measure/stats.ts';

/** Targets of issue 3, item 10 (b). */
const MOST_EVENTS = 45;
const MOST_BYTES = 12 * 1024;
const KB = 1024;
const WITHIN_MS = 10_000;

/** (b) The history that one whole lifecycle leaves in Temporal; a cold command replays all of it. */
export const historyPart: Part = {
  key: 'history',
  title: 'History of a whole lifecycle: ordered, instructed, released, shipped, first movement, delivered',
  run: async (bench) => {
    const { servers } = bench;
    const [api, worker] = await Promise.all([startApi(servers, 'product'), startWorker(servers, { slots: 100, cache: 1_000 })]);
    const http = createHttp(api.url, await benchToken());
    try {
      await measure(bench, http);
    } finally {
      http.close();
      await Promise.all([api.child.stop(), worker.stop(6_000)]);
    }
  },
};

async function measure({ servers, report }: Bench, http: Http): Promise<void> {
  const order = await http.post('/api/order/v1/orders', orderOf('BENCH-HISTORY-1', 1));
  const { deliveryNo } = JSON.parse(order.text).deliveries[0] as { deliveryNo: string };
  const lineNo = 1;
  const handle = servers.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));
  const parcel = { carrierCode: '04', waybillNo: '987654321098' };
  const command = async (name: string, fields: object = {}) => {
    const { status, text } = await http.post(`/api/bo/v1/delivery-lines/${name}`, { lines: [{ deliveryNo, lineNo, ...fields }] });
    if (status !== 200 || JSON.parse(text).succeeded !== 1) throw new Error(`${name}: ${status} ${text}`);
  };
  const seen = async (what: string, value: string | number) => {
    const deadline = performance.now() + WITHIN_MS;
    for (;;) {
      const rows = await servers.db.product.query(
        sql`select 1 from delivery_lines where delivery_no = ${deliveryNo} and ${sql.raw(what)} = ${value}`,
      );
      if (rows.length > 0) return;
      if (performance.now() > deadline) throw new Error(`no row with ${what} ${value}`);
    }
  };
  await command('instruct');
  await command('release');
  await command('ship', parcel);
  await handle.signal(TRACK_SIGNAL, { requestId: 'bench-movement', ...parcel, level: 2 });
  await seen('tracking_level', 2);
  await command('deliver');
  await seen('state', 'delivered');
  const { events = [] } = await handle.fetchHistory();
  // The server's own size of the encoded events.
  const { historySize = 0 } = await handle.describe();
  report.target('history: events', spreadOf([events?.length ?? 0]), { atMost: MOST_EVENTS });
  report.target('history: size', spreadOf([historySize / KB]), { atMost: MOST_BYTES / KB }, ' KB');
  report.say(`by type: ${kindsOf(events ?? [])}`);
}

/** The type of each event, by the name of its attributes. */
export function kindsOf(events: readonly object[]): string {
  const suffix = /EventAttributes$/;
  const kinds = events.map(
    (event) => Object.entries(event).find(([name, value]) => suffix.test(name) && value != null)?.[0] ?? '',
  );
  const counted = Map.groupBy(kinds, (kind) => kind.replace(suffix, ''));
  return [...counted].map(([kind, of]) => `${of.length} ${kind}`).join(', ');
}
