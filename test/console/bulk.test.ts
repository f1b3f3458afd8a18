import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../support/browser.ts';
import { placeOrder, uniqueWaybill } from '../support/orders.ts';
import { placedLine } from '../support/pickups.ts';
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

const HEADER = '배송번호,순번,택배사코드,운송장번호';
const sheet = (rows: string[]) => ({
  name: 'waybills.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([HEADER, ...rows].join('\n')),
});

test('출고완료 일괄: a sheet of 200 rows, its errors by row, dropped again, started, and watched over a reload', async () => {
  const lines = await placeOrder(
    stack,
    Array.from({ length: 200 }, () => ({})),
  );
  const [first] = lines;
  if (!first) throw new Error('no line');
  for (const command of ['instruct', 'release'])
    await stack.post(`/api/bo/v1/delivery-lines/${command}`, { lines: [{ deliveryNo: first.deliveryNo }] });
  const rows = lines.map(({ deliveryNo, lineNo }) => `${deliveryNo},${lineNo},04,${uniqueWaybill()}`);
  const page = await windowOf(browser, stack.url, 'operator', '/bulk');
  await page.locator('[name=file]').setInputFiles(sheet([...rows.slice(1), `${first.deliveryNo},1,04,12`]));
  await page.getByText('오류 1행').waitFor();
  await page.getByText('WAYBILL_INVALID').waitFor();
  await page.locator('[name=file]').setInputFiles(sheet(rows));
  await page.getByText('올바름 200행').waitFor();
  await page.getByRole('button', { name: '200행 출고완료 시작' }).click();
  await page.locator('.job progress').waitFor();
  await page.reload();
  await page.locator('.job[data-state=completed]').waitFor({ timeout: 30_000 });
  await page.getByText('200 / 200행 · 성공 200 · 실패 0').waitFor();
  const { body } = await stack.get(`/api/bo/v1/delivery-lines?deliveryNo=${first.deliveryNo}&state=shipped&count=true&limit=1`);
  expect(body.total).toBe(200);
  expect(complaintsOf(page)).toEqual([]);
  expect(await violationsOn(page)).toEqual([]);
  await page.context().close();
}, 60_000);

test('배치, 추적 예외, 결품, 출하지, 가공품, 접속기록: each shows its list, with no serious violation', async () => {
  const line = await placedLine(stack, ['instruct', 'release']);
  await stack.post('/api/bo/v1/delivery-lines/report-stockout', {
    lines: [line].map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo })),
    reason: '결품',
  });
  const place = {
    placeName: '시험 창고',
    zipCode: '06236',
    addr1: '서울',
    addr2: null,
    isDefaultShippingPlace: true,
    isSetAdditionalShippingFee: true,
    backwoodsAdditionalShippingFee: 5_000,
    jejuAdditionalShippingFee: 3_000,
    imposeType: 1,
  };
  const { status } = await stack.post('/item/v1/shipping/places', place);
  expect(status).toBe(201);
  const page = await windowOf(browser, stack.url, 'admin', '/stockouts');
  await page.getByText('캠핑 의자').first().waitFor();
  const found: [string, string[]][] = [];
  for (const path of ['/stockouts', '/exceptions', '/places', '/assembly', '/accesses']) {
    await page.goto(stack.url + path);
    await page.locator('.ag-row, .ag-overlay, .page').first().waitFor();
    expect([path, await page.locator('.trouble').count()]).toEqual([path, 0]);
    found.push([path, await violationsOn(page)]);
  }
  expect(found.filter(([, violations]) => violations.length > 0)).toEqual([]);
  await page.goto(`${stack.url}/places`);
  await page.getByRole('button', { name: '새 정책' }).click();
  await page.locator('[name=zipCode]').fill('63100');
  await page.locator('[name=quote]').getByText(/합계/).waitFor();
  expect(complaintsOf(page)).toEqual([]);
  await page.context().close();
});
