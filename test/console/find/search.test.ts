import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, rowOf, storedIn, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { placed, scanCode } from '../../support/browser/console.ts';
import { activeEntry, find, findBox, foundEntry, opened, panelHasKeyboard, panelOf } from '../../support/browser/finding.ts';
import { cancel, placeOrder, receiver, take } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

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

describe('Ctrl+K', () => {
  test('an order, a delivery, a waybill with hyphens and a beginning, by the keyboard alone, on any screen', async () => {
    const [line] = await placed(stack);
    const waybillNo = String((await take(stack, line, ['instruct', 'release', 'ship'])).waybillNo);
    const page = await operator('/');
    await find(page, line.orderNo.toLowerCase());
    await foundEntry(page, 'order').waitFor();
    await page.keyboard.press('Enter');
    await opened(page, line.orderNo);
    await page.waitForURL((url) => url.searchParams.get('order') === line.orderNo);
    // Over the open panel, and what was open before gives way.
    await find(page, line.deliveryNo);
    await foundEntry(page, 'delivery').waitFor();
    await page.keyboard.press('Enter');
    await opened(page, line.deliveryNo);
    await addressIs(page, `/?delivery=${line.deliveryNo}`);
    await panelHasKeyboard(page);
    // From a field, which keeps what it has.
    await page.goto(`${stack.url}/lines/ship`);
    await page.locator('.filters input').first().fill('D0');
    await find(page, `${waybillNo.slice(0, 4)}-${waybillNo.slice(4, 8)}-${waybillNo.slice(8)}`);
    await foundEntry(page, 'waybill').getByText(waybillNo).waitFor();
    await page.keyboard.press('Enter');
    await opened(page, line.deliveryNo);
    await find(page, line.deliveryNo.slice(0, -2));
    await foundEntry(page, 'delivery').first().waitFor();
    await page.keyboard.press('Escape');
    await findBox(page).waitFor({ state: 'detached' });
    await opened(page, line.deliveryNo);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a pasted number or a scan and Enter at once opens the only one it can mean; what is not there is told', async () => {
    const [line] = await placed(stack);
    const waybillNo = String((await take(stack, line, ['instruct', 'release', 'ship'])).waybillNo);
    const page = await operator('/lines/instruct');
    await page.keyboard.press('Control+k');
    await scanCode(page, waybillNo);
    await opened(page, line.deliveryNo);
    await page.keyboard.press('Control+k');
    await scanCode(page, 'X999999999999');
    await findBox(page).getByText('찾은 것이 없습니다').waitFor();
    await addressIs(page, `/lines/instruct?delivery=${line.deliveryNo}`);
    await page.context().close();
  });

  test('what no list has any more is found by its whole number: a canceled order and its delivery', async () => {
    const [line] = await placed(stack);
    const told = await cancel(stack, [{ orderNo: line.orderNo, lineNo: line.lineNo }]);
    expect(told.status).toBe(200);
    const page = await operator('/');
    for (const [number, kind] of [
      [line.orderNo, 'order'],
      [line.deliveryNo, 'delivery'],
    ] as const) {
      await find(page, number);
      await foundEntry(page, kind).getByText(number).waitFor();
      await page.keyboard.press('Enter');
      await opened(page, number);
      await panelOf(page).getByText('주문취소').first().waitFor();
    }
    await page.context().close();
  });

  test('one request a source while typing, and an older answer that comes late is not shown', async () => {
    const [first] = await placed(stack);
    const [second] = await placed(stack);
    const page = await operator('/');
    const asked: string[] = [];
    const held: (() => void)[] = [];
    await page.route('**/api/bo/v1/deliveries?*q=*', async (route) => {
      const q = new URL(route.request().url()).searchParams.get('q') ?? '';
      asked.push(q);
      if (q === first.deliveryNo) await new Promise<void>((resolve) => held.push(resolve));
      await route.continue().catch(() => {});
    });
    await page.keyboard.press('Control+k');
    await page.locator('[name=find]').fill(first.deliveryNo);
    await eventually(() => Promise.resolve(held.length > 0));
    await page.locator('[name=find]').fill(second.deliveryNo);
    await foundEntry(page, 'delivery').getByText(second.deliveryNo).waitFor();
    for (const answer of held) answer();
    await page.locator('[name=find]').press('End');
    expect(
      await foundEntry(page, 'delivery')
        .allTextContents()
        .then((all) => all.join()),
    ).not.toContain(first.deliveryNo);
    expect(asked).toEqual([first.deliveryNo, second.deliveryNo]);
    await page.context().close();
  });

  test('products, screens, tabs and commands; arrows choose, and a screen reader hears which', async () => {
    const name = '천혜향 선물상자';
    const [line] = await placed(stack, [], [{ productName: name, productId: 778_899 }]);
    const page = await operator('/batches');
    await find(page, '천혜향');
    await foundEntry(page, 'product').getByText(name).waitFor();
    await page.keyboard.press('Enter');
    await rowOf(page, line.deliveryNo).first().waitFor();
    await addressIs(page, '/deliveries?productId=778899');
    await find(page, '배송');
    const field = page.locator('[name=find]');
    const before = await activeEntry(page).getAttribute('id');
    expect(await field.getAttribute('aria-activedescendant')).toBe(before);
    await page.keyboard.press('ArrowDown');
    expect(await field.getAttribute('aria-activedescendant')).not.toBe(before);
    expect(await field.getAttribute('aria-activedescendant')).toBe(await activeEntry(page).getAttribute('id'));
    expect(await violationsOn(page)).toEqual([]);
    await field.fill('출고지시');
    await activeEntry(page).getByText('배송처리 › 출고지시').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[role=tab][aria-selected=true]').getByText('출고지시').waitFor();
    await find(page, '단축키');
    await page.keyboard.press('Enter');
    await page.locator('[role=dialog]').getByText('어디서나 찾기').waitFor();
    await page.keyboard.press('Escape');
    // The menu has a button for the mouse.
    await page.locator('.menu .find-open').click();
    await field.fill('English');
    await page.keyboard.press('Enter');
    await page.locator('.menu').getByText('Deliveries').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a phone is searched only when chosen, written down once, and stands in no address and no storage', async () => {
    const phone = '010-6161-7373';
    const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, name: '남궁전화', phone } });
    if (!line) throw new Error('no line');
    const page = await operator('/');
    const asked: { url: string; method: string }[] = [];
    page.on('request', (request) => asked.push({ url: decodeURIComponent(request.url()), method: request.method() }));
    const searches = () => asked.filter(({ url }) => url.endsWith('/deliveries/search'));
    for (const digits of [phone, '7373']) {
      asked.length = 0;
      await find(page, digits);
      await foundEntry(page, 'phone').getByText(digits.replaceAll('-', '')).waitFor();
      await findBox(page).getByText('찾는 중').waitFor({ state: 'detached' });
      expect(searches()).toEqual([]);
      await foundEntry(page, 'phone').click();
      await foundEntry(page, 'delivery').getByText(line.deliveryNo).waitFor();
      expect(searches()).toHaveLength(1);
      await page.keyboard.press('Enter');
      await opened(page, line.deliveryNo);
      const left = await storedIn(page);
      for (const secret of ['6161-7373', '61617373', '남궁전화']) {
        expect(left).not.toContain(secret);
        expect(asked.filter(({ url }) => url.includes(secret))).toEqual([]);
      }
    }
    await page.context().close();
  });
});
