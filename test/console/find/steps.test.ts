import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { cellOf, idsOf } from '../../support/browser/console.ts';
import { opened, panelHasKeyboard, panelOf } from '../../support/browser/finding.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
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

describe('J and K go through the open details', () => {
  const marked = (page: Page) =>
    page
      .locator('.ag-row[aria-current=true]')
      .evaluateAll((rows) => [...new Set(rows.map((row) => row.getAttribute('row-id') ?? ''))].sort());

  test('to the next and the previous delivery; its rows are marked, and a field keeps the letters', async () => {
    const orders = [];
    for (let n = 0; n < 3; n++) orders.push(await placeOrder(stack, n === 1 ? [{}, {}] : [{}], { channel: 'JK' }));
    const page = await operator('/lines/instruct?sort=-orderedAt');
    await page.locator('.ag-row').first().waitFor();
    const ids = await idsOf(page);
    const deliveries = [...new Set(ids.map((id) => id.split('/')[0] ?? ''))];
    const at = deliveries.indexOf(orders[1]?.[0]?.deliveryNo ?? '');
    const [before, here, after] = [at - 1, at, at + 1].map((each) => deliveries[each] ?? deliveries[0] ?? '');
    if (!here || !after || !before) throw new Error('too few deliveries');
    await cellOf(page, `${here}/1`, 'productName').dblclick();
    await opened(page, here);
    expect(await marked(page)).toEqual(ids.filter((id) => id.startsWith(`${here}/`)).sort());
    await page.keyboard.press('j');
    await opened(page, after);
    expect(await marked(page)).toEqual(ids.filter((id) => id.startsWith(`${after}/`)).sort());
    await page.keyboard.press('k');
    await opened(page, here);
    // The order of the open row goes the same way.
    await panelOf(page)
      .getByRole('link', { name: orders[1]?.[0]?.orderNo ?? '' })
      .click();
    await opened(page, orders[1]?.[0]?.orderNo ?? '');
    await panelHasKeyboard(page);
    await page.locator('.filters input').first().focus();
    await page.keyboard.type('jk');
    expect(await page.locator('.filters input').first().inputValue()).toBe('jk');
    await page.context().close();
  });

  test('the buttons of the detail do the same, and are off at the ends; the keyboard stays on them', async () => {
    const lines = [];
    for (let n = 0; n < 3; n++) lines.push(...(await placeOrder(stack, [{ productId: 551_300 }])));
    const [first, second, third] = lines;
    if (!first || !second || !third) throw new Error('no lines');
    const page = await operator(`/lines/instruct?productId=551300&delivery=${first.deliveryNo}`);
    const button = (name: string) => panelOf(page).getByRole('button', { name });
    await rowOf(page, `${first.deliveryNo}/1`).and(page.locator('[aria-current=true]')).first().waitFor();
    expect(await button('이전 상세').isDisabled()).toBe(true);
    await button('다음 상세').click();
    await opened(page, second.deliveryNo);
    expect(await marked(page)).toEqual([`${second.deliveryNo}/1`]);
    await eventually(async () => (await page.evaluate("document.activeElement?.getAttribute('aria-label')")) === '다음 상세');
    await page.keyboard.press('Enter');
    await opened(page, third.deliveryNo);
    await eventually(() => button('다음 상세').isDisabled());
    await button('이전 상세').click();
    await opened(page, second.deliveryNo);
    // A telephone has no J: there the list is cards, and the detail covers it.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator(`.row-card[data-row="${second.deliveryNo}/1"][aria-current=true]`).waitFor();
    await button('다음 상세').click();
    await opened(page, third.deliveryNo);
    expect(await violationsOn(page)).toEqual([]);
    // An order by itself has no list beside it.
    await page.goto(`${stack.url}/orders/${first.orderNo}`);
    await page.locator('.timeline li').first().waitFor();
    expect(await page.getByRole('button', { name: '다음 상세' }).count()).toBe(0);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('at the end of what is loaded it reads on and goes on, and the row is in view', async () => {
    const lines = [];
    for (let n = 0; n < 6; n++) lines.push(...(await placeOrder(stack, [{ productId: 551_100 }])));
    const page = await operator('/lines/instruct');
    // Two rows a page, so that six lines are three pages; each comes only when J has been pressed at the end of the one before.
    const held: (() => void)[] = [];
    await page.route('**/api/bo/v1/delivery-lines?*', async (route) => {
      const url = new URL(route.request().url());
      if (url.searchParams.has('limit')) url.searchParams.set('limit', '2');
      if (url.searchParams.has('cursor')) await new Promise<void>((resolve) => held.push(resolve));
      await route.continue({ url: `${url}` });
    });
    await page.goto(`${stack.url}/lines/instruct?productId=551100&delivery=${lines[0]?.deliveryNo}`);
    for (const line of lines) {
      await opened(page, line.deliveryNo);
      await rowOf(page, `${line.deliveryNo}/1`).and(page.locator('[aria-current=true]')).first().waitFor();
      await page.keyboard.press('j');
      const at = lines.indexOf(line);
      if (at % 2 === 0 || at === lines.length - 1) continue;
      await eventually(() => Promise.resolve(held.length > 0));
      expect(new URL(page.url()).searchParams.get('delivery')).toBe(line.deliveryNo);
      for (const come of held.splice(0)) come();
    }
    // The last one stays.
    await opened(page, lines.at(-1)?.deliveryNo ?? '');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('when the open row has left the list, J goes to the one that stands in its place', async () => {
    const lines = [];
    for (let n = 0; n < 3; n++) lines.push(...(await placeOrder(stack, [{ productId: 551_200 }])));
    const [first, second, third] = lines;
    if (!first || !second || !third) throw new Error('no lines');
    const page = await operator(`/lines/instruct?productId=551200&delivery=${second.deliveryNo}`);
    await page.locator('.ag-row[aria-current=true]').first().waitFor();
    await panelOf(page).locator('[data-command="instruct"]').click();
    await rowOf(page, `${second.deliveryNo}/1`).first().waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await opened(page, third.deliveryNo);
    await page.keyboard.press('k');
    await opened(page, first.deliveryNo);
    await page.context().close();
  });
});
