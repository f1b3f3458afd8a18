import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { placeIn, uniqueWaybill } from '../../support/scenes/orders.ts';
import { instructWithWaybill, openClaim, placedLine } from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const PATH = '/api/bo/v1/waybills/check';
const check = (waybills: unknown) => stack.post(PATH, { waybills });

describe('which waybills are in use, and whose', () => {
  test('in order, cleaned as 출고완료 cleans them; of a delivery, of a pickup, of nobody, not a waybill', async () => {
    const shipped = await placeIn(stack, 'shipped');
    const pickupNo = await openClaim(stack, 'return', await placedLine(stack));
    const [ofPickup, free] = [await instructWithWaybill(stack, pickupNo), uniqueWaybill()];
    const waybillNo = shipped.waybillNo ?? '';
    const written = waybillNo.replace(/(\d{4})(?=\d)/g, '$1-').replace('1', '１');
    const { status, body } = await check([
      { carrierCode: '04', waybillNo: free },
      { carrierCode: ' 04', waybillNo: ` ${written}\u200b` },
      { carrierCode: '04', waybillNo: ofPickup },
      { carrierCode: '05', waybillNo },
      { carrierCode: '04', waybillNo: '12' },
      { carrierCode: 'nobody', waybillNo },
      { carrierCode: '04', waybillNo: 'a\u0000b' },
      { carrierCode: '04', waybillNo },
    ]);
    expect(status).toBe(200);
    const { deliveryNo } = shipped;
    expect(body.items.map(({ usedBy }: any) => usedBy)).toEqual([
      null,
      { deliveryNo },
      { pickupNo },
      ...[null, null, null, null],
      { deliveryNo },
    ]);
    expect(body.items[1]).toEqual({ carrierCode: '04', waybillNo, usedBy: { deliveryNo } });
  });

  test('one that is free again is nobody’s; nothing is stored', async () => {
    const shipped = await placeIn(stack, 'shipped');
    const requests = async () => (await stack.db.query(sql<{ n: number }>`select count(*) as n from requests`))[0]?.n;
    const lines = [{ deliveryNo: shipped.deliveryNo, lineNo: shipped.lineNo }];
    const undone = await stack.post('/api/bo/v1/delivery-lines/undo', { lines, reason: '시험' });
    expect(undone.body.succeeded).toBe(1);
    const before = await requests();
    const { body } = await check([{ carrierCode: '04', waybillNo: shipped.waybillNo }]);
    expect(body.items).toMatchObject([{ usedBy: null }]);
    expect(await requests()).toBe(before);
  });

  test('1 to 500 of them, and delivery.read', async () => {
    const one = { carrierCode: '04', waybillNo: '681234567890' };
    expect((await check([])).status).toBe(400);
    expect((await check(Array.from({ length: 500 }, () => one))).body.items).toHaveLength(500);
    expect(await check(Array.from({ length: 501 }, () => one))).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await check([{ ...one, note: 'x' }])).toMatchObject({ status: 400 });
    expect((await stack.post(PATH, { waybills: [one] }, { token: await stack.token(['delivery.write']) })).status).toBe(403);
  });
});
