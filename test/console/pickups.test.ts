import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { act, complaintsOf, openBrowser, rowOf, selectRow, windowOf } from '../support/browser/browser.ts';
import { cellOf, openTab, pasteAt } from '../support/browser/console.ts';
import { uniqueWaybill } from '../support/scenes/orders.ts';
import { openClaim, pickupIn, pickupOf, placedLine } from '../support/scenes/pickups.ts';
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

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);

describe('회수처리 in the console', () => {
  test('회수지시 with pasted waybills, 회수확인, 보류 and 보류해제, 회수완료 with inspected quantities', async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line, 2);
    const waybill = uniqueWaybill();
    const page = await operator(`/pickups/instruct?orderNo=${line.orderNo}`);
    await rowOf(page, pickupNo).first().waitFor();
    await pasteAt(page, pickupNo, 'typedCarrier', [['로젠', waybill]]);
    await page.getByText('입력한 운송장 1건').waitFor();
    await act(page, 'instruct');
    await rowOf(page, pickupNo).first().waitFor({ state: 'detached' });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'instructed', carrierCode: '06', waybillNo: waybill });
    await openTab(page, 1);
    await selectRow(page, pickupNo);
    await act(page, 'confirm');
    await rowOf(page, pickupNo).first().waitFor({ state: 'detached' });
    await openTab(page, 2);
    await selectRow(page, pickupNo);
    await act(page, 'hold', '구성품 누락');
    await cellOf(page, pickupNo, 'held').getByText('구성품 누락').waitFor();
    expect(await cellOf(page, pickupNo, 'held').locator('.state').textContent()).toBe('보류');
    await selectRow(page, pickupNo);
    expect(await page.locator('.actions [data-command="complete"]').count()).toBe(0);
    await act(page, 'resume');
    await page.locator('.ag-cell[col-id="held"] .state').waitFor({ state: 'detached' });
    await rowOf(page, pickupNo).getByRole('button', { name: pickupNo }).click();
    const panel = page.locator('.panel');
    await panel.locator('[name=restock]').fill('1');
    await panel.locator('[data-command="complete"]').click();
    await page.locator('[role=dialog] [type=submit]').click();
    await rowOf(page, pickupNo).first().waitFor({ state: 'detached' });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'completed', items: [{ restock: 1, dispose: 1 }] });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('the detail takes a carrier and its waybill; a wrong one is told and not sent', async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line, 1);
    const waybill = uniqueWaybill();
    const page = await operator(`/pickups/instruct?orderNo=${line.orderNo}&pickup=${pickupNo}`);
    const panel = page.locator('.panel');
    await panel.getByLabel('택배사').selectOption('05');
    await panel.getByLabel('운송장번호').fill('12');
    await panel.getByRole('alert').waitFor();
    await panel.locator('[data-command="instruct"]').click();
    expect(await page.locator('[role=dialog] [type=submit]').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await panel.getByLabel('운송장번호').fill(`${waybill.slice(0, 4)}-${waybill.slice(4)}`);
    await page.reload();
    await panel.locator('[data-command="instruct"]').click();
    await page.locator('[role=dialog] [type=submit]').click();
    await eventually(async () => (await pickupOf(stack, pickupNo)).state === 'instructed');
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ carrierCode: '05', waybillNo: waybill });
    await page.context().close();
  });

  test('반품중교환: the dialog asks for the reason and says what is sent; the pickup is an exchange, and cannot go there twice', async () => {
    const pickupNo = await pickupIn(stack, 'confirmed', await placedLine(stack));
    const page = await operator('/pickups/complete');
    await selectRow(page, pickupNo);
    await page.locator('.actions [data-command="convert-to-exchange"]').click();
    const dialog = page.locator('[role=dialog]');
    await dialog.getByText('회수완료하면 같은 상품을 다시 보냅니다.').waitFor();
    expect(await dialog.locator('[type=submit]').isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: '교환 상품 입고' }).click();
    await dialog.locator('[type=submit]').click();
    await cellOf(page, pickupNo, 'kind').getByText('교환').waitFor();
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ kind: 'exchange', convertedFromReturn: true, state: 'confirmed' });
    await selectRow(page, pickupNo);
    await act(page, 'convert-to-return', '교환 상품 품절');
    await cellOf(page, pickupNo, 'kind').getByText('반품').waitFor();
    await selectRow(page, pickupNo);
    await page.locator('.actions [data-command="complete"]').waitFor();
    expect(await page.locator('.actions [data-command^="convert"]').count()).toBe(0);
    await page.context().close();
  });

  test('교환중반품 and 반품불가, each with its reason', async () => {
    const [toReturn, toRefuse] = await Promise.all([
      pickupIn(stack, 'confirmed', await placedLine(stack), 'exchange'),
      pickupIn(stack, 'confirmed', await placedLine(stack)),
    ]);
    const page = await operator('/pickups/complete');
    await selectRow(page, toReturn);
    await act(page, 'convert-to-return', '고객 요청');
    await cellOf(page, toReturn, 'kind').getByText('반품').waitFor();
    expect(await pickupOf(stack, toReturn)).toMatchObject({ kind: 'return', convertedFromExchange: true, state: 'confirmed' });
    await selectRow(page, toRefuse);
    await act(page, 'refuse', '사용 흔적');
    await rowOf(page, toRefuse).first().waitFor({ state: 'detached' });
    expect(await pickupOf(stack, toRefuse)).toMatchObject({ state: 'refused' });
    await page.context().close();
  });
});
