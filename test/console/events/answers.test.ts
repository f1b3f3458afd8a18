import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, refusalOf } from '../../support/browser/console.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }, { hasWorker: false }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const LIST = '**/api/bo/v1/webhooks';

describe('이벤트·웹훅, when something is wrong', () => {
  test('a secret whose answer is lost is shown all the same, of one endpoint; a refused address says why and keeps the form', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/events');
    const lost: number[] = [];
    await page.route(LIST, async (route) => {
      if (route.request().method() !== 'POST' || lost.length > 0) return route.continue();
      lost.push((await route.fetch()).status());
      return route.abort();
    });
    await page.getByRole('button', { name: '새 웹훅' }).click();
    const url = dialogOf(page).locator('[name=url]');
    await url.fill('https://127.0.0.1/hooks');
    // The refusal is an answer, and the one that is lost.
    expect(await refusalOf(page, 'BAD_REQUEST')).toContain('밖에서 닿는 주소여야 합니다');
    expect(lost).toEqual([400]);
    lost.length = 0;
    await url.fill('https://shop.example/hooks');
    await dialogOf(page).locator('[type=submit]').click();
    const secret = dialogOf(page).locator('[name=secret]');
    await secret.waitFor();
    expect(await secret.inputValue()).toMatch(/^whsec_/);
    expect(lost).toEqual([201]);
    await page.keyboard.press('Escape');
    await page.locator('tr[data-webhook]').waitFor();
    expect((await stack.get('/api/bo/v1/webhooks')).body.items.length).toBe(1);
    // Nobody sends here: what is tested waits, and the page says so.
    await page.locator('[data-act=test]').click();
    await page.locator('[data-test=waiting]').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a list that does not come says so and can be asked for again; so can the events', async () => {
    const page = await windowOf(browser, stack.url, 'viewer', '/');
    for (const [path, calls, shown] of [
      ['/events/webhooks', LIST, 'tr[data-webhook]'],
      ['/events/feed', '**/api/bo/v1/events**', '.feed li'],
    ] as const) {
      const answer = { status: 500, contentType: 'application/problem+json', body: '{"code":"INTERNAL","detail":"내부 오류"}' };
      await page.route(calls, (route) => route.fulfill(answer));
      await page.goto(stack.url + path);
      await page.getByRole('button', { name: '다시 시도' }).waitFor();
      await page.unroute(calls);
      await page.getByRole('button', { name: '다시 시도' }).click();
      await page.locator(shown).first().waitFor();
    }
    await page.context().close();
  });
});
