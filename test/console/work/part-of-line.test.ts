import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, stateOf, typeInto } from '../../support/browser/console.ts';
import { uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { focusIs } from '../acts/focus.ts';
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
describe('a part of a line', () => {
  test('결품등록 of what is missing: the rest stays 출고지시, and the part is named', async () => {
    const [line] = await released(stack, 3);
    const page = await operator(`/lines/stockout?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="report-stockout"]').click();
    await focusIs(page, 'reason');
    await page.keyboard.press('ArrowDown');
    await dialogOf(page).getByText('3개를 모두 결품으로 등록합니다').waitFor();
    await quantityField(page).focus();
    await page.keyboard.type('1');
    await dialogOf(page).getByText('3개 중 1개만 결품으로 나눕니다: 남는 줄 2개는 출고지시, 새 줄 1개는 출고대기').waitFor();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/결품등록 1건 완료/);
    const [part] = await partsOf(stack, line);
    expect([await stateOf(stack, line), await quantityOf(stack, line)]).toEqual(['released', 2]);
    expect([await stateOf(stack, part), await quantityOf(stack, part)]).toEqual(['awaitingShipment', 1]);
    await cellOf(page, idOf(line), 'quantity').getByText('2', { exact: true }).waitFor();
    await page.context().close();
  });

  test('출고완료 of a part: the rest becomes a line that stays in the list', async () => {
    const [line] = await released(stack, 3);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}`);
    await rowOf(page, idOf(line)).first().waitFor();
    const waybill = uniqueWaybill();
    await typeInto(page, idOf(line), 'typedWaybill', waybill);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="ship"]').click();
    await focusIs(page, '출고완료 1');
    await dialogOf(page).locator('[name=isPart]').check();
    await focusIs(page, 'quantity');
    await page.keyboard.type('2');
    await dialogOf(page).getByText('3개 중 2개만 출고합니다').waitFor();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/출고완료 1건 완료/);
    const [part] = await partsOf(stack, line);
    expect([await stateOf(stack, line), await quantityOf(stack, line)]).toEqual(['shipped', 2]);
    expect([await stateOf(stack, part), await quantityOf(stack, part)]).toEqual(['released', 1]);
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    await rowOf(page, idOf(part)).first().waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
