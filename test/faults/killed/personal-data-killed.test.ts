import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Gate, openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { finishedRun, runsOf, startBatch } from '../../support/scenes/batches.ts';
import { cancel, type PlacedLine, placeOrder } from '../../support/scenes/orders.ts';
import { holdUp, isHeldUp, shiftBack, TERM_DAYS, tablesWith } from '../../support/scenes/personal-data.ts';
import { eventually } from '../../support/stack.ts';

/** Two pages. */
const ORDERS = 130;
const REASON = '동방화남 님의 부탁';
const receiver = { name: '남궁받음', phone: '010-3939-4747', zipCode: '06237', address1: '숨김특별시 그늘로 31' };
let stack: ProcessStack;
let api: ApiProcess;
let gate: Gate;

beforeAll(async () => {
  stack = await startProcesses({ environment: { PERSONAL_DATA_DAYS: String(TERM_DAYS) } });
  api = await stack.startApi({}, false);
  gate = await openGate(stack.temporalAddress);
});
afterAll(async () => {
  await gate.close();
  await stack.stop();
});

/** Canceled orders, ended long ago; each a little later than the one before. */
async function endedOrders(): Promise<PlacedLine[]> {
  const lines: PlacedLine[] = [];
  while (lines.length < ORDERS) {
    const placed = await Promise.all(Array.from({ length: 10 }, () => placeOrder(api, [{}], { receiver })));
    lines.push(...placed.flat());
  }
  await Promise.all(lines.map((line) => cancel(api, [line], { reason: REASON })));
  for (const [at, { orderNo }] of lines.entries()) await shiftBack(stack, orderNo, 2 * TERM_DAYS - at / ORDERS);
  return lines;
}

const heldUp = () => isHeldUp(stack);
const nobodyWaits = async () => !(await heldUp());
/** Of each order, whether its people are gone; a half-erased one fails. */
const erasedCount = async () => {
  const rows = await stack.db.query(sql<{ erased: boolean; named: boolean; told: boolean }>`
    select o.people_erased_at is not null as erased, o.receiver_name = ${receiver.name} as named,
           exists (select from delivery_history h where h.delivery_no = l.delivery_no and h.reason = ${REASON}) as told
      from orders o join delivery_lines l using (order_no)`);
  for (const { erased, named, told } of rows) expect([named, told]).toEqual([!erased, !erased]);
  return rows.filter(({ erased }) => erased).length;
};

test('a worker killed in the middle of a page, twice, and one after a page that it could not report: all erased, each counted once', async () => {
  const first = await stack.startWorker();
  const lines = await endedOrders();
  const held = await holdUp(stack, lines.at(-1) as PlacedLine);
  const run = await startBatch(api, 'personal-data');
  await eventually(heldUp);
  await first.kill();
  expect(await erasedCount()).toBeLessThan(ORDERS);

  const second = await stack.startWorker();
  await eventually(nobodyWaits);
  await eventually(heldUp);
  await second.kill();
  expect(await erasedCount()).toBeLessThan(ORDERS);

  const third = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
  await eventually(nobodyWaits);
  await eventually(heldUp);
  gate.shut();
  await held.release();
  await eventually(async () => (await tablesWith(stack, REASON)).join() === 'requests');
  await third.kill();
  gate.drop();

  const last = await stack.startWorker();
  expect(await finishedRun(api, 'personal-data', run)).toMatchObject({
    examined: ORDERS,
    succeeded: ORDERS,
    failed: 0,
    skipped: 0,
    errors: [],
  });
  expect(await runsOf(api, 'personal-data')).toHaveLength(1);
  expect(await erasedCount()).toBe(ORDERS);
  await last.stop();
});
