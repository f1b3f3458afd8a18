import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../../support/stack.ts';
import { openParcel, outcome, releasedParcel, scan, scanAll } from './scanning.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const register = (id: number) => stack.post('/v2/shipping/product', { shipping_product_id: id, product_name: `상품 ${id}` });
const setBarcode = (id: number, barcode: string | null) => stack.put(`/v2/shipping/product/${id}/barcode`, { barcode });

test('a product is read by its barcode, and by its number where it has none', async () => {
  await register(8_001);
  expect((await setBarcode(8_001, ' 8801234567893 ')).body.response).toMatchObject({ barcode: '8801234567893' });
  expect((await stack.get('/v2/shipping/product/8001')).body.response.barcode).toBe('8801234567893');
  const { deliveryNo } = await releasedParcel(stack, [
    { productId: 8_001, quantity: 1 },
    { productId: 8_002, quantity: 1 },
  ]);
  const { verificationId: id, lines } = await openParcel(stack, deliveryNo);
  expect(lines.map(({ barcode }: any) => barcode)).toEqual(['8801234567893', '8002']);
  expect(outcome((await scan(stack, id, '8001')).body)[0]).toBe('SCAN_WRONG_PRODUCT');
  expect((await scanAll(stack, id, ['8002', '8801234567893'])).verification.completedAt).not.toBeNull();
  await setBarcode(8_001, null);
  expect((await stack.get('/v2/shipping/product/8001')).body.response).not.toHaveProperty('barcode');
});

test('two products with the same barcode fill one after the other', async () => {
  for (const id of [8_010, 8_011]) {
    await register(id);
    await setBarcode(id, 'SAME-1');
  }
  const { deliveryNo } = await releasedParcel(stack, [
    { productId: 8_010, quantity: 1 },
    { productId: 8_011, quantity: 2 },
  ]);
  const { verificationId: id } = await openParcel(stack, deliveryNo);
  expect(outcome(await scanAll(stack, id, ['SAME-1', 'SAME-1']))).toEqual([true, '1/1', '1/2']);
  expect((await scanAll(stack, id, ['SAME-1'])).verification.completedAt).not.toBeNull();
});

test('a product that is none, and a barcode that is too long', async () => {
  expect((await setBarcode(8_999_999, '1')).status).toBe(404);
  expect((await setBarcode(8_001, 'x'.repeat(101))).status).toBe(400);
});
