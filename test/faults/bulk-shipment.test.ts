import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, historyOf } from '../support/scenes/faults.ts';
import { type PlacedLine, placeOrder, uniqueWaybill } from '../support/scenes/orders.ts';
import { BULK, csv, ended, releaseSurely, start, upload } from '../support/scenes/sheets.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';

const ROWS = 120;
let stack: ProcessStack;
let api: ApiProcess;

beforeAll(async () => {
  stack = await startProcesses({ environment: { BULK_CONCURRENCY: '4' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

const uploader = () => ({ url: api.url, token: () => signToken(withoutPii) });

/** Lines that are 출고지시, each of a delivery of its own. */
async function released(count: number): Promise<PlacedLine[]> {
  const placed: PlacedLine[] = [];
  for (let left = count; left > 0; left -= 40)
    placed.push(
      ...(await placeOrder(
        api,
        Array.from({ length: Math.min(40, left) }, (_, at) => ({ placeNo: at + 1 })),
      )),
    );
  const lines = placed.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo }));
  for (let from = 0; from < lines.length; from += 120) await releaseSurely(api, lines.slice(from, from + 120));
  return placed;
}

const sheetOf = (lines: PlacedLine[]) => csv(lines.map(({ deliveryNo, lineNo }) => [deliveryNo, lineNo, '04', uniqueWaybill()]));
const processedBy = (id: string, count: number) =>
  eventually(async () => (await api.get(`${BULK}/${id}`)).body.processed >= count);

/** Every line shipped exactly once, and row = workflow. */
async function expectShippedOnce(lines: PlacedLine[]): Promise<void> {
  const counts = await stack.db.query(sql<{ times: number; lines: number }>`select times::int, count(*)::int as lines from (
       select count(*) as times from delivery_history where command = 'ship' and voided_at is null and refused is null
          and delivery_no = any(${lines.map(({ deliveryNo }) => deliveryNo)}) group by delivery_no, line_no) t group by times`);
  expect(counts).toEqual([{ times: 1, lines: lines.length }]);
  for (const line of lines.filter((_, at) => at % 40 === 0)) {
    expect((await historyOf(stack, line)).filter((entry) => entry.startsWith('ship'))).toEqual(['ship']);
    await expectSame(stack, line);
  }
}

describe('the job survives the death of worker and API, and ships nothing twice', () => {
  test('worker killed at a third and at two thirds, the API in between', async () => {
    let worker = await stack.startWorker();
    const lines = await released(ROWS);
    const { body } = await upload(uploader(), sheetOf(lines), { name: '출고.csv' });
    expect(body).toMatchObject({ valid: ROWS });
    expect((await start(api, body.id)).status).toBe(202);
    await processedBy(body.id, ROWS / 3);
    await worker.kill();
    await api.kill();
    api = await stack.startApi({}, false);
    worker = await stack.startWorker();
    await processedBy(body.id, (2 * ROWS) / 3);
    await worker.kill();
    worker = await stack.startWorker();
    expect(await ended(api, body.id)).toMatchObject({
      state: 'completed',
      valid: ROWS,
      skipped: 0,
      succeeded: ROWS,
      failed: 0,
    });
    await expectShippedOnce(lines);
    await worker.stop();
  });

  test('the same sheet in two jobs at once: every row shipped once, by one of them, and failed by none', async () => {
    const worker = await stack.startWorker();
    const lines = await released(80);
    const sheet = sheetOf(lines);
    const jobs = await Promise.all([upload(uploader(), sheet, { name: 'a.csv' }), upload(uploader(), sheet, { name: 'a.csv' })]);
    await Promise.all(jobs.map(({ body }) => start(api, body.id)));
    const done = await Promise.all(jobs.map(({ body }) => ended(api, body.id)));
    expect(done.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(done[0].succeeded + done[1].succeeded).toBe(80);
    expect(done.map(({ valid, skipped }) => valid + skipped)).toEqual([80, 80]);
    await expectShippedOnce(lines);
    await worker.stop();
  });

  test('cancel stops after the chunk under way: what was not begun stays', async () => {
    const worker = await stack.startWorker();
    const lines = await released(480);
    const { body } = await upload(uploader(), sheetOf(lines), { name: 'a.csv' });
    await start(api, body.id);
    await processedBy(body.id, 20);
    expect((await api.post(`${BULK}/${body.id}/cancel`, undefined)).status).toBe(202);
    const job = await ended(api, body.id);
    expect(job).toMatchObject({ state: 'canceled', processed: 400, succeeded: 400 });
    const left = await stack.db.query(
      sql`select 1 from delivery_lines where state = 'released' and delivery_no = any(${lines.map(({ deliveryNo }) => deliveryNo)})`,
    );
    expect(left).toHaveLength(80);
    await worker.stop();
  });
});
