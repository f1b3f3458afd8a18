import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../support/browser/browser.ts';
import { dialogOf, refusalOf, save } from '../support/browser/console.ts';
import { createPlace, createPolicy } from '../support/scenes/shipping.ts';
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

describe('출하지와 묶음배송비', () => {
  test('a place and its policies: registered, refused in the API’s words at the form, edited, another default', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/places');
    const dialog = dialogOf(page);
    await page.getByRole('button', { name: '새 출하지' }).click();
    await dialog.locator('[name=placeZip]').fill('17379');
    await dialog.locator('[name=addr1]').fill('경기도 이천시');
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 이름');
    expect(await violationsOn(page)).toEqual([]);
    await dialog.locator('[name=placeName]').fill('이천 새 창고');
    // A reload half-way through typing loses nothing.
    await page.reload();
    expect(await dialog.locator('[name=placeName]').inputValue()).toBe('이천 새 창고');
    expect(await dialog.locator('[name=placeZip]').inputValue()).toBe('17379');
    await dialog.locator('[name=isSetAdditionalShippingFee]').check();
    await save(page);
    const places = page.getByRole('table', { name: '출하지' });
    await places.getByRole('row', { name: /이천 새 창고.*3,000원 \/ 5,000원/ }).waitFor();
    await places
      .getByRole('row', { name: /이천 새 창고/ })
      .getByRole('button', { name: '수정' })
      .click();
    await dialog.locator('[name=placeName]').fill('이천 큰 창고');
    await dialog.locator('[name=remote]').fill('7000');
    await save(page);
    await places.getByRole('row', { name: /이천 큰 창고.*3,000원 \/ 7,000원/ }).waitFor();

    const policies = page.getByRole('table', { name: '묶음배송비 정책' });
    await page.getByText('정책이 없는 출하지의 배송비는 0원입니다').waitFor();
    await page.getByRole('button', { name: '새 정책' }).click();
    await dialog.locator('[name=isPrepayment]').uncheck();
    expect(await refusalOf(page, '1000')).toContain('모두 false일 수 없습니다');
    await dialog.locator('[name=isPrepayment]').check();
    await dialog.locator('[name=fee]').fill('');
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 배송비');
    await dialog.locator('[name=fee]').fill('2500');
    await save(page);
    await policies.getByRole('row', { name: /기본 유료 2,500원/ }).waitFor();
    await page.getByRole('button', { name: '새 정책' }).click();
    await dialog.locator('[name=feeType]').selectOption('3');
    await dialog.locator('[name=condition]').fill('999');
    expect(await refusalOf(page, '1000')).toContain('1000 이상');
    await dialog.locator('[name=condition]').fill('30000');
    // Its answer is pending twice: asked again under the same key, it makes one policy.
    const keys: (string | undefined)[] = [];
    await page.route('**/shipping/policies', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 2) return route.continue();
      await route.fetch();
      return route.fulfill({ status: 503, json: { resultCode: 1000, message: '아직 모름' } });
    });
    await save(page);
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
    await policies.locator('tr[data-policy]').nth(1).waitFor();
    expect(await policies.locator('tr[data-policy]').count()).toBe(2);
    const free = policies.getByRole('row', { name: /조건부 무료 3,000원 30,000원/ });
    await free.getByRole('button', { name: '기본으로' }).click();
    await policies.getByRole('row', { name: /기본 조건부 무료/ }).waitFor();
    await policies
      .getByRole('row', { name: /유료 2,500원/ })
      .getByRole('button', { name: '수정' })
      .click();
    await dialog.locator('[name=fee]').fill('4000');
    await save(page);
    await policies.getByRole('row', { name: /유료 4,000원/ }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a live quote of several lines of several places, with the surcharge of 63001 and why; without policy.write no form', async () => {
    const [near, far] = [await createPlace(stack), await createPlace(stack, { isSetAdditionalShippingFee: false })];
    await createPolicy(stack, near, { fee: 2_500 });
    await createPolicy(stack, far, { fee: 4_000 });
    const page = await windowOf(browser, stack.url, 'operator', `/places?place=${near}`);
    const quote = page.getByRole('region', { name: '배송비 계산' });
    const total = (text: string) => quote.locator('[name=quote]').getByText(text, { exact: true }).waitFor();
    await quote.locator('[name="placeNo-1"]').fill(String(near));
    await total('합계 2,500원');
    await quote.getByRole('button', { name: '상품 추가' }).click();
    await quote.locator('[name="placeNo-2"]').fill(String(far));
    await total('합계 6,500원');
    await quote.getByRole('button', { name: '도서산간 63001' }).click();
    await total('합계 11,500원');
    await quote.getByText(/도서산간 추가 5,000원/).waitFor();
    await quote.locator('[name="quantity-1"]').fill('3');
    await quote.getByText('60,000원').first().waitFor();
    await quote.getByRole('button', { name: '2번째 상품 빼기' }).click();
    await total('합계 7,500원');
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.getByRole('button', { name: /새 정책|새 출하지|수정|기본으로/ }).count()).toBe(0);
    await page.context().close();
  });
});
