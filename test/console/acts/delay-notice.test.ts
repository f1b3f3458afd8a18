import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf, placed } from '../../support/browser/console.ts';
import { seoulDay } from '../../support/clock.ts';
import { type PlacedLine, storedHistory, storedRow } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { focusIs } from './focus.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const noticed = async (line: PlacedLine) => {
  const { delay_expected_on: expectedOn, delay_reason_code: code } = await storedRow(stack, line);
  const notice = (await storedHistory(stack, line)).find(({ command }) => command === 'notify-delay');
  return { expectedOn, code, reason: notice?.reason };
};

describe('발송지연안내', () => {
  test('of many lines: tomorrow unless another day is chosen, within its bounds, with a reason of the list and one in words', async () => {
    const lines = await placed(stack, ['instruct', 'release'], [{}, {}, {}]);
    const page = await operator(`/lines/ship?orderNo=${lines[0].orderNo}`);
    for (const line of lines) await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="notify-delay"]').click();
    await focusIs(page, 'expectedOn');
    const day = dialogOf(page).locator('[name=expectedOn]');
    const submit = dialogOf(page).locator('[type=submit]');
    // Midnight may come between what the page shows and what is asked here.
    await eventually(async () => (await day.inputValue()) === seoulDay(1));
    await dialogOf(page).locator('[name=reason]').fill('입고가 늦어짐');
    for (const wrong of [seoulDay(-1), seoulDay(95)]) {
      await day.fill(wrong);
      await dialogOf(page).getByText('안내할 수 있습니다').waitFor();
      expect(await submit.isDisabled()).toBe(true);
    }
    const expectedOn = seoulDay(6);
    await day.fill(expectedOn);
    await dialogOf(page).locator('[name=reasonCode]').selectOption({ label: '주문제작' });
    await dialogOf(page).locator('[name=reason]').press('Enter');
    expect(await resultOf(page)).toMatch(/발송지연안내 3건 완료/);
    for (const line of lines) expect(await noticed(line)).toEqual({ expectedOn, code: 'MADE_TO_ORDER', reason: '입고가 늦어짐' });
    // They stay where they are, and nobody notices them twice.
    for (const line of lines) await rowOf(page, idOf(line)).first().waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('of one line in the detail, by the keyboard alone; then its button goes', async () => {
    const [line] = await placed(stack, ['instruct']);
    const page = await operator(`/lines/release?orderNo=${line.orderNo}&delivery=${line.deliveryNo}`);
    await page.locator('.panel [data-command="notify-delay"]').focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'expectedOn');
    await dialogOf(page).locator('[name=reasonCode]').focus();
    await page.keyboard.press('Tab');
    await focusIs(page, 'reason');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/발송지연안내 1건 완료/);
    await page.locator('.panel [data-command="notify-delay"]').waitFor({ state: 'detached' });
    expect(await noticed(line)).toMatchObject({ code: 'STOCK', reason: '입고가 늦어짐' });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
