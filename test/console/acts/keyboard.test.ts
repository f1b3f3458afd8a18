import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, resultOf, rowOf, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, idsOf, placed, stateOf } from '../../support/browser/console.ts';
import { listedLine, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { focusIs, focusRow } from './focus.ts';

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
const three = async (path: string[]) => {
  const lines = await placed(stack, path, [{}, {}, {}]);
  return { lines, orderNo: lines[0].orderNo };
};
describe('the keyboard in dialogs and after them', () => {
  test('nothing to type: the button that acts has it, Enter acts, and then the next row of the list has it', async () => {
    const { lines, orderNo } = await three(['instruct', 'release', 'ship']);
    const page = await operator(`/lines/deliver?orderNo=${orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const [, second = '', third = ''] = await idsOf(page);
    await focusRow(page, second);
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    await focusIs(page, '배송완료 1');
    await page.keyboard.press('Enter');
    await rowOf(page, second).first().waitFor({ state: 'detached' });
    expect(await resultOf(page)).toMatch(/배송완료 1건 완료/);
    await focusIs(page, third);
    // The list goes on with the keyboard alone.
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    await focusIs(page, '배송완료 1');
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    await focusIs(page, (await idsOf(page))[0] ?? '');
    expect(await stateOf(stack, lines[0])).toBe('shipped');
    await page.context().close();
  });

  test('출고완료: the button and not the box of 합포장; opened by a click, the keyboard comes back to the row', async () => {
    const { lines, orderNo } = await three(['instruct', 'release']);
    const page = await operator(`/lines/ship?orderNo=${orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const [first = '', second = ''] = await idsOf(page);
    await cellOf(page, first, 'typedWaybill').click();
    const waybill = uniqueWaybill();
    // Ctrl+Enter out of the cell that is being typed in: what stands in it counts.
    await page.keyboard.press('Enter');
    await page.keyboard.type(waybill);
    await page.keyboard.press('Control+Enter');
    await dialogOf(page).getByText(waybill).waitFor();
    await focusIs(page, '출고완료 1');
    await page.keyboard.press('Escape');
    await focusIs(page, first);
    await page.locator('.actions [data-command="ship"]').click();
    await focusIs(page, '출고완료 1');
    await page.keyboard.press('Enter');
    await rowOf(page, first).first().waitFor({ state: 'detached' });
    await focusIs(page, second);
    expect(await resultOf(page)).toMatch(/출고완료 1건 완료/);
    await page.context().close();
  });

  test.each([
    ['search', 'Control+k', '[role=combobox]'],
    ['help', '?', '[role=dialog]'],
  ])('closed, the %s gives the keyboard back only while nothing else has it', async (_, key, what) => {
    const { lines, orderNo } = await three([]);
    const page = await operator(`/lines/instruct?orderNo=${orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const [first = '', second = ''] = await idsOf(page);
    await focusRow(page, second);
    await page.keyboard.press(key);
    await page.locator(what).waitFor();
    // A dialog learns with a timer that it has closed, which comes late in a busy browser.
    await page.evaluate(`{
      window.soon = window.setTimeout;
      window.late = [];
      window.setTimeout = (work) => window.late.push(work);
    }`);
    await page.keyboard.press('Escape');
    await page.locator(what).waitFor({ state: 'detached' });
    expect(await page.evaluate<number>('{ window.setTimeout = window.soon; window.late.length; }')).toBeGreaterThan(0);
    await focusRow(page, first);
    await page.evaluate('window.late.forEach((tell) => tell())');
    await page.keyboard.press('Space');
    await rowOf(page, first).first().and(page.locator('.ag-row-selected')).waitFor();
    await page.context().close();
  });

  test('a reason is asked: its field has the keyboard, the arrows choose a usual one, it can be typed over, and Enter sends', async () => {
    const { lines, orderNo } = await three(['instruct', 'release']);
    const page = await operator(`/lines/stockout?orderNo=${orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const [first = '', second = '', third = ''] = await idsOf(page);
    const reasonOf = async (id: string) => {
      const line = lines.find((each) => idOf(each) === id) ?? lines[0];
      return (await listedLine(stack, line))?.stockoutReason;
    };
    const ask = async (id: string) => {
      await focusRow(page, id);
      await page.keyboard.press('Space');
      await page.keyboard.press('Control+Enter');
      await focusIs(page, 'reason');
    };
    await ask(first);
    // Nothing is sent, and nothing canceled, while there is no reason.
    await page.keyboard.press('Enter');
    expect(await dialogOf(page).count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await rowOf(page, first).first().waitFor({ state: 'detached' });
    expect(await reasonOf(first)).toBe('입고 지연');
    await ask(second);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.type(' (5월까지)');
    await page.keyboard.press('Enter');
    await rowOf(page, second).first().waitFor({ state: 'detached' });
    expect(await reasonOf(second)).toBe('단종 (5월까지)');
    await ask(third);
    await dialogOf(page).getByRole('button', { name: '재고 부족' }).click();
    await focusIs(page, 'reason');
    await page.keyboard.press('Enter');
    await rowOf(page, third).first().waitFor({ state: 'detached' });
    expect(await reasonOf(third)).toBe('재고 부족');
    await page.context().close();
  });

  test('a key held down opens the dialog and does not answer it', async () => {
    const { lines, orderNo } = await three(['instruct', 'release', 'ship']);
    const page = await operator(`/lines/deliver?orderNo=${orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    await focusRow(page, idOf(lines[0]));
    await page.keyboard.press('Space');
    await page.keyboard.down('Control');
    await page.keyboard.down('Enter');
    await focusIs(page, '배송완료 1');
    // Pressed again without having been let go: the browser calls it a repetition.
    for (let at = 0; at < 5; at++) await page.keyboard.down('Enter');
    expect(await dialogOf(page).count()).toBe(1);
    await page.keyboard.up('Enter');
    await page.keyboard.up('Control');
    await page.keyboard.press('Enter');
    await rowOf(page, idOf(lines[0])).first().waitFor({ state: 'detached' });
    expect(await stateOf(stack, lines[0])).toBe('delivered');
    await page.context().close();
  });

  test('in the detail: the dialog gives the keyboard back to the detail', async () => {
    const [line] = await placed(stack, ['instruct', 'release']);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}&delivery=${line.deliveryNo}`);
    await page.locator('.panel [data-command="undo"]').click();
    await focusIs(page, 'reason');
    await page.keyboard.press('Escape');
    await focusIs(page, /처리취소/);
    await page.keyboard.press('Enter');
    await focusIs(page, 'reason');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(async () => (await stateOf(stack, line)) === 'instructed');
    await page.locator('.panel [data-command="release"]').waitFor();
    await eventually(async () => await page.evaluate('document.activeElement.closest(".panel") !== null'));
    await page.context().close();
  });
});
