import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { happens } from '../../webhooks/world.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const idsOn = async (page: Page) =>
  (await page.locator('.feed li').evaluateAll((all) => all.map((each) => each.getAttribute('data-event')))).map(Number);
/** From the newest down to this one, none left out. */
const downTo = (newest: number, oldest: number) => Array.from({ length: newest - oldest + 1 }, (_each, n) => newest - n);

describe('이벤트', () => {
  test('all of them can be read, the newest first and without a gap, and new ones come by themselves', async () => {
    const many = Array.from({ length: 1_100 }, (_each, n) => ({ subject: `s${n % 7}`, revision: n }));
    await happens(stack.db, many);
    const page = await windowOf(browser, stack.url, 'viewer', '/events/feed');
    await page.locator('[data-event="1100"]').waitFor();
    expect(await idsOn(page)).toEqual(downTo(1_100, 601));
    // Of what happened long ago only the newest part is kept.
    await stack.db.query(sql`delete from events where id <= 40`);
    const earlier = page.getByRole('button', { name: '이전 이벤트' });
    for (const oldest of [101, 41]) {
      await earlier.click();
      await page.locator(`[data-event="${oldest}"]`).waitFor();
      expect(await idsOn(page)).toEqual(downTo(1_100, oldest));
    }
    expect(await earlier.count()).toBe(0);

    const [line] = await placeOrder(stack);
    const first = page.locator('.feed li').first();
    await first.filter({ hasText: `${line?.deliveryNo}/1` }).waitFor();
    expect(await idsOn(page)).toEqual(downTo(1_101, 41));
    await first.locator('summary').focus();
    await page.keyboard.press('Enter');
    await first
      .locator('.body')
      .filter({ hasText: line?.orderNo ?? '' })
      .waitFor();
    await first.locator('[data-open=order]').click();
    await page
      .locator('.panel')
      .getByText(line?.orderNo ?? '')
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('one type alone is shown by its filter, and what takes another one back says so', async () => {
    await stack.db.query(sql`insert into events (type, at, subject, data, corrects)
      select 'delivery.shipped', now(), subject, '{"deliveryNo":"D1","lineNo":1}', key from events order by key limit 1`);
    const page = await windowOf(browser, stack.url, 'viewer', '/events/feed');
    await page.locator('.feed li').first().waitFor();
    await page.locator('select[name=type]').selectOption('delivery.shipped');
    await addressIs(page, '/events/feed?type=delivery.shipped');
    await eventually(async () => (await page.locator('.feed li').count()) === 1);
    await page.locator('.feed summary').click();
    await page.getByText('바로잡음: 일어나지 않은 일입니다').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('select[name=type]').selectOption('pickup.held');
    await page.getByText('여기까지는 없습니다').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
