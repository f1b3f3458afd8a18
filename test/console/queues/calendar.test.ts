import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, refusalOf, save } from '../../support/browser/console.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
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

describe('영업일 and 발송정책', () => {
  test('a month says of each day whether parcels leave and why; a day is set by hand and taken back, of one place or all', async () => {
    const place = await createPlace(stack);
    const page = await windowOf(browser, stack.url, 'admin', '/calendar?month=2027-09');
    const day = (date: string) => page.locator(`[data-date="${date}"]`);
    const dialog = dialogOf(page);
    // 추석 of that year is in the middle of its weeks; the 5th is a Sunday.
    await day('2027-09-15')
      .filter({ hasText: /휴무추석/ })
      .waitFor();
    expect(await day('2027-09-05').textContent()).toBe('5 휴무');
    expect(await day('2027-09-06').textContent()).toBe('6 영업');
    expect(await violationsOn(page)).toEqual([]);

    await day('2027-09-06').getByRole('button').click();
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 이름');
    await dialog.locator('[name=dayName]').fill('창고 이전');
    await save(page);
    await day('2027-09-06').filter({ hasText: '6 휴무창고 이전' }).waitFor();
    await page.locator('select[name=place]').selectOption(String(place));
    await addressIs(page, `/calendar?month=2027-09&place=${place}`);
    await day('2027-09-06').filter({ hasText: '6 휴무창고 이전' }).waitFor();
    await day('2027-09-15').getByRole('button').click();
    await dialog.locator('[name=open]').check();
    await dialog.locator('[name=dayName]').fill('명절 특별출고');
    await save(page);
    await day('2027-09-15').filter({ hasText: '15 영업명절 특별출고' }).waitFor();
    await page.locator('select[name=place]').selectOption('');
    await day('2027-09-15').filter({ hasText: '휴무추석' }).waitFor();

    await day('2027-09-06').getByRole('button').click();
    await dialog.locator('[name=takesBack]').check();
    await save(page);
    await day('2027-09-06')
      .filter({ hasText: /^6 영업$/ })
      .waitFor();
    // Saturdays too, and the next month.
    await page.getByRole('button', { name: '영업 요일' }).click();
    await dialog.locator('[name="weekday-6"]').check();
    await save(page);
    await day('2027-09-11')
      .filter({ hasText: /^11 영업$/ })
      .waitFor();
    await page.getByRole('button', { name: '다음 달' }).click();
    await addressIs(page, '/calendar?month=2027-10');
    await day('2027-10-02')
      .filter({ hasText: /^2 영업$/ })
      .waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('due days are reckoned anew when somebody asks for it, and the result is told', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/calendar');
    await page.getByText('다시 계산한 적이 없습니다').waitFor();
    await page.locator('.recalculation').getByRole('button', { name: '다시 계산' }).click();
    await dialogOf(page).getByText('판매채널이 준 날').waitFor();
    await save(page);
    await page
      .locator('[data-state=done]')
      .getByText(/다시 계산함: 0건 중 0건 바뀜.*모든 출하지/)
      .waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.context().close();
    // Who may only read sees it without buttons.
    const reader = await windowOf(browser, stack.url, 'operator', '/calendar');
    await reader.locator('[data-date]').first().waitFor();
    expect(await reader.locator('.calendar button', { hasText: /다시 계산|영업 요일/ }).count()).toBe(0);
    expect(await reader.locator('[data-date] button').count()).toBe(0);
    await reader.context().close();
  });

  test('dispatch policies are registered by kind, edited, made the default, and named by a place', async () => {
    const place = await createPlace(stack);
    const page = await windowOf(browser, stack.url, 'admin', `/places?place=${place}`);
    const dialog = dialogOf(page);
    await page.getByText('발송정책이 없습니다').waitFor();
    const add = async (name: string, fill: () => Promise<unknown>) => {
      await page.getByRole('button', { name: '새 발송정책' }).click();
      await dialog.locator('[name=dispatchPolicyName]').fill(name);
      await fill();
      await save(page);
    };
    await page.getByRole('button', { name: '새 발송정책' }).click();
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 이름');
    await page.keyboard.press('Escape');
    await add('오늘출발', () => dialog.locator('[name=dispatchCloseTime]').selectOption('14:30'));
    const policies = page.getByRole('table', { name: '발송정책' });
    await policies.getByRole('row', { name: /오늘출발 기본 당일발송 14:30까지 결제하면 그날/ }).waitFor();
    await add('순차', async () => {
      await dialog.locator('[name=dispatchType]').selectOption('B');
      await dialog.locator('[name=readyDurationDay]').fill('31');
      expect(await refusalOf(page, '1000')).toContain('30');
      await dialog.locator('[name=readyDurationDay]').fill('3');
    });
    const slow = policies.getByRole('row', { name: /순차 순차발송 결제 다음 영업일부터 3일째/ });
    await slow.getByRole('button', { name: '기본으로' }).click();
    await policies.getByRole('row', { name: /순차 기본/ }).waitFor();
    await policies.getByRole('row', { name: /오늘출발 당일발송/ }).waitFor();
    const places = page.getByRole('table', { name: '출하지' });
    await places
      .getByRole('row', { name: new RegExp(String(place)) })
      .getByRole('button', { name: '수정' })
      .click();
    await dialog.locator('[name=dispatchPolicyNo]').selectOption({ label: '오늘출발' });
    await save(page);
    await places.getByRole('row', { name: new RegExp(`${place}.*오늘출발`) }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
