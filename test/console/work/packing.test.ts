import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { command, placeOrder, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { told, wedge } from './reader.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const counts = (page: Page) => page.locator('.packing-count').allTextContents();

/** A released delivery of these products; without 택배 it needs no waybill. */
async function parcelOf(products: Record<number, number>, methodCode = '20'): Promise<string> {
  const lines = Object.entries(products).map(([productId, quantity]) => ({ productId, quantity, methodCode }));
  const deliveryNo = (await placeOrder(stack, lines))[0]?.deliveryNo ?? '';
  for (const name of ['instruct', 'release']) await command(stack, name, [{ deliveryNo }]);
  return deliveryNo;
}

const detail = async (deliveryNo: string) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
const isShipped = (deliveryNo: string) =>
  eventually(async () => (await detail(deliveryNo)).lines.every(({ state }: any) => state === 'shipped'));

describe('검품, by a reader alone', () => {
  test('a parcel of three goods is four scans and nothing else, and the next one follows', async () => {
    const [first, second] = [await parcelOf({ 501: 2, 502: 1 }), await parcelOf({ 503: 1 })];
    const page = await windowOf(browser, stack.url, 'operator', '/packing');
    await page.locator('[name=packing]').waitFor();
    // Faster than the API answers.
    await wedge(page, first, '501', '502', '501', second, '503');
    await told(page, `${second} 출고완료`);
    await Promise.all([isShipped(first), isShipped(second)]);
    const { history } = await detail(first);
    expect(history.filter(({ command }: any) => command === 'verify')).toHaveLength(2);
    expect(await page.evaluate<string>('document.activeElement.name')).toBe('packing');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('what is wrong is red and says so; a reload goes on where it was', async () => {
    const deliveryNo = await parcelOf({ 511: 2, 512: 1 });
    const page = await windowOf(browser, stack.url, 'operator', '/packing');
    await wedge(page, deliveryNo);
    await told(page, deliveryNo);
    expect(await counts(page)).toEqual(['0 / 2', '0 / 1']);
    await wedge(page, '512');
    await wedge(page, '512');
    await told(page, '필요한 수량을 다 스캔했습니다');
    await page.locator('.packing.wrong').waitFor();
    await wedge(page, '999');
    await told(page, '이 배송에 없는 상품입니다');
    expect(await violationsOn(page)).toEqual([]);
    await page.reload();
    await page.locator('.packing-count').first().waitFor();
    expect(await counts(page)).toEqual(['0 / 2', '1 / 1']);
    await wedge(page, '511');
    await wedge(page, '511');
    await told(page, `${deliveryNo} 출고완료`);
    await isShipped(deliveryNo);
    await wedge(page, deliveryNo);
    await told(page, '이미 출고한 배송입니다');
    await page.context().close();
  });

  test('a parcel without a waybill is asked for one, and shipped with it', async () => {
    const deliveryNo = await parcelOf({ 521: 1 }, '10');
    const waybillNo = uniqueWaybill();
    const page = await windowOf(browser, stack.url, 'operator', '/packing');
    await page.locator('[name=packing]').waitFor();
    await wedge(page, deliveryNo, '521');
    await page.getByText('붙일 운송장을 스캔하세요').waitFor();
    await wedge(page, waybillNo);
    await told(page, `${deliveryNo} 출고완료`);
    expect((await detail(deliveryNo)).lines).toMatchObject([{ state: 'shipped', carrierCode: '04', waybillNo }]);
    await page.context().close();
  });

  test("somebody else's parcel is taken over by scanning it twice, and given up by Esc", async () => {
    const deliveryNo = await parcelOf({ 531: 1 });
    await stack.post(
      '/api/bo/v1/verifications/open',
      { number: deliveryNo },
      { token: await stack.token(undefined, { sub: 'bench-2' }) },
    );
    const page = await windowOf(browser, stack.url, 'operator', '/packing');
    await page.locator('[name=packing]').waitFor();
    await wedge(page, deliveryNo);
    await told(page, '다른 사람이 검품하고 있는 상자입니다');
    await wedge(page, deliveryNo);
    await told(page, '상품을 스캔하세요');
    await page.keyboard.press('Escape');
    await told(page, '그만두었습니다');
    expect((await detail(deliveryNo)).lines[0].state).toBe('released');
    await page.context().close();
  });
});
