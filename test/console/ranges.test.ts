import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../support/browser/browser.ts';
import { dialogOf, refusalOf, save } from '../support/browser/console.ts';
import { commandLine, placeIn } from '../support/scenes/orders.ts';
import { createPlace } from '../support/scenes/shipping.ts';
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

test('운송장 대역: registered at its place, refused in the API’s words, used by 출고완료, paused and resumed', async () => {
  const placeNo = await createPlace(stack);
  const page = await windowOf(browser, stack.url, 'admin', `/places?place=${placeNo}`);
  const dialog = dialogOf(page);
  const ranges = page.getByRole('table', { name: '운송장 대역' });
  await page.getByText('이 출하지의 운송장 대역이 없습니다').waitFor();
  await page.getByRole('button', { name: '새 대역' }).click();
  expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 택배사, 첫 번호, 마지막 번호');
  await dialog.locator('[name=carrierCode]').selectOption('08');
  await dialog.locator('[name=rangeFrom]').fill('401234500004');
  await dialog.locator('[name=rangeTo]').fill('40123450009');
  await dialog.getByText('검증 숫자를 뺀 열한 자리').first().waitFor();
  expect(await refusalOf(page, 'from')).toContain('11자리여야 합니다');
  expect(await violationsOn(page)).toEqual([]);
  // A reload half-way through typing loses nothing.
  await page.reload();
  expect(await dialog.locator('[name=rangeTo]').inputValue()).toBe('40123450009');
  await dialog.locator('[name=rangeFrom]').fill('40123450000');
  await save(page);
  await ranges.getByRole('row', { name: /롯데택배 기본 40123450000 – 40123450009 401234500004 0 10 사용 중/ }).waitFor();

  const [first, second] = [await placeIn(stack, 'released', { placeNo }), await placeIn(stack, 'released', { placeNo })];
  expect(await commandLine(stack, 'ship', first)).toMatchObject({ ok: true, carrierCode: '08', waybillNo: '401234500004' });
  await page.reload();
  const row = ranges.getByRole('row', { name: /401234500015 1 9/ });
  await row.getByRole('button', { name: '일시정지' }).click();
  await ranges.getByRole('row', { name: /일시정지됨/ }).waitFor();
  expect((await commandLine(stack, 'ship', second)).error.code).toBe('WAYBILL_REQUIRED');
  await row.getByRole('button', { name: '다시 켜기' }).click();
  await ranges.getByRole('row', { name: /사용 중/ }).waitFor();
  await row.getByRole('button', { name: '수정' }).click();
  await dialog.locator('[name=rangeTo]').fill('40123451000');
  await save(page);
  await ranges.getByRole('row', { name: /40123450000 – 40123451000 401234500015 1 1,000/ }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  expect(complaintsOf(page)).toEqual([]);
});

test('who may only read sees the ranges and no buttons', async () => {
  const page = await windowOf(browser, stack.url, 'viewer', '/places');
  await page.getByRole('table', { name: '운송장 대역' }).waitFor();
  expect(await page.getByRole('button', { name: '새 대역' }).count()).toBe(0);
  expect(await page.getByRole('table', { name: '운송장 대역' }).getByRole('button').count()).toBe(0);
});
