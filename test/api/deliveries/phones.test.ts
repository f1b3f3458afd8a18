import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  await insertRows(stack.db, [
    { deliveryNo: 'S1', receiverPhone: '010-1111-2222', ordererPhone: '010-5555-6666' },
    { deliveryNo: 'S2', receiverPhone: '02-777-8888', ordererPhone: '01011112222' },
  ]);
});
afterAll(() => stack.stop());

const search = (body: object) => stack.post('/api/bo/v1/deliveries/search', body);

describe('a phone is found by its whole number or its last four digits', () => {
  test.each<[string, string[]]>([
    ['010-1111-2222', ['S1', 'S2']],
    ['2222', ['S1', 'S2']],
    ['2-222', ['S1', 'S2']],
    ['8888', ['S2']],
    ['1111', []],
    ['222', []],
    ['12222', []],
    ['11112222', []],
  ])('%s', async (phone, found) => {
    const { body } = await search({ phone, sort: 'deliveryNo' });
    expect(body.items.map(({ deliveryNo }: { deliveryNo: string }) => deliveryNo)).toEqual(found);
  });

  test('one without any digit is 400', async () => {
    expect(await search({ phone: '없음' })).toMatchObject({ status: 400, body: { errors: [{ path: 'phone' }] } });
  });
});
