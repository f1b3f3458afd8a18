import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { placeOrder, uniqueWaybill } from '../../support/scenes/orders.ts';
import { HEADER } from '../../support/scenes/sheets.ts';
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

test('rows that are no parcels are left out and said so; the box takes them along', async () => {
  const placed = await placeOrder(
    stack,
    ['10', '30', '40'].map((methodCode) => ({ methodCode })),
  );
  for (const command of ['instruct', 'release'])
    await stack.post(`/api/bo/v1/delivery-lines/${command}`, { lines: placed.map(({ deliveryNo }) => ({ deliveryNo })) });
  const rows = placed.map(({ deliveryNo, lineNo }) => `${deliveryNo},${lineNo},04,${uniqueWaybill()}`);
  const sheet = { name: 'filled-in.csv', mimeType: 'text/csv', buffer: Buffer.from([HEADER.join(','), ...rows].join('\n')) };
  const page = await windowOf(browser, stack.url, 'operator', '/bulk');
  const figure = (name: string) => page.locator(`.job [data-figure="${name}"] dd`).textContent();

  await page.locator('[name=file]').setInputFiles(sheet);
  await page.getByText('택배가 아닌 2행은 건너뜁니다').waitFor();
  expect([await figure('validCount'), await figure('skippedCount'), await figure('invalidCount')]).toEqual(['1', '2', '0']);
  await page.getByRole('button', { name: '1행 출고완료 시작' }).waitFor();
  expect(await violationsOn(page)).toEqual([]);

  await page.getByLabel('택배가 아닌 행도 출고').check();
  await page.locator('[name=file]').setInputFiles(sheet);
  await page.getByRole('button', { name: '3행 출고완료 시작' }).click();
  await page.locator('.job[data-state=completed]').waitFor();
  expect([await figure('succeededCount'), await figure('skippedCount')]).toEqual(['3', '0']);
  expect(await page.getByText('행은 건너뜁니다').filter({ hasText: '택배가 아닌 2행' }).count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
  await page.context().close();
});
