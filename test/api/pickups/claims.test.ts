import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { heldBy } from '../../support/scenes/faults.ts';
import { cancel, type PlacedLine, pathTo, placeIn, placeOrder, receiver, take, unique } from '../../support/scenes/orders.ts';
import {
  type ClaimItem,
  claimBody,
  claimedOn,
  claimsOn,
  DELIVERED,
  openClaim,
  pickupIn,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
} from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Refused whole: no claim, no pickup, and no quantity is held on any of the order's lines. */
async function expectRefused(body: ReturnType<typeof claimBody>, status: number, code: string) {
  const held = () =>
    stack.db.query(sql`select line_no, claims from delivery_lines where order_no = ${body.orderNo} order by line_no`);
  const before = await held();
  const answer = await postClaim(stack, body);
  expect(answer).toMatchObject({ status, body: { code, status, title: expect.any(String) } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await stack.db.query(sql`select 1 from claims where claim_no = ${body.claimNo}`)).toEqual([]);
  expect(await stack.db.query(sql`select 1 from pickups where claim_no = ${body.claimNo}`)).toEqual([]);
  expect(await held()).toEqual(before);
  return answer.body;
}
const ask = (line: PlacedLine, items: ClaimItem[] = [{ lineNo: line.lineNo, quantity: 1 }]) =>
  claimBody('return', line.orderNo, items);

describe('only shipped or delivered quantity not already claimed or returned', () => {
  test.each(['shipped', 'delivered'] as const)('a line that is %s', async (state) => {
    const line = await placedLine(stack, pathTo[state]);
    const pickupNo = await openClaim(stack, 'exchange', line, 2);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'requested', stateName: '교환접수', revision: 1 });
    expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 2, status: 'reserved' } });
  });

  test.each(['ordered', 'instructed', 'released', 'awaitingShipment', 'canceled'] as const)(
    'on a line that is %s: NOT_CLAIMABLE, naming the line',
    async (state) => {
      const line = await placeIn(stack, state);
      const body = await expectRefused(ask(line), 409, 'NOT_CLAIMABLE');
      expect(body.errors).toEqual([{ path: 'items.0.lineNo', message: expect.stringContaining('1번 줄') }]);
    },
  );

  test('more than is left: ordered, canceled, claimed, exchanged and returned are counted', async () => {
    const line = await placedLine(stack, [], { quantity: 9 });
    await cancel(stack, [{ ...line, quantity: 2 }]);
    await take(stack, line, DELIVERED);
    await expectRefused(ask(line, [{ lineNo: 1, quantity: 8 }]), 409, 'NOT_CLAIMABLE');
    for (const kind of ['return', 'exchange'] as const) await pickupIn(stack, 'completed', line, kind);
    const [refused] = [await pickupIn(stack, 'refused', line), await pickupIn(stack, 'requested', line)];
    // 9 − 2 canceled − 1 returned − 1 exchanged − 1 claimed; the refused one is claimable again.
    await expectRefused(ask(line, [{ lineNo: 1, quantity: 5 }]), 409, 'NOT_CLAIMABLE');
    const last = await openClaim(stack, 'return', line, 4);
    await expectRefused(ask(line), 409, 'NOT_CLAIMABLE');
    expect(await claimsOn(stack, line)).toMatchObject({
      [refused ?? '']: { status: 'released' },
      [last]: { quantity: 4, status: 'reserved' },
    });
  });

  test('a line wholly returned, and so finished', async () => {
    const line = await placedLine(stack, DELIVERED, { quantity: 1 });
    await pickupIn(stack, 'completed', line);
    await expectRefused(ask(line), 409, 'NOT_CLAIMABLE');
  });

  test('on an unknown line or order: 404, and a known line beside it holds nothing', async () => {
    const line = await placedLine(stack);
    const items = [
      { lineNo: 1, quantity: 1 },
      { lineNo: 9, quantity: 1 },
    ];
    const body = await expectRefused(ask(line, items), 404, 'LINE_NOT_FOUND');
    expect(body.errors).toEqual([{ path: 'items.1.lineNo', message: expect.any(String) }]);
    await expectRefused(claimBody('return', unique('no'), [{ lineNo: 1, quantity: 1 }]), 404, 'ORDER_NOT_FOUND');
  });
});

describe('a bad claim body is 400 and names its field', () => {
  const exchangeTo = { productId: 1, productName: '의자' };
  test.each<[string, string, object]>([
    ['quantity 0', 'items.0.quantity', { items: [{ lineNo: 1, quantity: 0, reasonCode: 'DEFECT' }] }],
    ['quantity −1', 'items.0.quantity', { items: [{ lineNo: 1, quantity: -1, reasonCode: 'DEFECT' }] }],
    ['half a piece', 'items.0.quantity', { items: [{ lineNo: 1, quantity: 0.5, reasonCode: 'DEFECT' }] }],
    ['lineNo 0', 'items.0.lineNo', { items: [{ lineNo: 0, quantity: 1, reasonCode: 'DEFECT' }] }],
    ['no reasonCode', 'items.0.reasonCode', { items: [{ lineNo: 1, quantity: 1 }] }],
    ['an unknown reasonCode', 'items.0.reasonCode', { items: [{ lineNo: 1, quantity: 1, reasonCode: 'BORED' }] }],
    ['no items', 'items', { items: [] }],
    ['no claimNo', 'claimNo', { claimNo: undefined }],
    ['another kind', 'kind', { kind: 'refund' }],
    ['a pickup place without address', 'pickupFrom.address1', { pickupFrom: { ...receiver, address1: undefined } }],
    ['a NUL in the reason', 'items.0.reason', { items: [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT', reason: 'a\u0000' }] }],
    // biome-ignore format: one case a line
    ['exchangeTo on a return', 'items.0.exchangeTo', { items: [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT', exchangeTo }] }],
    // biome-ignore format: one case a line
    ['exchangeTo without name', 'items.0.exchangeTo.productName', { kind: 'exchange', items: [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT', exchangeTo: { productId: 1 } }] }],
  ])('%s', async (_, path, more) => {
    const line = await placedLine(stack, SHIPPED);
    const body = await expectRefused({ ...ask(line), ...more }, 400, 'BAD_REQUEST');
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test('the same lineNo twice, as number and as digits', async () => {
    const line = await placedLine(stack, SHIPPED);
    const items = [1, '1'].map((lineNo) => ({ lineNo, quantity: 1 })) as ClaimItem[];
    const body = await expectRefused(ask(line, items), 400, 'BAD_REQUEST');
    expect(body.errors).toMatchObject([{ path: 'items.1.lineNo' }]);
  });
});

describe('one pickup per delivery concerned', () => {
  test('a claim over several deliveries, lines that are not named left out', async () => {
    const lines = await placeAndTake(stack, SHIPPED, [{}, { placeNo: 176_129 }, { methodCode: '20' }, {}]);
    const items = [3, 1, 4].map((lineNo) => ({ lineNo, quantity: lineNo === 1 ? 2 : 1 }));
    const { status, body } = await postClaim(stack, claimBody('exchange', lines[0]?.orderNo ?? '', items));
    expect(status).toBe(201);
    const shown = body.pickups.map((pickup: { deliveryNo: string; items: unknown }) => [pickup.deliveryNo, pickup.items]);
    expect(new Map(shown)).toEqual(
      new Map([
        [
          lines[0]?.deliveryNo,
          [
            { lineNo: 1, quantity: 2 },
            { lineNo: 4, quantity: 1 },
          ],
        ],
        [lines[2]?.deliveryNo, [{ lineNo: 3, quantity: 1 }]],
      ]),
    );
    expect(await claimedOn(stack, lines[1] as PlacedLine)).toBe(0);
    for (const { pickupNo, deliveryNo } of body.pickups)
      expect(await pickupOf(stack, pickupNo)).toMatchObject({
        claimNo: body.claimNo,
        originalDeliveryNo: deliveryNo,
        kind: 'exchange',
        history: [{ command: 'claim', by: 'kim', from: null, to: 'requested', revision: 1 }],
      });
  });

  test('collected from the receiver, or from `pickupFrom`; the reason and what is wanted instead are shown', async () => {
    const line = await placedLine(stack);
    const token = await stack.token(['pickup.read', 'pii.read']);
    const shown = async (more: object) => {
      const item = { lineNo: 1, quantity: 1, reason: '다리가 휘어 있음', exchangeTo: { productId: '7', productName: '의자' } };
      const { body } = await postClaim(stack, claimBody('exchange', line.orderNo, [item], more));
      return (await stack.get(`/api/bo/v1/pickups/${body.pickups[0].pickupNo}`, { token })).body;
    };
    const { memo: _, ...place } = receiver;
    const own = await shown({});
    expect(own).toMatchObject({
      pickupFrom: place,
      items: [
        { reasonCode: 'DEFECT', reason: '다리가 휘어 있음', exchangeTo: { productId: 7, productName: '의자', optionName: null } },
      ],
    });
    const elsewhere = {
      name: '이산',
      phone: '02-1-2',
      zipCode: '48058',
      address1: '부산광역시 해운대구',
      address2: null,
      memo: null,
    };
    expect((await shown({ pickupFrom: elsewhere })).pickupFrom).toEqual(elsewhere);
  });
});

describe('one pickup workflow per delivery concerned runs when the claim is answered', () => {
  test('its row says so', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    await take(stack, line, SHIPPED);
    const pickupNo = await openClaim(stack, 'return', line);
    const { workflowId } = await pickupOf(stack, pickupNo);
    expect(workflowId).toBe(`pickup-${pickupNo}`);
    const { status, type } = await stack.temporal.workflow.getHandle(workflowId).describe();
    expect([status.name, type]).toEqual(['RUNNING', 'pickup']);
    expect(await heldBy(stack, workflowId)).toMatchObject({ pickupNo });
  });
});
