import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { cellOf } from '../../support/browser/console.ts';
import { opened, panelOf } from '../../support/browser/finding.ts';
import { placeOrder, receiver, take } from '../../support/scenes/orders.ts';
import { openClaim, placedLine } from '../../support/scenes/pickups.ts';
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

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);

describe('the order view', () => {
  test('an order number in a list is a link to all of it: deliveries, lines, pickups, fees, one timeline with names', async () => {
    const [first, second] = await placeOrder(stack, [{}, { methodCode: '30', productName: '방문 상품' }]);
    if (!first || !second) throw new Error('no line');
    const { waybillNo } = await take(stack, first, ['instruct', 'release', 'ship']);
    const token = await stack.token(['delivery.write', 'delivery.undo'], { sub: 'lee-7', name: '이현장' });
    const told = await stack.post(
      '/api/bo/v1/delivery-lines/instruct',
      { lines: [{ deliveryNo: second.deliveryNo, lineNo: second.lineNo }] },
      { token },
    );
    expect(told.body.succeeded).toBe(1);
    const pickupNo = await openClaim(stack, 'return', first, 1);
    const page = await operator(`/deliveries?orderNo=${first.orderNo}`);
    await cellOf(page, first.deliveryNo, 'orderNo').getByRole('link', { name: first.orderNo }).click();
    await opened(page, first.orderNo);
    // The list stays behind it, with its filters.
    await addressIs(page, `/deliveries?orderNo=${first.orderNo}&order=${first.orderNo}`);
    await panelOf(page).locator('.timeline li').first().waitFor();
    const text = (await panelOf(page).textContent()) ?? '';
    for (const shown of [first.deliveryNo, second.deliveryNo, pickupNo, waybillNo ?? '-', '방문 상품', '홍*동', '배송비'])
      expect([shown, text.includes(shown)]).toEqual([shown, true]);
    expect(text).not.toContain(receiver.name);
    const entries = await panelOf(page).locator('.timeline li').allTextContents();
    const at = (what: RegExp) => entries.findIndex((each) => what.test(each));
    expect(at(/배송지시 .*이현장/)).toBeGreaterThan(-1);
    expect(entries.join()).not.toContain('lee-7');
    // Newest first, of both deliveries and the pickup together.
    expect(at(new RegExp(pickupNo))).toBe(0);
    expect(at(/배송지시 .*이현장/)).toBeLessThan(at(/출고완료/));
    const times = await panelOf(page)
      .locator('.timeline time')
      .evaluateAll((all) => all.map((each) => each.getAttribute('datetime') ?? ''));
    expect(times).toEqual(times.toSorted().toReversed());
    expect(await violationsOn(page)).toEqual([]);
    // From there to a delivery, back to its order, to a pickup and back.
    await panelOf(page).locator('.card').getByRole('link', { name: second.deliveryNo }).click();
    await opened(page, second.deliveryNo);
    await panelOf(page).locator('.timeline').getByText('이현장').waitFor();
    await panelOf(page).getByRole('link', { name: first.orderNo }).click();
    await opened(page, first.orderNo);
    await panelOf(page).locator('.card').getByRole('link', { name: pickupNo }).click();
    await opened(page, pickupNo);
    await panelOf(page).getByRole('link', { name: first.orderNo }).waitFor();
    await page.goBack();
    await opened(page, first.orderNo);
    await page.keyboard.press('Escape');
    await panelOf(page).waitFor({ state: 'detached' });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('tracking stands in the timeline between what people did', async () => {
    const line = await placedLine(stack, ['instruct', 'release', 'ship']);
    const page = await operator('/');
    await page.route(`**/orders/${line.orderNo}/timeline`, async (route) => {
      const response = await route.fetch();
      const { items, truncated } = await response.json();
      const scan = {
        kind: 'tracking',
        deliveryNo: line.deliveryNo,
        waybillNo: '1234',
        level: 2,
        levelName: '',
        where: '서울강남',
      };
      await route.fulfill({ response, json: { items: [{ at: items[0].at, ...scan }, ...items], truncated } });
    });
    await page.goto(`${stack.url}/orders/${line.orderNo}`);
    const shown = page.locator('.order-page .timeline li');
    await shown.first().getByText('집화완료').waitFor();
    await shown.first().getByText('서울강남').waitFor();
    await shown.nth(1).getByText('출고완료').first().waitFor();
    await page.context().close();
  });

  test('unmasking asks for a reason, once, and is forgotten with the panel', async () => {
    const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, phone: '01055512345' } });
    const page = await windowOf(browser, stack.url, 'privacy', `/lines/instruct?order=${line?.orderNo}`);
    await panelOf(page).getByText('010****2345').waitFor();
    await panelOf(page).getByRole('button', { name: '마스킹 해제' }).click();
    await page.locator('[role=dialog] [name=reason]').fill('배송지 확인 전화');
    await page.locator('[role=dialog] [type=submit]').click();
    await panelOf(page).getByText('01055512345').waitFor();
    await page.keyboard.press('Escape');
    await panelOf(page).waitFor({ state: 'detached' });
    await page.goBack();
    await panelOf(page).getByText('010****2345').waitFor();
    await page.goto(`${stack.url}/accesses?subject=${line?.orderNo}`);
    await page.getByText('1건 표시').waitFor();
    await page.locator('.ag-row').getByText('배송지 확인 전화').first().waitFor();
    await page.context().close();
  });
});
