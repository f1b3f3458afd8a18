import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Simulator, startSimulator } from '../../local/simulator/server.ts';
import { openBrowser, violationsOn, windowOf } from '../support/browser/browser.ts';
import { dialogOf, refusalOf, save } from '../support/browser/console.ts';
import { noticeEnvironment, noticeIn, orderFor, RULES, startTelling, uniquePhone } from '../support/notices/telling.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
let simulator: Simulator;
let telling: ReturnType<typeof startTelling>;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }, { hasWorker: false }), openBrowser()]);
  telling = startTelling(stack.db, noticeEnvironment(simulator.url));
});
afterAll(async () => {
  await browser.close();
  await telling.stop();
  await stack.stop();
  await simulator.stop();
});

describe('알림톡', () => {
  test('a rule is made and changed; what failed is sent again, once somebody wants it', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/notices');
    const dialog = dialogOf(page);
    await page.getByText('규칙이 없어 아무에게도 알리지 않습니다.').waitFor();
    await page.getByRole('button', { name: '새 규칙' }).click();
    await dialog.locator('[name=type]').selectOption('delivery.ordered');
    await dialog.locator('[name=templateCode]').fill('ORDERED_1');
    await dialog.locator('[name=text]').fill('#{고객}님, #{번호} 주문을 받았습니다.');
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 고객, 번호');
    expect(await violationsOn(page)).toEqual([]);
    await dialog.locator('[name="variable.고객"]').selectOption('receiverName');
    await dialog.locator('[name="variable.번호"]').selectOption('orderNo');
    await save(page);
    const rules = page.getByRole('table', { name: '알림톡 규칙' });
    await rules.getByRole('row', { name: /주문완료.*ORDERED_1.*켜짐/ }).waitFor();
    await rules.getByRole('button', { name: '수정' }).click();
    await dialog.locator('[name=text]').fill('#{고객}님, 주문을 받았습니다.');
    await save(page);
    expect((await stack.get(RULES)).body.items).toMatchObject([
      { type: 'delivery.ordered', text: '#{고객}님, 주문을 받았습니다.', variables: { 고객: 'receiverName' }, enabled: true },
    ]);

    const { written, digits } = uniquePhone();
    simulator.control.behave({ on: 'solapi', kind: 'code', code: '3018', times: 1 });
    const orderNo = await orderFor(stack, written);
    await noticeIn(stack, orderNo, 'failed');
    await page.goto(`${stack.url}/notices?state=failed`);
    const row = page.locator('.ag-row', { hasText: orderNo });
    await row.getByText('solapi:3018').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('[data-act=resend]').click();
    await dialog.getByText('이미 도착했을 수 있습니다').waitFor();
    await dialog.getByRole('button', { name: '다시 보내기' }).click();
    await noticeIn(stack, orderNo, 'sent');
    expect(simulator.control.notices({ to: digits })).toHaveLength(1);
    await row.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(digits.slice(-8));
    await page.context().close();
  });

  test('who may only look sees no buttons', async () => {
    const page = await windowOf(browser, stack.url, 'viewer', '/notices');
    await page.getByRole('table', { name: '알림톡 규칙' }).waitFor();
    expect(await page.getByRole('button', { name: /새 규칙|수정|다시 보내기/ }).count()).toBe(0);
    await page.context().close();
  });
});
