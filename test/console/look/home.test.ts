import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { unique } from '../../support/scenes/orders.ts';
import { pickupIn, placedLine } from '../../support/scenes/pickups.ts';
import { insertRows, type ListedRow } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const steps = ['orderedAt', 'instructedAt', 'releasedAt', 'shippedAt', 'deliveredAt'] as const;
const depth = { ordered: 0, instructed: 1, released: 2, awaitingShipment: 2, shipped: 3, delivered: 4 };
/** Lines of one delivery in a state that they reached on this day. */
const linesIn = (state: keyof typeof depth, day: string, count: number): ListedRow[] => {
  const deliveryNo = unique('D');
  const at = (step: number) => `${day}T00:00:0${step}+09:00`;
  return Array.from({ length: count }, (_each, n) => ({
    deliveryNo,
    lineNo: n + 1,
    state,
    ...Object.fromEntries(steps.slice(0, depth[state] + 1).map((step, at_) => [step, at(at_)])),
  }));
};

interface Shown {
  href: string;
  number: number;
}
/** Every number of the home page that opens a list, with the list. */
const numbersOn = (page: Page) =>
  page.locator('.home :is(.attention a, .tile-all, a.age, .flow-head a, .card-head a)').evaluateAll((links): Shown[] =>
    links.map((link) => ({
      href: link.getAttribute('href') ?? '',
      number: Number(/\d[\d,]*/.exec(link.querySelector('b')?.textContent ?? link.textContent ?? '')?.[0].replaceAll(',', '')),
    })),
  );
async function totalOf(page: Page, href: string): Promise<number> {
  await page.goto(stack.url + href);
  const said = page.getByText(/전체 [\d,]+건/).first();
  await said.waitFor();
  return Number(/전체 ([\d,]+)건/.exec((await said.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
}

describe('홈', () => {
  test('every number is that of the list it opens', () =>
    onOneDay(async () => {
      const states = ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'delivered'] as const;
      const days = [seoulDay(-3), seoulDay(-1), seoulDay()];
      await insertRows(
        stack.db,
        states.flatMap((state, n) => days.flatMap((day, far) => linesIn(state, day, n + far + 1))),
      );
      for (const state of ['requested', 'instructed', 'confirmed'] as const) {
        const line = await placedLine(stack);
        await pickupIn(stack, state, line);
      }
      const page = await windowOf(browser, stack.url, 'admin', '/');
      await page.locator('.flow-head').first().waitFor();
      await page.locator('.attention').waitFor();
      await page.getByRole('region', { name: '결품 상품' }).getByRole('table').waitFor();
      await page.getByRole('region', { name: '가공계획' }).waitFor();
      const shown = await numbersOn(page);
      const lists = shown.filter(({ href }) => !href.startsWith('/batches'));
      // The order of the parts: what is late first.
      expect(shown[0]?.href).toBe(`/lines/instruct?dateField=orderedAt&to=${seoulDay(-1)}&sort=orderedAt`);
      expect(lists.length).toBeGreaterThan(20);
      const opened: Shown[] = [];
      for (const { href } of lists) opened.push({ href, number: await totalOf(page, href) });
      expect(opened).toEqual(lists);
      expect(complaintsOf(page)).toEqual([]);
      await page.context().close();
    }));

  test('red is what somebody must act on, and no zero is red; the hours can be read as a table', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/');
    await page.locator('.flow-head').first().waitFor();
    const red = await page.locator('.home :is(.attention a, .age.late, .alarm b, .red dd)').allTextContents();
    expect(red.filter((text) => /^\D*0(?!\d)/.test(text))).toEqual([]);
    for (const path of ['/lines/deliver', '/lines/clear', '/pickups/confirm'])
      expect(await page.locator(`.home :is(.attention a, .age.late)[href^="${path}"]`).count()).toBe(0);
    await page.getByText('시간대별 표').click();
    const table = page.getByRole('table', { name: /오늘의 흐름/ });
    await eventually(async () => (await table.locator('tbody tr').count()) === 24);
    expect(await violationsOn(page)).toEqual([]);
    // A pill is as wide as its words, in a tile of any width.
    for (const width of [1440, 1100, 900, 640, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const tall = await page
        .locator('.age')
        .evaluateAll((pills) => pills.filter((pill) => pill.getBoundingClientRect().height > 46).length);
      expect([width, tall]).toEqual([width, 0]);
    }
    await page.context().close();
  });
});
