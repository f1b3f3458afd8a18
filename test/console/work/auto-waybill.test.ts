import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, resultOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf } from '../../support/browser/console.ts';
import { listedLine, placeIn } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { focusIs } from '../acts/focus.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

async function dialogFor(more: Parameters<typeof newRange>[2]) {
  const placeNo = await createPlace(stack);
  const range = await newRange(stack, placeNo, more);
  const line = await placeIn(stack, 'released', { placeNo });
  const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?orderNo=${line.orderNo}`);
  await selectRow(page, idOf(line));
  await page.locator('.actions [data-command="ship"]').click();
  const auto = dialogOf(page).locator('[name=autoWaybill]');
  await auto.waitFor();
  return { range, line, page, auto };
}

describe('자동 운송장 in the dialog of 출고완료', () => {
  test('is as the place does it, unless somebody chooses; the number that was drawn stands in the result', async () => {
    const { range, line, page } = await dialogFor({ autoWaybill: true });
    await focusIs(page, '출고완료 1');
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toContain(`운송장 ${numberAt(range, 0)}`);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', waybillNo: numberAt(range, 0) });
    await page.context().close();
  });

  test('draws where the place does not by itself, and does not where it would', async () => {
    const drawn = await dialogFor({});
    await drawn.auto.selectOption('draw');
    await dialogOf(drawn.page).locator('.main').click();
    expect(await resultOf(drawn.page)).toContain(numberAt(drawn.range, 0));
    await drawn.page.context().close();
    const none = await dialogFor({ autoWaybill: true });
    await none.auto.selectOption('none');
    await dialogOf(none.page).locator('.main').click();
    expect(await resultOf(none.page)).toContain('택배사와 운송장번호가 필요합니다');
    expect(await listedLine(stack, none.line)).toMatchObject({ state: 'released' });
    await none.page.context().close();
  });
});
