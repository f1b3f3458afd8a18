import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, windowOf } from '../../support/browser/browser.ts';
import { dialogOf } from '../../support/browser/console.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Empties every field of the form and sends it: what the form says. */
async function saidOfEmpty(page: Page): Promise<string> {
  const dialog = dialogOf(page);
  await dialog.waitFor();
  for (const field of await dialog.locator('input:not([type=checkbox])').all()) await field.fill('');
  await dialog.locator('[type=submit]').click();
  const said = (await dialog.getByRole('alert').textContent()) ?? '';
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  return said;
}

describe('an empty form', () => {
  test('sends nothing and names what is missing in words of the form', async () => {
    const place = await createPlace(stack);
    const page = await windowOf(browser, stack.url, 'admin', `/places?place=${place}`);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (['POST', 'PUT'].includes(request.method()) && !/\/(quote|token)$/.test(request.url())) sent.push(request.url());
    });
    await page.getByRole('button', { name: '새 출하지' }).click();
    expect(await saidOfEmpty(page)).toBe('입력해 주세요: 이름, 우편번호, 주소');
    await page.getByRole('button', { name: '새 정책' }).click();
    expect(await saidOfEmpty(page)).toBe('입력해 주세요: 배송비');
    await page.goto(`${stack.url}/assembly/products?member=176042`);
    await page.getByRole('button', { name: '새 가공품' }).click();
    expect(await saidOfEmpty(page)).toBe('입력해 주세요: 완성품 상품번호, 1번째 재료 상품번호, 1번째 재료 수량');
    await page.goto(`${stack.url}/assembly/stock?member=176042`);
    await page.getByRole('button', { name: '새 출고상품' }).click();
    expect(await saidOfEmpty(page)).toBe('입력해 주세요: 상품번호, 상품명');
    await page.getByRole('button', { name: '일괄 등록' }).click();
    await dialogOf(page).locator('textarea').fill('123\t이름\n456');
    await dialogOf(page).locator('[type=submit]').click();
    expect(await dialogOf(page).getByRole('alert').textContent()).toBe('입력해 주세요: 2행');
    expect(sent).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
