import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { permissions } from '../../../api/http/auth.ts';
import {
  addressIs,
  openBrowser,
  openWindow,
  refuseToken,
  rowOf,
  selectRow,
  signInAs,
  storedIn,
  windowOf,
} from '../../support/browser/browser.ts';
import { listedLine, placeOrder, receiver, take } from '../../support/scenes/orders.ts';
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

describe('expiry leads back to the same screen with its filters', () => {
  test('calls that fail together ask for one sign-in; panel, filters and a half-typed dialog are there, and its command goes out', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    await take(stack, line, ['instruct', 'release']);
    const address = `/lines/stockout?orderNo=${line.orderNo}&delivery=${line.deliveryNo}`;
    const page = await windowOf(browser, stack.url, 'operator', address);
    const taken: string[] = [];
    page.on('request', (request) => /personas/.test(request.url()) && taken.push(request.url()));
    await page.locator('.panel .timeline').first().waitFor();
    await selectRow(page, `${line.deliveryNo}/1`);
    await page.locator('.actions [data-command="report-stockout"]').click();
    await page.locator('[role=dialog] [name=reason]').fill('입고가 늦어짐');
    await refuseToken(page);
    await page.locator('[role=dialog] [type=submit]').click();
    await page.locator('.sign-in.over').waitFor();
    await page.unroute('**/api/bo/v1/**');
    await page.locator('[data-persona=operator]').click();
    await page.locator('.result[data-status=done]').waitFor();
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'awaitingShipment',
      stockoutReason: '입고가 늦어짐',
      revision: 4,
    });
    await addressIs(page, address);
    expect(await page.locator('.panel').count()).toBe(1);
    expect(taken.length).toBe(1);
    await page.context().close();
  });

  test('what stands half typed in a dialog when the session ends is there after the sign-in', async () => {
    const [line] = await placeOrder(stack);
    const address = `/lines/instruct?orderNo=${line?.orderNo}&delivery=${line?.deliveryNo}`;
    const page = await openWindow(browser, stack.url, address);
    await page.clock.install();
    await page.reload();
    await page.route('**/personas/*/token', async (route) => {
      const exp = Math.floor(Date.now() / 1000) + 600;
      const token = await stack.token(permissions, { sub: 'choi', name: '최정보', exp });
      await route.fulfill({ json: { token, expiresAt: new Date(exp * 1000) } });
    });
    await signInAs(page, 'privacy');
    await page.locator('.panel').getByRole('button', { name: '마스킹 해제' }).click();
    await page.locator('[role=dialog] [name=reason]').fill('고객 문의');
    expect(await page.locator('.sign-in.over').count()).toBe(0);
    // The page's clock alone: the session lasts as long as typing takes, also on a slow machine.
    await page.clock.fastForward('11:00');
    await page.locator('.sign-in.over').waitFor();
    await page.unroute('**/personas/*/token');
    await page.locator('[data-persona=privacy]').click();
    await page.locator('.sign-in.over').waitFor({ state: 'detached' });
    expect(await page.locator('[role=dialog] [name=reason]').inputValue()).toBe('고객 문의');
    await page.locator('[role=dialog] [type=submit]').click();
    await page.locator('.panel').getByText(receiver.name).waitFor();
    await page.context().close();
  });

  test('another person begins afresh on the same screen: nothing that was typed or sent is theirs', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    await take(stack, line, ['instruct', 'release']);
    const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?orderNo=${line.orderNo}`);
    await rowOf(page, `${line.deliveryNo}/1`).locator('[col-id=typedWaybill]').click();
    await page.keyboard.press('Enter');
    await page.keyboard.type('681234567890');
    await page.keyboard.press('Enter');
    await page.getByText('입력한 운송장 1건').waitFor();
    await refuseToken(page);
    // Not a click by the mouse: the counts may have met the refusal first, and the sign-in lies over the tabs then.
    await page.locator('[role=tab]').nth(1).dispatchEvent('click');
    await page.locator('.sign-in.over').waitFor();
    await page.unroute('**/api/bo/v1/**');
    await page.locator('[data-persona=admin]').click();
    await page.locator('.who').getByText('김관리').waitFor();
    await addressIs(page, `/lines/release?orderNo=${line.orderNo}`);
    expect(await storedIn(page)).not.toMatch(/681234567890|eyJ/);
    await page.locator('[role=tab]').nth(2).click();
    await rowOf(page, `${line.deliveryNo}/1`).first().waitFor();
    expect(await page.getByText('입력한 운송장').count()).toBe(0);
    await page.context().close();
  });

  test('in one tab and another two people may work', async () => {
    const page = await openWindow(browser, stack.url);
    await signInAs(page, 'operator');
    const beside = await page.context().newPage();
    await beside.goto(stack.url);
    await beside.locator('.who').getByText('이운영').waitFor();
    await beside.getByRole('button', { name: '로그아웃' }).click();
    await signInAs(beside, 'viewer');
    await page.reload();
    await page.locator('.who').getByText('이운영').waitFor();
    await page.context().close();
  });
});
