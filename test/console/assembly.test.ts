import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { assembly, planOf, productId, setStock, shippingProduct, shownPlan, stockOf } from '../support/assembly.ts';
import { complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../support/browser.ts';
import { commandLine, listedLine } from '../support/orders.ts';
import { placedLine } from '../support/pickups.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const dialogOf = (page: Page) => page.locator('[role=dialog]');
async function save(page: Page) {
  await dialogOf(page).locator('[type=submit]').click();
  await dialogOf(page).waitFor({ state: 'detached' });
}
/** Sends the form and reads what the API says in it; the form stays. */
async function refusalOf(page: Page, code: string): Promise<string> {
  await dialogOf(page).locator('[type=submit]').click();
  const said = dialogOf(page).locator('.note.bad').filter({ hasText: code });
  await said.waitFor();
  return (await said.textContent()) ?? '';
}

describe('가공품과 가공계획', () => {
  test('물류사: products, stock with a reason, an assembly product, and a plan from start with shortages to completion', async () => {
    const [coffee, box] = [productId(), productId()];
    const page = await windowOf(browser, stack.url, 'logistics', '/assembly/stock?member=70');
    const dialog = dialogOf(page);
    await page.getByRole('button', { name: '여러 개 등록' }).click();
    await dialog.locator('[name=rows]').fill(`${coffee}\t드립백\n${box}\t선물 상자`);
    await dialog.getByRole('button', { name: '2개 등록' }).click();
    await dialog.waitFor({ state: 'detached' });
    const finished = productId();
    await page.getByRole('button', { name: '새 출고상품' }).click();
    await dialog.locator('[name=shipping_product_id]').fill(String(coffee));
    await dialog.locator('[name=product_name]').fill('커피 세트');
    expect(await refusalOf(page, '4090')).toContain('이미 등록된');
    await dialog.locator('[name=shipping_product_id]').fill(String(finished));
    await save(page);
    await page.locator(`[data-product="${coffee}"]`).getByRole('button', { name: '재고 조정' }).click();
    await dialog.locator('[name=quantity]').fill('20');
    expect(await dialog.locator('[type=submit]').isDisabled()).toBe(true);
    await dialog.locator('[name=reason]').fill('재고 실사');
    expect(await violationsOn(page)).toEqual([]);
    await save(page);
    await page.locator(`[data-product="${coffee}"]`).getByRole('button', { name: '재고 원장' }).click();
    await dialog.getByRole('row', { name: /\+20 20 jung 재고 실사/ }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('tab', { name: '가공품', exact: true }).click();
    await page.getByRole('button', { name: '새 가공품' }).click();
    await dialog.locator('[name=product_id]').fill(String(finished));
    await dialog.locator('[name="shipping_product_id-1"]').fill(String(finished));
    expect(await refusalOf(page, '4000')).toContain('자신의 재료');
    await dialog.locator('[name="shipping_product_id-1"]').fill(String(coffee));
    await dialog.locator('[name="quantity-1"]').fill('2');
    await dialog.getByRole('button', { name: '재료 추가' }).click();
    await dialog.locator('[name="shipping_product_id-2"]').fill(String(box));
    await save(page);
    const product = page.locator(`[data-product="${finished}"]`);
    await product.getByText('드립백 ×2, 선물 상자 ×1').waitFor();
    await product.getByRole('button', { name: '수정' }).click();
    await dialog.locator('[name="quantity-1"]').fill('3');
    await dialog.locator('[name=comment]').fill('연말');
    await save(page);
    await product.getByText('드립백 ×3, 선물 상자 ×1').waitFor();

    await product.getByRole('link', { name: '가공계획' }).click();
    await page.getByText('조건에 맞는 가공계획이 없습니다').waitFor();
    await page.getByRole('button', { name: '새 계획' }).click();
    await dialog.locator('[name=uid]').selectOption({ label: `커피 세트 (${finished})` });
    await dialog.locator('[name=plan_quantity]').fill('4');
    await dialog.locator('[name=plan_date]').fill('2999-12-31');
    await save(page);
    const plan = page.locator('tr[data-plan]').first();
    await plan.locator('[data-step=start]').click();
    expect(await refusalOf(page, '4090')).toContain('가공재료가 모자랍니다');
    await dialog.getByRole('row', { name: new RegExp(`선물 상자 ${box} 4 0 4`) }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await setStock(stack, box, 4);
    await save(page);
    await plan.locator('[data-step=complete]').click();
    await dialog.locator('[name=completed_quantity]').fill('3');
    await save(page);
    await plan.getByText('가공완료').waitFor();
    expect(await stockOf(stack, finished)).toEqual([3, 3]);
    await plan.getByRole('button').first().click();
    expect(await dialog.locator('.timeline b').allTextContents()).toEqual(['가공완료', '가공시작', '계획등록']);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  }, 40_000);

  test('overdue plans stand out and are explained; cancel asks; a 고객사 sees its own only', async () => {
    const material = await shippingProduct(stack, 10);
    const { uid } = await assembly(stack, [[material, 1]]);
    const late = await planOf(stack, uid, 2, '2020-01-01');
    await eventually(async () => (await shownPlan(stack, late)).is_overdue);
    const foreign = await shippingProduct(stack, 5, { member_id: 71 });
    const page = await windowOf(browser, stack.url, 'member', '/');
    await page.getByRole('link', { name: /기한 지난 계획/ }).click();
    const plan = page.locator(`tr.overdue[data-plan="${late}"]`);
    await plan.getByText('기한 지남').waitFor();
    await page.getByText(/예정일\(서울\)이 지났는데/).waitFor();
    await page.getByText('고객사 70', { exact: true }).first().waitFor();
    expect(await page.locator('[name=member]').count()).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
    await plan.locator('[data-step=cancel]').click();
    await dialogOf(page).getByText('되돌릴 수 없습니다').waitFor();
    await save(page);
    await plan.waitFor({ state: 'detached' });
    await page.locator(`[data-plan="${late}"]`).getByText('가공취소').waitFor();
    await page.goto(`${stack.url}/assembly/stock?product=${foreign}`);
    await page.getByText('조건에 맞는 출고상품이 없습니다').waitFor();
    await page.goto(`${stack.url}/assembly/stock?product=${material}`);
    await page.locator(`[data-product="${material}"]`).waitFor();
    const shop = await windowOf(browser, stack.url, 'viewer', `/assembly/stock?product=${foreign}`);
    await shop.locator(`[data-product="${foreign}"]`).waitFor();
    expect(await shop.getByRole('button', { name: /새 출고상품|재고 조정|여러 개/ }).count()).toBe(0);
    await Promise.all([page.context().close(), shop.context().close()]);
  }, 30_000);
});

test('결품 현황: from a product to its waiting lines, to its stock and to its plans', async () => {
  const material = await shippingProduct(stack, 10);
  const { product, uid } = await assembly(stack, [[material, 1]]);
  const name = `결품 의자 ${product}`;
  const line = await placedLine(stack, ['instruct', 'release'], { productId: product, productName: name });
  await commandLine(stack, 'report-stockout', line, {}, { reason: '입고 지연' });
  await planOf(stack, uid, 6);
  const page = await windowOf(browser, stack.url, 'admin', '/stockouts');
  const row = rowOf(page, String(product));
  await row.getByText('가공예정 6 (2999-12-31)').click();
  await page.locator('tr[data-plan]').waitFor();
  expect(page.url()).toContain(`assembly_product_uid=${uid}`);
  await page.goBack();
  await row.locator('[col-id="stock"] a').click();
  await page.locator(`[data-product="${product}"]`).waitFor();
  await page.goBack();
  expect(await violationsOn(page)).toEqual([]);
  await row.locator('[col-id="waitingLines"] a').click();
  await page.waitForURL('**/lines/clear?productId=*');
  await rowOf(page, `${line.deliveryNo}/${line.lineNo}`).first().waitFor();
  expect((await listedLine(stack, line))?.stockoutReason).toBe('입고 지연');
  expect(complaintsOf(page)).toEqual([]);
  await page.context().close();
});
