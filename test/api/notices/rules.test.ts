import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RULES, ruleFor } from '../../support/notices/telling.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

describe('rules', () => {
  test('there are none; one a type of event, changed by the next', async () => {
    expect((await stack.get(RULES)).body).toEqual({ items: [] });
    const rule = ruleFor('delivery.shipped');
    const { status, body } = await stack.put(RULES, rule);
    expect([status, body]).toEqual([200, { ...rule, by: 'kim', updatedAt: expect.any(String) }]);
    await stack.put(RULES, ruleFor('pickup.completed', { enabled: false }));
    await stack.put(RULES, { ...rule, enabled: false, text: '#{고객}님', variables: { 고객: 'ordererName' } });
    expect((await stack.get(RULES)).body.items).toMatchObject([
      { type: 'delivery.shipped', enabled: false, text: '#{고객}님', variables: { 고객: 'ordererName' } },
      { type: 'pickup.completed', enabled: false },
    ]);
  });

  test('the text stays as it is, letter by letter', async () => {
    const text = '  두 칸  띄움\n\n줄바꿈\t탭 #{주문}  ';
    const { body } = await stack.put(RULES, ruleFor('delivery.closed', { text, variables: { 주문: 'orderNo' } }));
    expect(body.text).toBe(text);
  });

  test.each([
    ['a variable that nothing fills', { text: '#{고객} #{무엇}', variables: { 고객: 'receiverName' } }, 'variables.무엇'],
    ['a variable that the text has not', { text: '소식', variables: { 고객: 'receiverName' } }, 'variables.고객'],
    ['a source that is none', { variables: { 고객: 'phone', 주문: 'orderNo', 상품: 'productName' } }, 'variables.고객'],
    ['an event without a receiver', { type: 'bulk-shipment.completed' }, 'type'],
    ['a text that Kakao would not take', { text: 'ㄱ'.repeat(1_001), variables: {} }, 'text'],
    ['no template', { templateCode: ' ' }, 'templateCode'],
  ])('%s is 400', async (_, change, path) => {
    const { status, body } = await stack.put(RULES, ruleFor('delivery.merged', change));
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'BAD_REQUEST', path]);
    expect((await stack.get(RULES)).body.items.map(({ type }: { type: string }) => type)).not.toContain('delivery.merged');
  });

  test('reading needs event.read, writing event.write', async () => {
    const reader = await stack.token(['event.read']);
    expect((await stack.get(RULES, { token: reader })).status).toBe(200);
    expect((await stack.put(RULES, ruleFor(), { token: reader })).status).toBe(403);
    expect((await stack.get(RULES, { token: await stack.token(['delivery.read']) })).status).toBe(403);
  });
});
