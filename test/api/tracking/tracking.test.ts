import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  command,
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  placeOrder,
  receiver,
  storedHistory,
  storedRow,
  take,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { openClaim, placedLine, takePickup } from '../../support/scenes/pickups.ts';
import { callback, exceptionsOf, journalOf, outcomesOf, people, wireTime } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ DELIVERY_API_PROVIDER: 'sweet' });
});
afterAll(() => stack.stop());

const detail = async (deliveryNo: string) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
const becomes = (line: PlacedLine, state: string) => eventually(async () => (await storedRow(stack, line)).state === state);
const byTracker = async (line: PlacedLine) =>
  (await storedHistory(stack, line)).filter(({ by }) => by === 'sweet').map(({ command: name, refused }) => [name, refused]);

describe('배송 완료 건에 대해 배송 처리를 진행합니다', () => {
  test('level by level to 배송완료: the line hears of its first movement and its delivery, the timeline of all', async () => {
    const line = await placeIn(stack, 'shipped');
    const { deliveryNo, waybillNo } = line;
    for (const level of [1, 2, 3, 4, 5]) {
      await callback(stack, deliveryNo, waybillNo, level, { where: `지점${level}`, time_trans: wireTime(level) });
      await outcomesOf(stack, deliveryNo);
      expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: level });
    }
    await callback(stack, deliveryNo, waybillNo, 6, { where: '', time_trans: wireTime(6) });
    await becomes(line, 'delivered');
    expect(await outcomesOf(stack, deliveryNo)).toEqual(['kept', 'applied', 'kept', 'kept', 'kept', 'applied']);
    expect(await byTracker(line)).toEqual([
      ['track', null],
      ['deliver', null],
    ]);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'delivered', trackingLevel: 6 });
    const { tracking, waybills } = await detail(deliveryNo);
    expect(waybills).toEqual([{ carrierCode: '04', waybillNo, lineNos: [1], trackingLevel: 6 }]);
    expect(tracking).toMatchObject([
      { waybillNo, level: 1, levelName: '배송준비', where: '지점1', details: '간선하차' },
      { level: 2, levelName: '집화완료' },
      { level: 3, levelName: '배송중' },
      { level: 4, levelName: '지점도착' },
      { level: 5, levelName: '배송출발' },
      { level: 6, levelName: '배송완료', where: null },
    ]);
    expect(Object.keys(tracking[0]).sort()).toEqual(['at', 'details', 'level', 'levelName', 'waybillNo', 'where']);
  });

  test('levels 6-5-4-6: delivered once, what is late moves nothing back and stands in the timeline by its time', async () => {
    const line = await placeIn(stack, 'shipped');
    for (const [at, level] of [6, 5, 4, 6].entries())
      await callback(stack, line.deliveryNo, line.waybillNo, level, { time_trans: wireTime([60, 50, 40, 61][at]) });
    await becomes(line, 'delivered');
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(expect.arrayContaining(['applied']));
    expect(await byTracker(line)).toEqual(expect.arrayContaining([['deliver', null]]));
    expect((await byTracker(line)).filter(([name]) => name === 'deliver')).toHaveLength(1);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'delivered', tracking_level: 6 });
    const { tracking } = await detail(line.deliveryNo);
    expect(tracking.map(({ level }: { level: number }) => level)).toEqual([4, 5, 6, 6]);
  });

  test('배송완료취소 is not undone by a late callback of the same parcel', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, 6);
    await becomes(line, 'delivered');
    await take(stack, line, ['reopen']);
    await callback(stack, line.deliveryNo, line.waybillNo, 5, { time_trans: wireTime(3) });
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['applied', 'kept']);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped' });
  });

  test('처리취소 is refused with ALREADY_MOVING once level ≥ 2', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, 2);
    await eventually(async () => (await storedRow(stack, line)).tracking_level === 2);
    expect(await commandLine(stack, 'undo', line, {}, { reason: '오배송' })).toMatchObject({
      ok: false,
      error: { code: 'ALREADY_MOVING' },
    });
  });

  test('a line’s end is known: callbacks of a finished line are done, and wake nobody', async () => {
    const line = await placedLine(stack, undefined, { quantity: 1 });
    const pickupNo = await openClaim(stack, 'return', line, 1);
    const waybillNo = (await listedLine(stack, line))?.waybillNo;
    await takePickup(stack, pickupNo, ['instruct', 'confirm', 'complete']);
    await eventually(async () => (await storedRow(stack, line)).finished_at !== null);
    await callback(stack, line.deliveryNo, waybillNo, 6);
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['kept']);
    expect(await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}`)).toEqual([]);
  });
});

test('a workflow that was lost keeps its callback waiting, and no other’s; rebuild or its end lets it go', async () => {
  const [lost, other] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
  await stack.temporal.workflow.getHandle(`delivery-${lost.deliveryNo}-1`).terminate('lost');
  await callback(stack, lost.deliveryNo, lost.waybillNo, 6);
  await eventually(async () => ((await journalOf(stack, lost.deliveryNo))[0]?.attempts ?? 0) >= 2);
  await callback(stack, other.deliveryNo, other.waybillNo, 6);
  await becomes(other, 'delivered');
  expect(await journalOf(stack, lost.deliveryNo)).toMatchObject([{ processed_at: null }]);
  await stack.db.query(sql`update delivery_lines set finished_at = now() where delivery_no = ${lost.deliveryNo}`);
  expect(await outcomesOf(stack, lost.deliveryNo)).toEqual(['kept']);
});

describe('a callback acts on every line that carries that waybill, of whatever delivery, and on no other', () => {
  test('합포장: the lines of both deliveries, and both details show the timeline', async () => {
    const buyer = { receiver: { ...receiver, name: '남궁민수', phone: '010-7777-1234' } };
    const [first, same, other] = (await placeOrder(stack, [{}, {}, {}], buyer)) as [PlacedLine, PlacedLine, PlacedLine];
    const [second] = (await placeOrder(stack, [{}], buyer)) as [PlacedLine];
    const waybillNo = uniqueWaybill();
    for (const line of [first, same, other, second]) await take(stack, line, ['instruct', 'release']);
    await command(
      stack,
      'ship',
      [first, same].map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, carrierCode: '04', waybillNo })),
    );
    await take(stack, other, ['ship']);
    const shared = { lines: [{ deliveryNo: second.deliveryNo, lineNo: 1, carrierCode: '04', waybillNo }], combine: true };
    expect((await stack.post('/api/bo/v1/delivery-lines/ship', shared)).body).toMatchObject({ succeeded: 1 });

    await callback(stack, first.deliveryNo, waybillNo, 6);
    for (const line of [first, same, second]) await becomes(line, 'delivered');
    expect(await outcomesOf(stack, first.deliveryNo)).toEqual(['applied']);
    expect(await storedRow(stack, other)).toMatchObject({ state: 'shipped', tracking_level: null });
    for (const { deliveryNo } of [first, second])
      expect((await detail(deliveryNo)).tracking).toMatchObject([{ waybillNo, level: 6 }]);
  });

  test('운송장정정: the old waybill’s callbacks are kept, not applied; the new one’s count', async () => {
    const line = await placeIn(stack, 'shipped');
    const { waybillNo: corrected } = await take(stack, line, ['correct-waybill']);
    await callback(stack, line.deliveryNo, line.waybillNo, 6);
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['kept']);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: null });
    expect(await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}`)).toEqual([]);
    await callback(stack, line.deliveryNo, corrected, 6);
    await becomes(line, 'delivered');
    expect((await detail(line.deliveryNo)).tracking.map((scan: { waybillNo: string }) => scan.waybillNo).sort()).toEqual(
      [line.waybillNo, corrected].sort(),
    );
  });

  test('a waybill that went on to another delivery acts there, also under the first one’s number', async () => {
    const mistaken = await placeIn(stack, 'shipped');
    const right = await placeIn(stack, 'released');
    await take(stack, mistaken, ['correct-waybill']);
    await commandLine(stack, 'ship', right, { carrierCode: '04', waybillNo: mistaken.waybillNo });
    await callback(stack, mistaken.deliveryNo, mistaken.waybillNo, 6);
    await becomes(right, 'delivered');
    expect(await storedRow(stack, mistaken)).toMatchObject({ state: 'shipped' });
  });
});

test('people of a callback are in PostgreSQL and in no answer', async () => {
  const line = await placeIn(stack, 'shipped');
  await callback(stack, line.deliveryNo, line.waybillNo, -99);
  await outcomesOf(stack, line.deliveryNo);
  const [row] = await journalOf(stack, line.deliveryNo);
  expect(row?.body).toMatchObject(people);
  const token = await stack.token(['delivery.read', 'pii.read']);
  const answers = await Promise.all(
    [
      `deliveries/${line.deliveryNo}`,
      `delivery-lines?deliveryNo=${line.deliveryNo}`,
      `tracking-exceptions?deliveryNo=${line.deliveryNo}`,
    ].map((path) => stack.get(`/api/bo/v1/${path}`, { token })),
  );
  for (const { status, body } of answers) {
    expect(status).toBe(200);
    expect(Object.values(people).filter((secret) => JSON.stringify(body).includes(secret))).toEqual([]);
  }
});
