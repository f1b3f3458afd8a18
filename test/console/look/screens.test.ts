import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, openWindow, signInAs, violationsOn } from '../../support/browser/browser.ts';
import { unique } from '../../support/scenes/orders.ts';
import { pickupIn, placedLine } from '../../support/scenes/pickups.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
  const at = new Date().toISOString();
  const rows = Array.from({ length: 40 }, () => ({
    deliveryNo: unique('D'),
    state: 'released',
    methodCode: '10',
    instructedAt: at,
    releasedAt: at,
  }));
  await insertRows(stack.db, rows);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

async function signedIn(size: { width: number; height: number }): Promise<Page> {
  const page = await openWindow(browser, stack.url);
  await page.setViewportSize(size);
  await page.locator('[data-persona]').first().waitFor();
  await signInAs(page, 'admin');
  return page;
}
async function show(page: Page, path: string): Promise<void> {
  await page.goto(stack.url + path);
  await page.locator('.ag-row, .ag-overlay, .tile, .page, .cards, .grid.waiting').first().waitFor();
  await page.waitForLoadState('networkidle');
}
/** Rows that are wholly in view. */
const rowsInView = (page: Page) =>
  page.evaluate<number>(`(() => {
    const { top, bottom } = document.querySelector('.grid').getBoundingClientRect();
    const inView = [...document.querySelectorAll('.grid .ag-row')].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.top >= top && box.bottom <= Math.min(bottom, innerHeight);
    });
    return new Set(inView.map((row) => row.getAttribute('row-index'))).size;
  })()`);

/** What stands beside the lists and tables and is not wholly in the window from left to right. */
const cutOn = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const all = '[role=tab][aria-selected=true], .page > .note, .page > .form > *, .person-search > *';
    return [...document.querySelectorAll(all)]
      .filter((each) => each.getBoundingClientRect().left < 0 || each.getBoundingClientRect().right > innerWidth + 0.5)
      .map((each) => each.textContent.slice(0, 40));
  })()`);

const screens = (
  '/ /lines/instruct /lines/ship /lines/all /deliveries /pickups/complete /bulk /packing /stockouts /exceptions /notices /batches /places ' +
  '/calendar /performance /assembly/plans /assembly/stock /events/webhooks /events/feed /accesses'
).split(' ');

describe('the look of the console', () => {
  test('at 1280×720 배송처리 shows 18 rows or more; rows can stand closer, which is kept', async () => {
    const page = await signedIn({ width: 1280, height: 720 });
    await show(page, '/lines/ship');
    await page.locator('.ag-row').nth(20).waitFor();
    const wide = await rowsInView(page);
    expect(wide).toBeGreaterThanOrEqual(18);
    await page.getByRole('button', { name: '열 고르기' }).click();
    await page.getByRole('menuitemradio', { name: '좁게 보기' }).click();
    await eventually(async () => (await rowsInView(page)) > wide);
    await page.keyboard.press('Escape');
    await page.reload();
    await page.locator('.ag-row').first().waitFor();
    await eventually(async () => (await rowsInView(page)) > wide);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('every screen can be read in %s, by the setting of the system', async (colorScheme) => {
    const page = await signedIn({ width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme });
    const pickupNo = await pickupIn(stack, 'confirmed', await placedLine(stack));
    const found: Record<string, string[]> = {};
    for (const path of [...screens, `/pickups/complete?pickup=${pickupNo}`]) {
      await show(page, path);
      if (path.includes('?')) await page.locator('.panel .timeline').first().waitFor();
      found[path] = await violationsOn(page);
      const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const lightness = Number(/\d+/.exec(paper)?.[0]);
      expect([path, lightness > 127]).toEqual([path, colorScheme === 'light']);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('배송');
    await page.getByRole('option').first().waitFor();
    found.search = await violationsOn(page);
    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['a telephone', { width: 390, height: 844 }],
    ['1280 at 200 %', { width: 640, height: 360 }],
  ])('on %s nothing is wider than the window, the menu hides, and lists are cards', async (_name, size) => {
    const page = await signedIn(size);
    const menu = page.locator('nav.menu');
    const wider: string[] = [];
    const found: Record<string, string[]> = {};
    const cut: string[] = [];
    for (const path of [...screens, '/assembly/products']) {
      await show(page, path);
      if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')) wider.push(path);
      found[path] = await violationsOn(page);
      expect([path, await menu.isVisible()]).toEqual([path, false]);
      // What is pushed sideways is the tables alone: sentences, fields and the tab of this screen are in the window.
      const whole = async () => (await cutOn(page)).length === 0;
      await eventually(whole).catch(async () => cut.push(...(await cutOn(page)).map((text) => `${path}: ${text}`)));
    }
    expect(wider).toEqual([]);
    expect(cut).toEqual([]);
    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    await page.getByRole('button', { name: '메뉴' }).click();
    await menu.getByRole('link', { name: '배송처리' }).click();
    await page.waitForURL('**/lines');
    await menu.waitFor({ state: 'hidden' });
    await show(page, '/lines/ship');
    const card = page.locator('.row-card').first();
    await card.getByRole('checkbox').check();
    await page.getByText('1건 선택').waitFor();
    await card.getByRole('button', { name: /^상세/ }).click();
    const panel = page.locator('.panel');
    await panel.locator('.facts').first().waitFor();
    expect(await panel.boundingBox()).toMatchObject({ x: 0, y: 0, ...size });
    await panel.getByRole('button', { name: '닫기' }).click();
    await page.locator('.actions [data-command="report-stockout"]').click();
    const dialog = page.locator('[role=dialog]');
    await dialog.waitFor();
    expect(await dialog.boundingBox()).toMatchObject({ x: 0, y: 0, ...size });
    const submit = await dialog.locator('[type=submit]').boundingBox();
    expect((submit?.y ?? size.height) + (submit?.height ?? 0)).toBeLessThanOrEqual(size.height);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test.each(['한국어', 'English'])('no header of a list is cut in %s', async (language) => {
    const page = await signedIn({ width: 1600, height: 900 });
    if (language === 'English') await page.getByRole('button', { name: 'English' }).click();
    const cut: string[] = [];
    for (const path of [
      '/lines/ship',
      '/lines/deliver',
      '/lines/clear',
      '/lines/all',
      '/deliveries',
      '/pickups/complete',
      '/stockouts',
      '/exceptions',
      '/accesses',
    ]) {
      await show(page, path);
      await page.locator('.ag-header-cell-text').filter({ hasText: /\S/ }).first().waitFor();
      const headers = await page
        .locator('.ag-header-cell-text')
        .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent));
      cut.push(...headers.map((header) => `${path}: ${header}`));
    }
    expect(cut).toEqual([]);
    await page.context().close();
  });

  test('what the page tells in a toast is in its own font', async () => {
    const page = await signedIn({ width: 1280, height: 720 });
    await page.route('**/export.xlsx**', (route) => route.abort());
    await show(page, '/lines/ship');
    await page.getByRole('button', { name: '엑셀' }).click();
    await page.locator('[role=dialog] [type=submit]').click();
    const toast = page.locator('[data-sonner-toast]').first();
    await toast.waitFor();
    const font = await page.evaluate<string>("getComputedStyle(document.querySelector('[data-sonner-toast]')).fontFamily");
    expect(font).toMatch(/^"?Pretendard/);
    await page.context().close();
  });
});
