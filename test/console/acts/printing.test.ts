import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, selectRow, windowOf } from '../../support/browser/browser.ts';
import { placeIn } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test('the panel prints a label into a tab of its own, and shows that it did; the next is 재출력 1', async () => {
  const { deliveryNo } = await placeIn(stack, 'shipped');
  const page = await windowOf(browser, stack.url, 'privacy', `/deliveries?delivery=${deliveryNo}`);
  await page.getByText('인쇄한 적이 없습니다').waitFor();
  const said = page.locator('ul[aria-label="인쇄 기록"] li');
  for (const shown of [/^라벨 · \d{12} · /, /^라벨 · 재출력 1 · /]) {
    const [answer] = await Promise.all([
      page.waitForResponse(/prints\/labels$/),
      page.waitForEvent('popup'),
      page.locator('.panel').getByRole('button', { name: '라벨', exact: true }).click(),
    ]);
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf']);
    await said.filter({ hasText: shown }).waitFor();
  }
  await page.context().close();
});

test('the list prints what is selected; whoever may not see receivers has no labels; why nothing is printed is told', async () => {
  const line = await placeIn(stack, 'released');
  const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?orderNo=${line.orderNo}`);
  const print = page.getByRole('group', { name: '인쇄' });
  expect(await print.count()).toBe(0);
  await selectRow(page, `${line.deliveryNo}/${line.lineNo}`);
  expect(await print.getByRole('button').allTextContents()).toEqual(['피킹 리스트', '패킹 리스트']);
  const [answer] = await Promise.all([
    page.waitForResponse(/prints\/picking-list$/),
    print.getByRole('button', { name: '피킹 리스트' }).click(),
  ]);
  expect(answer.status()).toBe(200);
  const { prints } = (await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`)).body;
  expect(prints).toMatchObject([{ kind: 'picking-list', copy: 1 }]);
  await stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: line.lineNo, quantity: 2 }] });
  await print.getByRole('button', { name: '패킹 리스트' }).click();
  await page.getByText(`${line.deliveryNo}-${line.lineNo} (취소·반품)`).waitFor();
  await page.context().close();
});

test('the bench says that a label was printed again', async () => {
  const { deliveryNo, waybillNo } = await placeIn(stack, 'shipped');
  const token = await stack.token(['delivery.read', 'pii.read']);
  for (let times = 0; times < 2; times++) await stack.post('/api/bo/v1/prints/labels', { deliveryNos: [deliveryNo] }, { token });
  const page = await windowOf(browser, stack.url, 'operator', '/packing');
  await page.locator('[name=packing]').fill(waybillNo ?? '');
  await page.keyboard.press('Enter');
  await page.getByText('라벨 재출력 1').waitFor();
  await page.context().close();
});
