import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, idsOf } from '../../support/browser/console.ts';
import { commandLine, type PlacedLine } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { focusIs, focusRow } from '../acts/focus.ts';
import { partsOf, quantityField, quantityOf, released } from './parts.ts';

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
const submitOf = (page: Page) => dialogOf(page).locator('[type=submit]');
/** Rows of the list in this order. */
const standIn = (page: Page, ids: string[]) => eventually(async () => (await idsOf(page)).join() === ids.join());

describe('분할 in the grid', () => {
  test('by the keyboard: the number is typed over, wrong ones are told beside it, and the part stands under its line', async () => {
    const [line, other] = await released(stack, 3, 2);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}`);
    await rowOf(page, idOf(line)).first().waitFor();
    await focusRow(page, idOf(line));
    await page.keyboard.press('Space');
    await page.locator('.actions [data-command="split"]').focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'quantity');
    await dialogOf(page).getByText('3개 중 1개를 나눕니다: 남는 줄 2개, 새 줄 1개').waitFor();
    for (const wrong of ['3', '0', '']) {
      await quantityField(page).fill(wrong);
      await dialogOf(page).getByRole('alert').getByText('1부터 2까지').waitFor();
      await page.keyboard.press('Enter');
      expect(await submitOf(page).isDisabled()).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    expect(await quantityOf(stack, line)).toBe(3);
    await page.locator('.actions [data-command="split"]').focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'quantity');
    // It is selected: what is typed takes its place.
    await page.keyboard.type('2');
    await dialogOf(page).getByText('3개 중 2개를 나눕니다: 남는 줄 1개, 새 줄 2개').waitFor();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/분할 1건 완료/);
    const [part] = await partsOf(stack, line);
    await page.locator('.result').getByRole('link', { name: part.deliveryNo }).waitFor();
    await standIn(page, [idOf(line), idOf(part), idOf(other as PlacedLine)]);
    await cellOf(page, idOf(line), 'quantity').getByText('1', { exact: true }).waitFor();
    await cellOf(page, idOf(part), 'quantity').getByText('2', { exact: true }).waitFor();
    // From a part to its line and back, by Enter in the cell that names it: left of the batch of work.
    await cellOf(page, idOf(part), 'receiverName').click();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.locator(`.panel[aria-label="${line.deliveryNo}"]`).waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('of several lines: a number each, Tab between them; those of one piece are left out', async () => {
    const lines = await released(stack, 4, 1, 5);
    const [four, , five] = lines as [PlacedLine, PlacedLine, PlacedLine];
    const page = await operator(`/lines/ship?orderNo=${four.orderNo}`);
    for (const line of lines) await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="split"]').click();
    await dialogOf(page).getByText('2건에서 모두 2개를 나눕니다: 새 줄 2건').waitFor();
    await dialogOf(page).getByText('선택한 3건 중 1건은').waitFor();
    const ids = await quantityField(page).evaluateAll((all) => all.map((each) => each.getAttribute('data-line')));
    await focusIs(page, 'quantity');
    await page.keyboard.type('3');
    await page.keyboard.press('Tab');
    await page.keyboard.type('2');
    await dialogOf(page).getByText('2건에서 모두 5개를 나눕니다').waitFor();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/분할 2건 완료/);
    const split = new Map([
      [ids[0], 3],
      [ids[1], 2],
    ]);
    expect(await quantityOf(stack, four)).toBe(4 - (split.get(idOf(four)) ?? 0));
    expect(await quantityOf(stack, five)).toBe(5 - (split.get(idOf(five)) ?? 0));
    await page.context().close();
  });
});

describe('분할취소', () => {
  test('Ctrl+Z and 되돌리기 merge what was just split; both rows are as before', async () => {
    const [line] = await released(stack, 3);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}`);
    for (const back of [
      () => page.keyboard.press('Control+z'),
      () => page.locator('.result').getByRole('button', { name: '되돌리기' }).click(),
    ]) {
      await selectRow(page, idOf(line));
      await page.locator('.actions [data-command="split"]').click();
      await focusIs(page, 'quantity');
      await page.keyboard.press('Enter');
      expect(await resultOf(page)).toMatch(/분할 1건 완료/);
      const [part] = await partsOf(stack, line);
      await standIn(page, [idOf(line), idOf(part)]);
      await back();
      await rowOf(page, idOf(part)).first().waitFor({ state: 'detached' });
      expect(await resultOf(page)).toMatch(/분할취소 1건 완료/);
      await cellOf(page, idOf(line), 'quantity').getByText('3', { exact: true }).waitFor();
      expect(await quantityOf(stack, line)).toBe(3);
    }
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('of a part in the detail: the dialog says where its quantity goes', async () => {
    const [line] = await released(stack, 3);
    await commandLine(stack, 'split', line, { quantity: 2 });
    const [part] = await partsOf(stack, line);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}&delivery=${part.deliveryNo}`);
    await page.locator('.panel [data-command="merge"]').focus();
    await page.keyboard.press('Enter');
    await dialogOf(page)
      .getByText(`2개가 ${idOf(line)} 줄로 돌아가고 이 줄은 끝납니다`)
      .waitFor();
    await focusIs(page, '분할취소 1');
    await page.keyboard.press('Enter');
    await rowOf(page, idOf(part)).first().waitFor({ state: 'detached' });
    await cellOf(page, idOf(line), 'quantity').getByText('3', { exact: true }).waitFor();
    await page.context().close();
  });
});

describe('분할 in the detail and in the order', () => {
  test('a line names its parts, a part its line, and the order has the parts under the line', async () => {
    const [line] = await released(stack, 3);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}&delivery=${line.deliveryNo}`);
    await page.locator('.panel [data-command="split"]').focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'quantity');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const to = page.locator('.panel [data-split="to"] a');
    await to.waitFor();
    const [part] = await partsOf(stack, line);
    expect(await quantityOf(stack, part)).toBe(2);
    await page.locator('.panel .timeline').getByText('분할', { exact: true }).waitFor();
    await to.focus();
    await page.keyboard.press('Enter');
    await page.locator(`.panel[aria-label="${part.deliveryNo}"]`).waitFor();
    await page.locator('.panel [data-split="from"] a').focus();
    await page.keyboard.press('Enter');
    await page.locator(`.panel[aria-label="${line.deliveryNo}"]`).waitFor();
    await page.goto(`${stack.url}/orders/${line.orderNo}`);
    const under = page.locator(`[data-delivery="${line.deliveryNo}"] .order-parts li`);
    await under.nth(1).getByRole('link', { name: part.deliveryNo }).waitFor();
    await under.nth(1).getByText('2개').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
