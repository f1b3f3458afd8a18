import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, windowOf } from '../../support/browser/browser.ts';
import { cancel, command, type PlacedLine, placeOrder, uniqueWaybill } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { loadedAgain, told, wedge } from './reader.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const detail = async (deliveryNo: string) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
const labelsOf = async (deliveryNo: string) =>
  (await detail(deliveryNo)).prints
    .filter(({ kind }: any) => kind === 'label')
    .map(({ copy, waybillNo }: any) => [copy, waybillNo]);

async function placeWithRange() {
  const placeNo = await createPlace(stack);
  return { placeNo, range: await newRange(stack, placeNo) };
}

/** A released delivery of a place, of these products. */
async function parcelAt(placeNo: number, products: Record<number, number>) {
  const lines = Object.entries(products).map(([productId, quantity]) => ({ productId: Number(productId), quantity, placeNo }));
  const placed = await placeOrder(stack, lines);
  const deliveryNo = placed[0]?.deliveryNo ?? '';
  for (const name of ['instruct', 'release']) await command(stack, name, [{ deliveryNo }]);
  return { deliveryNo, placed };
}

const cancelFirst = ([first]: PlacedLine[]) =>
  cancel(stack, first ? [{ orderNo: first.orderNo, lineNo: first.lineNo, quantity: 1 }] : []);

async function benchOf(user: 'admin' | 'operator' = 'admin') {
  const page = await windowOf(browser, stack.url, user, '/packing');
  await page.locator('[name=packing]').waitFor();
  return page;
}

describe('검품 of a place with a range of waybills', () => {
  test('a parcel of three goods is four scans and nothing else: shipped under the next number, its label printed once', async () => {
    const { placeNo, range } = await placeWithRange();
    const [first, second] = [await parcelAt(placeNo, { 601: 2, 602: 1 }), await parcelAt(placeNo, { 603: 1 })];
    const page = await benchOf();
    await wedge(page, first.deliveryNo, '601', '602', '601');
    await told(page, `${first.deliveryNo} 출고완료, 운송장 ${numberAt(range, 0)}`);
    expect((await detail(first.deliveryNo)).lines).toMatchObject(
      Array(2).fill({ state: 'shipped', carrierCode: '04', waybillNo: numberAt(range, 0) }),
    );
    expect(await labelsOf(first.deliveryNo)).toEqual([[1, numberAt(range, 0)]]);
    await wedge(page, second.deliveryNo, '603');
    await told(page, `${second.deliveryNo} 출고완료, 운송장 ${numberAt(range, 1)}`);
    expect(await labelsOf(second.deliveryNo)).toEqual([[1, numberAt(range, 1)]]);
    expect(await rangeNow(stack, range)).toMatchObject({ used: 2 });
    await page.keyboard.press('F9');
    await eventually(async () => (await labelsOf(second.deliveryNo)).length === 2);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('출력 that was switched off stays off over a reload', async () => {
    const { placeNo } = await placeWithRange();
    const { deliveryNo } = await parcelAt(placeNo, { 611: 1 });
    const page = await benchOf();
    await page.locator('[name=prints]').uncheck();
    await page.reload();
    await page.locator('[name=packing]').waitFor();
    await wedge(page, deliveryNo, '611');
    await told(page, `${deliveryNo} 출고완료`);
    expect(await labelsOf(deliveryNo)).toEqual([]);
    await page.context().close();
  });

  test('of several carriers one is picked once, by a key, and is kept', async () => {
    const { placeNo } = await placeWithRange();
    const other = await newRange(stack, placeNo, { carrierCode: '05' });
    const parcels = [await parcelAt(placeNo, { 621: 1 }), await parcelAt(placeNo, { 622: 1 })] as const;
    const page = await benchOf();
    await wedge(page, parcels[0].deliveryNo, '621');
    await told(page, '택배사를 한 번 고르세요');
    await wedge(page, '2');
    await told(page, `${parcels[0].deliveryNo} 출고완료, 운송장 ${numberAt(other, 0)}`);
    await page.reload();
    await page.locator('[name=packing]').waitFor();
    await wedge(page, parcels[1].deliveryNo, '622');
    await told(page, `운송장 ${numberAt(other, 1)}`);
    await page.context().close();
  });

  test('a range that is used up asks for one waybill, saying why', async () => {
    const placeNo = await createPlace(stack);
    const range = await newRange(stack, placeNo, { size: 1 });
    const parcels = [await parcelAt(placeNo, { 631: 1 }), await parcelAt(placeNo, { 632: 1 })] as const;
    const waybillNo = uniqueWaybill();
    const page = await benchOf();
    await wedge(page, parcels[0].deliveryNo, '631');
    await told(page, numberAt(range, 0));
    await wedge(page, parcels[1].deliveryNo, '632');
    await told(page, '운송장 대역');
    await page.getByText('붙일 운송장을 스캔하세요').waitFor();
    await wedge(page, waybillNo);
    await told(page, `${parcels[1].deliveryNo} 출고완료`);
    expect((await detail(parcels[1].deliveryNo)).lines).toMatchObject([{ state: 'shipped', waybillNo }]);
    await page.context().close();
  });

  test('a label that could not be made is said, and printed by F9', async () => {
    const { placeNo } = await placeWithRange();
    const { deliveryNo } = await parcelAt(placeNo, { 641: 1 });
    const page = await benchOf();
    await page.route('**/prints/labels', (route) => route.abort());
    await wedge(page, deliveryNo, '641');
    await told(page, '라벨을 출력하지 못했습니다');
    await page.unroute('**/prints/labels');
    await page.reload();
    await told(page, 'F9: 출력');
    await page.keyboard.press('F9');
    await eventually(async () => (await labelsOf(deliveryNo)).length === 1);
    await page.context().close();
  });

  test('closed between the last scan and the shipment, it is shipped at once when it is opened again', async () => {
    const { placeNo, range } = await placeWithRange();
    const { deliveryNo } = await parcelAt(placeNo, { 651: 1 });
    const page = await benchOf();
    // The server does it, and the window never hears of it.
    await page.route('**/delivery-lines/ship', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await wedge(page, deliveryNo, '651');
    await eventually(async () => (await detail(deliveryNo)).lines[0].state === 'shipped');
    await loadedAgain(page);
    await told(page, `${deliveryNo} 출고완료, 운송장 ${numberAt(range, 0)}`);
    expect(await labelsOf(deliveryNo)).toEqual([[1, numberAt(range, 0)]]);
    expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
    await page.context().close();
  });

  test('what is canceled after it was scanned comes out, and the keyboard alone goes on', async () => {
    const { placeNo, range } = await placeWithRange();
    const { deliveryNo, placed } = await parcelAt(placeNo, { 661: 1, 662: 1 });
    const page = await benchOf();
    await wedge(page, deliveryNo, '661');
    await page.locator('.packing-count', { hasText: '1 / 1' }).waitFor();
    await cancelFirst(placed);
    await wedge(page, '662');
    await page.locator('.packing.wrong').waitFor();
    await told(page, '상자에서 빼고 Enter');
    await page.getByText('상자에서 빼세요').waitFor();
    await page.keyboard.press('Enter');
    await told(page, '상품을 스캔하세요');
    await wedge(page, '662');
    await told(page, `${deliveryNo} 출고완료, 운송장 ${numberAt(range, 0)}`);
    await page.context().close();
  });

  test('canceled as a whole after its last scan, it does not leave, and draws no number', async () => {
    const { placeNo, range } = await placeWithRange();
    const { deliveryNo, placed } = await parcelAt(placeNo, { 671: 1 });
    const page = await benchOf();
    await page.route('**/delivery-lines/ship', async (route) => {
      await cancelFirst(placed);
      await route.continue();
    });
    await wedge(page, deliveryNo, '671');
    await told(page, '취소됨');
    await page.locator('.packing.wrong').waitFor();
    await page.keyboard.press('Enter');
    await told(page, '취소');
    await page.locator('.packing-told', { hasText: '상자에서 빼고' }).waitFor({ state: 'detached' });
    expect(await rangeNow(stack, range)).toMatchObject({ used: 0 });
    await page.context().close();
  });
});

test('who may not read receivers ships, and is told who prints', async () => {
  const { placeNo, range } = await placeWithRange();
  const { deliveryNo } = await parcelAt(placeNo, { 681: 1 });
  const page = await benchOf('operator');
  await wedge(page, deliveryNo, '681');
  await told(page, `운송장 ${numberAt(range, 0)}`);
  await told(page, '라벨은 개인정보 열람 권한이');
  expect(await labelsOf(deliveryNo)).toEqual([]);
  await page.context().close();
});
