import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, commandLine, type PlacedLine, placeIn, receiver, storedRow, take } from '../../support/scenes/orders.ts';
import { claimBody, postClaim } from '../../support/scenes/pickups.ts';
import { conditional, feeLine, orderWithFees, placeWithPolicy } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function splitOff(line: PlacedLine, quantity: number, name = 'split', more: object = {}): Promise<PlacedLine> {
  const { newLine } = await commandLine(stack, name, line, { quantity }, more);
  return { orderNo: line.orderNo, deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
}
const whole = ({ orderNo }: PlacedLine, quantity: number) => cancel(stack, [{ orderNo, lineNo: 1, quantity }]);
const valid = async (line: PlacedLine) => (await storedRow(stack, line)).valid_quantity;
const partOf = ({ deliveryNo, lineNo }: PlacedLine, quantity: number) => ({ deliveryNo, lineNo, quantity });

describe('a cancellation of a split line names the number that the shop knows', () => {
  test('출고대기 first, then least far: spread over the parts, answered under the lineNo asked', async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 6 });
    const released = await splitOff(line, 2);
    await take(stack, released, ['instruct', 'release']);
    const missing = await splitOff(released, 1, 'report-stockout', { reason: '품절' });
    const { status, body } = await whole(line, 4);
    expect(status).toBe(200);
    expect(body).toMatchObject({ succeeded: 1, failed: 0 });
    expect(body.results).toEqual([
      expect.objectContaining({
        deliveryNo: line.deliveryNo,
        lineNo: 1,
        ok: true,
        state: 'ordered',
        validQuantity: 2,
        parts: [partOf(missing, 1), partOf(line, 3)],
      }),
    ]);
    expect([await valid(line), await valid(released), await valid(missing)]).toEqual([1, 1, 0]);
    expect((await whole(line, 3)).body.results).toMatchObject([{ ok: false, error: { code: 'QUANTITY_EXCEEDED' } }]);
    const last = await whole(line, 2);
    expect(last.body.results).toMatchObject([{ ok: true, validQuantity: 0, parts: [partOf(line, 1), partOf(released, 1)] }]);
    expect((await whole(line, 1)).body.results).toMatchObject([{ ok: false, error: { code: 'LINE_FINISHED' } }]);
  });

  test("a part's own number is none of the order's", async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 3 });
    const part = await splitOff(line, 1);
    const { body } = await cancel(stack, [{ ...part, quantity: 1 }]);
    expect(body.results).toMatchObject([{ lineNo: part.lineNo, ok: false, error: { code: 'LINE_NOT_FOUND' } }]);
    const claim = await postClaim(stack, claimBody('return', line.orderNo, [{ lineNo: part.lineNo, quantity: 1 }]));
    expect(claim).toMatchObject({ status: 404, body: { code: 'LINE_NOT_FOUND' } });
  });

  test('what has left cannot be canceled: 409 with the waybill of the part that has; the rest can', async () => {
    const line = await placeIn(stack, 'released', { quantity: 5 });
    const rest = await splitOff(line, 3);
    const { waybillNo } = await take(stack, line, ['ship']);
    const refused = await whole(line, 4);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_SHIPPED', deliveryNo: line.deliveryNo, lineNo: 1, waybillNo },
    });
    expect(await valid(rest)).toBe(3);
    expect((await whole(line, 3)).body.results).toMatchObject([{ ok: true, validQuantity: 2, parts: [partOf(rest, 3)] }]);
    expect(await storedRow(stack, rest)).toMatchObject({ state: 'canceled' });
  });

  test('sent twice under one key it is done once, also when the line is split in between', async () => {
    const line = await placeIn(stack, 'instructed', { quantity: 5 });
    const key = { 'idempotency-key': `twice-${line.orderNo}` };
    const send = () =>
      stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] }, { headers: key });
    await splitOff(line, 4);
    const [first, second] = [await send(), await send()];
    expect(first.body.results).toMatchObject([{ ok: true, validQuantity: 3 }]);
    expect(second.body).toEqual(first.body);
    const other = await placeIn(stack, 'ordered', { quantity: 3 });
    await whole(other, 1);
    await splitOff(other, 1);
    expect((await whole(other, 2)).body.results).toMatchObject([{ ok: true, validQuantity: 0 }]);
  });

  test('many at once never cancel more than there is', async () => {
    const line = await placeIn(stack, 'released', { quantity: 6 });
    const parts = [line, await splitOff(line, 2), await splitOff(line, 2)];
    const answers = await Promise.all(Array.from({ length: 5 }, () => whole(line, 2)));
    const done = answers.filter(({ body }) => body.succeeded === 1);
    expect(done).toHaveLength(3);
    const taken = done.flatMap(({ body }) => body.results[0].parts).reduce((sum, { quantity }) => sum + quantity, 0);
    expect(taken).toBe(6);
    expect(await Promise.all(parts.map(valid))).toEqual([0, 0, 0]);
  });

  test('the shipping fee counts the line with all its parts', async () => {
    const [placeNo] = await placeWithPolicy(stack, conditional, {});
    const { orderNo, lineOf } = await orderWithFees(stack, [{ ...feeLine(placeNo), quantity: 2 }]);
    await splitOff(lineOf(1), 1);
    const { body } = await cancel(stack, [{ orderNo, lineNo: 1, quantity: 1 }]);
    expect(body).toMatchObject({ feeBefore: 0, feeAfter: 2_500 });
  });
});

describe('GET /orders/{orderNo} shows parts under their line', () => {
  test('the line itself first, then its parts and theirs; their quantities make the line', async () => {
    const line = await placeIn(stack, 'released', { quantity: 6 });
    const part = await splitOff(line, 3);
    const partOfPart = await splitOff(part, 1, 'report-stockout', { reason: '품절' });
    const { body } = await stack.get(`/api/order/v1/orders/${line.orderNo}`);
    const lines = body.deliveries.flatMap((delivery: { lines: { lineNo: number }[] }) => delivery.lines);
    const shown = lines.find(({ lineNo }: { lineNo: number }) => lineNo === 1);
    expect(shown.parts).toMatchObject([
      { ...partOf(line, 3), state: 'released', validQuantity: 3 },
      { ...partOf(part, 2), state: 'released', validQuantity: 2 },
      { ...partOf(partOfPart, 1), state: 'awaitingShipment', validQuantity: 1 },
    ]);
    expect(lines.filter(({ parts }: { parts?: object[] }) => parts)).toHaveLength(1);
  });

  test('and its receiver can be changed until the first part has left', async () => {
    const line = await placeIn(stack, 'released', { quantity: 2 });
    const part = await splitOff(line, 1);
    const put = () => stack.put(`/api/order/v1/orders/${line.orderNo}/receiver`, { ...receiver, address2: '3층' });
    expect((await put()).status).toBe(200);
    await take(stack, part, ['ship']);
    expect(await put()).toMatchObject({ status: 409, body: { code: 'ALREADY_SHIPPED', lineNo: 1, deliveryNo: part.deliveryNo } });
  });
});
