import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page, Request } from 'playwright-core';
import { complaintsOf, openBrowser, selectRow, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { idOf, placed } from '../../support/browser/console.ts';
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
const tabIs = (page: Page, tab: string, text: string) =>
  eventually(async () => {
    const shown = await page.locator(`[role=tab][data-tab="${tab}"]`).textContent();
    if (shown === text) return true;
    throw new Error(`${shown} is not ${text}`);
  });
const menuIs = (page: Page, path: string, text: string) =>
  eventually(async () => (await page.locator(`.menu-queue[href="${path}"]`).textContent()) === text);
async function waiting(state: string): Promise<number> {
  const { body } = await stack.get('/api/bo/v1/summary');
  return body.deliveries.find((each: { state: string }) => each.state === state).count;
}

describe('queues are named by what waits, with counts', () => {
  test('tabs and menu count the same, and a command of this console moves the counts', async () => {
    const [line] = await placed(stack);
    await placed(stack, ['instruct', 'release']);
    const [ordered, instructed, released] = [await waiting('ordered'), await waiting('instructed'), await waiting('released')];
    const page = await operator('/lines/instruct');
    await tabIs(page, 'instruct', `배송지시할 것 ${ordered}`);
    await tabIs(page, 'ship', `출고할 것 ${released}`);
    await tabIs(page, 'stockout', '결품등록');
    await menuIs(page, '/lines/ship', `출고할 것 ${released}`);
    await page.locator('.menu-queue[href="/pickups/instruct"]').getByText('회수지시할 것').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="instruct"]').click();
    await tabIs(page, 'instruct', `배송지시할 것 ${ordered - 1}`);
    await tabIs(page, 'release', `출고지시할 것 ${instructed + 1}`);
    await menuIs(page, '/lines/release', `출고지시할 것 ${instructed + 1}`);
    await page.locator('.menu-queue[href="/lines/ship"]').click();
    await page.waitForURL('**/lines/ship');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('they are read again by themselves, once for menu, tabs and home; not while nobody looks', async () => {
    const page = await operator('/');
    await page.addInitScript(`{
      const shown = Object.getOwnPropertyDescriptor(Document.prototype, 'visibilityState').get;
      Object.defineProperty(document, 'visibilityState', { get: () => window.isAway ? 'hidden' : shown.call(document) });
    }`);
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    let asked = 0;
    const open = new Set<Request>();
    page.on('request', (request) => {
      if (!request.url().endsWith('/api/bo/v1/summary')) return;
      asked += 1;
      open.add(request);
    });
    page.on('requestfinished', (request) => open.delete(request));
    // Leaving a screen breaks off what it still asks.
    page.on('requestfailed', (request) => open.delete(request));
    const away = (isAway: boolean) =>
      page.evaluate(`{ window.isAway = ${isAway}; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); }`);
    // The page's time stands still: it goes on only here, a little while something is awaited.
    const until = (is: () => Promise<boolean> | boolean) =>
      eventually(async () => {
        await page.clock.runFor(10);
        if (await is()) return true;
        throw new Error(`asked ${asked}, open ${open.size} at ${page.url()}`);
      });
    for (const path of ['/', '/lines/ship']) {
      await page.goto(stack.url + path);
      await until(async () => (await page.locator('.menu-queue').count()) > 0);
      await until(() => open.size === 0);
      const before = asked;
      await page.clock.runFor(15_000);
      await until(() => asked === before + 1 && open.size === 0);
      await away(true);
      await page.clock.runFor(120_000);
      expect(asked).toBe(before + 1);
      await until(async () => {
        await away(false);
        return asked > before + 1;
      });
      expect(asked).toBe(before + 2);
    }
    await page.context().close();
  });
});
