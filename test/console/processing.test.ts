import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  act,
  complaintsOf,
  openBrowser,
  openWindow,
  resultOf,
  rowOf,
  selectRow,
  signInAs,
  windowOf,
} from '../support/browser.ts';
import { commandLine, listedLine, type PlacedLine, placeOrder, take, uniqueWaybill } from '../support/orders.ts';
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

const idOf = ({ deliveryNo, lineNo }: PlacedLine) => `${deliveryNo}/${lineNo}`;
const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const stateOf = async (line: PlacedLine) => (await listedLine(stack, line))?.state;
async function placed(path: string[] = [], lines = [{}]): Promise<[PlacedLine, ...PlacedLine[]]> {
  const [first, ...others] = await placeOrder(stack, lines);
  if (!first) throw new Error('no line');
  for (const line of [first, ...others]) await take(stack, line, path);
  return [first, ...others];
}
/** Types into a cell of the grid. */
async function typeInto(page: Page, line: PlacedLine, column: string, text: string) {
  await rowOf(page, idOf(line)).locator(`[col-id="${column}"]`).click();
  await page.keyboard.press('Enter');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

describe('배송처리 in the console', () => {
  test('sign in, and take a line through 배송지시, 출고지시, 출고완료, 배송완료', async () => {
    const [line] = await placed();
    const page = await openWindow(browser, stack.url, `/lines/instruct?orderNo=${line.orderNo}`);
    await signInAs(page, 'operator');
    for (const command of ['instruct', 'release', 'ship', 'deliver']) {
      await page.locator('[role=tab]').nth(['instruct', 'release', 'ship', 'deliver'].indexOf(command)).click();
      await rowOf(page, idOf(line)).first().waitFor();
      if (command === 'ship') await typeInto(page, line, 'typedWaybill', uniqueWaybill());
      await selectRow(page, idOf(line));
      await act(page, command);
      await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
      expect(await resultOf(page)).toMatch(/1건 완료/);
    }
    expect(await stateOf(line)).toBe('delivered');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('결품등록 asks for a reason, 결품해제 brings the line back', async () => {
    const [line] = await placed(['instruct', 'release']);
    const page = await operator(`/lines/stockout?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="report-stockout"]').click();
    expect(await page.locator('[role=dialog] [type=submit]').isDisabled()).toBe(true);
    await page.locator('[role=dialog] [name=reason]').fill('입고 지연');
    await page.locator('[role=dialog] [type=submit]').click();
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'awaitingShipment', stockoutReason: '입고 지연' });
    await page.locator('[role=tab]').nth(5).click();
    await selectRow(page, idOf(line));
    await act(page, 'clear-stockout');
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(await stateOf(line)).toBe('released');
    await page.context().close();
  });

  test('waybills pasted from Excel survive a reload; what fails says why, and only that is retried', async () => {
    const [first, second] = await placed(['instruct', 'release'], [{}, { productName: '캠핑 랜턴' }]);
    if (!second) throw new Error('one line only');
    const page = await operator(`/lines/ship?orderNo=${first.orderNo}`);
    const waybill = uniqueWaybill();
    await rowOf(page, idOf(first)).first().waitFor();
    const rows = await Promise.all([0, 1].map((at) => page.locator(`.ag-row[row-index="${at}"]`).first().getAttribute('row-id')));
    const cells = { [idOf(first)]: `CJ대한통운\t${waybill}`, [idOf(second)]: '04\t12' };
    const sheet = rows.map((id) => cells[id ?? '']).join('\n');
    await rowOf(page, rows[0] ?? '')
      .locator('[col-id="typedCarrier"]')
      .click();
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', ${JSON.stringify(sheet)});
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page.getByText(waybill).waitFor();
    await page.reload();
    await page.getByText(waybill).waitFor();
    await act(page, 'ship');
    const told = await resultOf(page);
    expect(told).toMatch(/1건 완료/);
    expect(told).toMatch(/1건 실패/);
    expect(told).toContain('WAYBILL_INVALID');
    expect([await stateOf(first), await stateOf(second)]).toEqual(['shipped', 'released']);
    await page.getByRole('button', { name: '실패 1건만 다시' }).click();
    expect(await resultOf(page)).toMatch(/^1건 실패/);
    await page.context().close();
  });

  test('undo is offered right after', async () => {
    const [line] = await placed();
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    await page.getByRole('button', { name: '되돌리기' }).click();
    await eventually(async () => (await stateOf(line)) === 'ordered');
    await rowOf(page, idOf(line)).first().waitFor();
    await page.context().close();
  });

  test('two windows racing: the second is refused by revision and says so', async () => {
    const [line] = await placed();
    const path = `/lines/instruct?orderNo=${line.orderNo}`;
    const [one, two] = await Promise.all([operator(path), operator(path)]);
    await Promise.all([selectRow(one, idOf(line)), selectRow(two, idOf(line))]);
    await act(one, 'instruct');
    await resultOf(one);
    await act(two, 'instruct');
    expect(await resultOf(two)).toMatch(/REVISION_CONFLICT|TRANSITION_NOT_ALLOWED/);
    await rowOf(two, idOf(line)).first().waitFor({ state: 'detached' });
    await Promise.all([one.context().close(), two.context().close()]);
  });

  test('an answer that is lost is asked again under the same key, also over a reload: it acts once', async () => {
    const [line] = await placed();
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    const keys: (string | undefined)[] = [];
    let lost = true;
    await page.route('**/delivery-lines/instruct', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (!lost) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    await page.locator('.result[data-status="pending"]').waitFor();
    await page.reload();
    lost = false;
    expect(await resultOf(page)).toMatch(/1건 완료/);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    await page.context().close();
  });

  test('COMMAND_PENDING is shown as pending and settled by repeating its key', async () => {
    const [line] = await placed();
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    let times = 0;
    await page.route('**/delivery-lines/instruct', (route) =>
      ++times < 3
        ? route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            body: JSON.stringify({ code: 'COMMAND_PENDING', title: '' }),
          })
        : route.continue(),
    );
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    await page.locator('.result[data-status="pending"]').waitFor();
    expect(await resultOf(page)).toMatch(/1건 완료/);
    expect(await stateOf(line)).toBe('instructed');
    await page.context().close();
  });

  test('keyboard only: find a line, select it, instruct it', async () => {
    const [line] = await placed();
    const page = await operator('/lines/instruct');
    await page.locator('.ag-row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(line.deliveryNo);
    await page.keyboard.press('Enter');
    await page.waitForURL(/deliveryNo=/);
    await rowOf(page, idOf(line)).first().waitFor();
    await page.locator('.ag-row').nth(2).waitFor({ state: 'detached' });
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('l');
    await page.keyboard.press('Space');
    await page.locator('.actions [data-command="instruct"]').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('[role=dialog]').waitFor();
    await page.locator('[role=dialog] [type=submit]').focus();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/1건 완료/);
    await page.context().close();
  });

  test('others change a row: the list says so and does not jump', async () => {
    const [line] = await placed();
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    await rowOf(page, idOf(line)).first().waitFor();
    await commandLine(stack, 'instruct', line);
    await page.getByText('1건 변경됨').waitFor({ timeout: 15_000 });
    expect(await rowOf(page, idOf(line)).count()).toBeGreaterThan(0);
    await page.getByText('1건 변경됨').click();
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    await page.context().close();
  });
});
