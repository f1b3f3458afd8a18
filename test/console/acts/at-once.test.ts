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
} from '../../support/browser/browser.ts';
import { dialogOf, idOf, openTab, placed, stateOf } from '../../support/browser/console.ts';
import { type PlacedLine, storedHistory } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1', COMMAND_TIMEOUT_MS: '1500' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const button = (page: Page, command: string) => page.locator(`.actions [data-command="${command}"]`);
const commandsOf = async (line: PlacedLine) =>
  (await storedHistory(stack, line)).map(({ command, refused }) => (refused ? `${command}: ${refused}` : command));

describe('배송지시 and 출고지시 in two clicks', () => {
  test('select, click: no dialog; the toast takes it back, by one step and only that', async () => {
    const [line] = await placed(stack);
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await button(page, 'instruct').click();
    expect(await resultOf(page)).toMatch(/^배송지시 1건 완료/);
    expect(await dialogOf(page).count()).toBe(0);
    expect(await stateOf(stack, line)).toBe('instructed');
    await openTab(page, 1);
    await selectRow(page, idOf(line));
    await button(page, 'release').click();
    await eventually(async () => (await stateOf(stack, line)) === 'released');
    expect(await resultOf(page)).toMatch(/^출고지시 1건 완료/);
    await page.getByRole('button', { name: '되돌리기' }).click();
    expect(await resultOf(page)).toMatch(/^처리취소 1건 완료/);
    await rowOf(page, idOf(line)).first().waitFor();
    expect(await stateOf(stack, line)).toBe('instructed');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a second click, or a key held down, while the answer is on its way sends nothing twice', async () => {
    const [line] = await placed(stack);
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let sent = 0;
    await page.route('**/delivery-lines/instruct', async (route) => {
      sent += 1;
      await late;
      await route.continue();
    });
    await selectRow(page, idOf(line));
    await button(page, 'instruct').click();
    await page.locator('.result[data-status=sending]').waitFor();
    await button(page, 'instruct').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Enter');
    await page.reload();
    await rowOf(page, idOf(line)).locator('.ag-selection-checkbox input:checked').waitFor();
    expect(await button(page, 'instruct').count()).toBe(0);
    answer();
    expect(await resultOf(page)).toMatch(/^배송지시 1건 완료/);
    // Once before the reload and once after it, under one key.
    expect(sent).toBe(2);
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
    await page.context().close();
  });

  test('who may not undo gets no undo, and neither in the details', async () => {
    const [line] = await placed(stack);
    const page = await openWindow(browser, stack.url, `/lines/instruct?orderNo=${line.orderNo}`);
    await page.route('**/personas/*/token', async (route) => {
      const exp = Math.floor(Date.now() / 1000) + 3_600;
      const token = await stack.token(['delivery.read', 'delivery.write'], { sub: 'ahn', name: '안처리', exp });
      await route.fulfill({ json: { token, expiresAt: new Date(exp * 1000) } });
    });
    await signInAs(page, 'operator');
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    expect(await resultOf(page)).toMatch(/^배송지시 1건 완료자세히×$/);
    await page.getByRole('button', { name: '자세히' }).click();
    await dialogOf(page).getByText('배송지시 1건 완료').waitFor();
    expect(await dialogOf(page).getByRole('button', { name: '되돌리기' }).count()).toBe(0);
    await page.context().close();
  });
});
