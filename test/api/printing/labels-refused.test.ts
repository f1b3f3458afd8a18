import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { placeIn, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { print } from './opened-pdf.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token(['delivery.read', 'pii.read', 'audit.read']);
});
afterAll(() => stack.stop());

const labels = (body: object, headers: Record<string, string> = {}, by = token) => print(stack.url, by, 'labels', body, headers);
const printsOf = async (deliveryNo: string) =>
  (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}?masked=true`, { token })).body.prints as { copy: number }[];
const accessesOf = async (deliveryNo: string) =>
  (await stack.get(`/api/bo/v1/personal-data-accesses?subject=${deliveryNo}`, { token })).body.items;

describe('nothing is printed, and the lines are named', () => {
  const refusal = (line: { deliveryNo: string; lineNo: number }, reason: string) => ({
    status: 409,
    body: {
      code: 'LABEL_NOT_PRINTABLE',
      detail: expect.stringContaining(`${line.deliveryNo}-${line.lineNo} (${reason})`),
      errors: [{ path: `${line.deliveryNo}-${line.lineNo}`, message: reason }],
    },
  });

  test.each([
    ['canceled', '취소·반품'],
    ['awaitingShipment', '결품 (출고대기)'],
    ['released', '운송장 없음'],
    ['delivered', '이미 배송완료'],
  ] as const)('where a line is %s', async (state, reason) => {
    const [good, bad] = [await placeIn(stack, 'shipped'), await placeIn(stack, state)];
    expect(await labels({ deliveryNos: [good.deliveryNo, bad.deliveryNo] })).toMatchObject(refusal(bad, reason));
    expect(await printsOf(good.deliveryNo)).toEqual([]);
    expect(await accessesOf(good.deliveryNo)).toEqual([]);
  });

  test('where it is no parcel', async () => {
    const line = await placeIn(stack, 'released', { methodCode: '20' });
    expect(await labels({ lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] })).toMatchObject(refusal(line, '택배 아님'));
  });

  test('but a canceled line beside a shipped one is in nobody’s way, unless it is asked for', async () => {
    const lines = await placeOrder(stack, [{ productName: '남는 것' }, { productName: '취소한 것' }]);
    const [kept, gone] = lines;
    if (!kept || !gone) throw new Error('no lines');
    const { orderNo, deliveryNo } = gone;
    await stack.post(`/api/order/v1/orders/${orderNo}/cancellations`, { lines: [{ lineNo: gone.lineNo, quantity: 2 }] });
    await take(stack, kept, ['instruct', 'release', 'ship']);
    const { pages } = await labels({ deliveryNos: [deliveryNo] });
    expect(pages[0]?.text).toContain('남는것');
    expect(pages[0]?.text).not.toContain('취소한것');
    expect(await labels({ lines: lines.map(({ lineNo }) => ({ deliveryNo, lineNo })) })).toMatchObject(
      refusal(gone, '취소·반품'),
    );
  });

  test('where a number is unknown', async () => {
    const { deliveryNo, lineNo } = await placeIn(stack, 'shipped');
    expect(await labels({ deliveryNos: [deliveryNo, 'D-없음'] })).toMatchObject({
      status: 404,
      body: { code: 'DELIVERY_NOT_FOUND', errors: [{ path: 'deliveryNos.1', message: 'D-없음: 없습니다' }] },
    });
    expect(
      await labels({
        lines: [
          { deliveryNo, lineNo },
          { deliveryNo, lineNo: 9 },
        ],
      }),
    ).toMatchObject({
      status: 404,
      body: { code: 'LINE_NOT_FOUND', errors: [{ path: 'lines.1', message: `${deliveryNo}-9: 없습니다` }] },
    });
  });

  test('where a body says neither or both what to print, or too much', async () => {
    const { deliveryNo } = await placeIn(stack, 'shipped');
    for (const body of [{}, { deliveryNos: [deliveryNo], lines: [{ deliveryNo, lineNo: 1 }] }, { deliveryNos: [] }])
      expect(await labels(body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect((await labels({ deliveryNos: Array(501).fill(deliveryNo) })).status).toBe(400);
    expect((await labels({ deliveryNos: [deliveryNo], paper: 'A5' })).status).toBe(400);
  });

  test('where there are more than 5,000 lines', async () => {
    const own = unique('PT');
    await insertRows(
      stack.db,
      Array.from({ length: 5_001 }, (_, at) => ({ deliveryNo: own, orderNo: own, lineNo: at + 1 })),
    );
    expect(await labels({ deliveryNos: [own] })).toMatchObject({ status: 400, body: { code: 'PRINT_TOO_LARGE' } });
  });
});
