import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  act,
  complaintsOf,
  openBrowser,
  openWindow,
  resultOf,
  selectRow,
  signInAs,
  violationsOn,
  windowOf,
} from '../support/browser/browser.ts';
import { openTab } from '../support/browser/console.ts';
import { openClaim, pickupIn, pickupOf, placedLine } from '../support/scenes/pickups.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe('회수상세', () => {
  test('회수확인 상태의 교환을 교환중반품 처리하고, 회수완료 with what was found in it', async () => {
    const line = await placedLine(stack, undefined, { quantity: 3 });
    const pickupNo = await openClaim(stack, 'exchange', line, 2);
    const page = await windowOf(browser, stack.url, 'operator', `/pickups/instruct?pickupNo=${pickupNo}`);
    for (const [tab, command] of [
      [0, 'instruct'],
      [1, 'confirm'],
      [2, 'convert-to-return'],
    ] as const) {
      await openTab(page, tab);
      await selectRow(page, pickupNo);
      await act(page, command, command === 'convert-to-return' ? '고객이 반품으로 바꿈' : undefined);
      expect(await resultOf(page)).toMatch(/1건 완료/);
    }
    await page.getByRole('button', { name: pickupNo, exact: true }).click();
    const panel = page.locator('.panel');
    await panel.locator('[name=restock]').fill('1');
    await panel.locator('[data-command="complete"]').click();
    await page.locator('[role=dialog] [type=submit]').click();
    await panel.getByText('재입고 1 · 폐기 1').waitFor();
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      kind: 'return',
      convertedFromExchange: true,
      state: 'completed',
      items: [{ restock: 1, dispose: 1 }],
    });
    await page.context().close();
  });
});

describe('axe-core finds no serious violation', () => {
  const paths = ['/', '/lines/ship', '/lines/clear', '/deliveries', '/pickups/complete'];
  test('on the screens, the panels and the sign-in', async () => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'confirmed', line);
    const page = await openWindow(browser, stack.url);
    await page.locator('[data-persona="admin"]').waitFor();
    const found: Record<string, string[]> = { 'sign-in': await violationsOn(page) };
    await signInAs(page, 'admin');
    for (const path of [...paths, `/deliveries?delivery=${line.deliveryNo}`, `/pickups?pickup=${pickupNo}`]) {
      await page.goto(stack.url + path);
      await page.locator('.grid .ag-row, .tile, .ag-overlay').first().waitFor();
      if (path.includes('?')) await page.locator('.panel .timeline').first().waitFor();
      found[path] = await violationsOn(page);
    }
    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
