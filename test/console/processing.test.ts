import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  act,
  complaintsOf,
  failuresOf,
  openBrowser,
  openWindow,
  resultOf,
  rowOf,
  selectRow,
  signInAs,
  windowOf,
} from '../support/browser/browser.ts';
import { idOf, openTab, placed, stateOf, typeInto } from '../support/browser/console.ts';
import { commandLine, listedLine, uniqueWaybill } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

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

describe('배송처리 in the console', () => {
  test('sign in, and take a line through 배송지시, 출고지시, 출고완료, 배송완료', async () => {
    const [line] = await placed(stack);
    const page = await openWindow(browser, stack.url, `/lines/instruct?orderNo=${line.orderNo}`);
    await signInAs(page, 'operator');
    for (const command of ['instruct', 'release', 'ship', 'deliver']) {
      await openTab(page, ['instruct', 'release', 'ship', 'deliver'].indexOf(command));
      await rowOf(page, idOf(line)).first().waitFor();
      if (command === 'ship') await typeInto(page, idOf(line), 'typedWaybill', uniqueWaybill());
      await selectRow(page, idOf(line));
      await act(page, command);
      await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
      expect(await resultOf(page)).toMatch(/1건 완료/);
    }
    expect(await stateOf(stack, line)).toBe('delivered');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('결품등록 asks for a reason, 결품해제 brings the line back', async () => {
    const [line] = await placed(stack, ['instruct', 'release']);
    const page = await operator(`/lines/stockout?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="report-stockout"]').click();
    expect(await page.locator('[role=dialog] [type=submit]').isDisabled()).toBe(true);
    await page.locator('[role=dialog] [name=reason]').fill('입고 지연');
    await page.locator('[role=dialog] [type=submit]').click();
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'awaitingShipment', stockoutReason: '입고 지연' });
    await openTab(page, 5);
    await selectRow(page, idOf(line));
    await act(page, 'clear-stockout');
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(await stateOf(stack, line)).toBe('released');
    await page.context().close();
  });

  test('undo is offered right after, and takes back nothing that somebody else has done since', async () => {
    const [line, other] = await placed(stack, [], [{}, {}]);
    if (!other) throw new Error('one line only');
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    await page.getByRole('button', { name: '되돌리기' }).click();
    await eventually(async () => (await stateOf(stack, line)) === 'ordered');
    await rowOf(page, idOf(line)).first().waitFor();
    await selectRow(page, idOf(other));
    await act(page, 'instruct');
    await page.getByRole('button', { name: '되돌리기' }).waitFor();
    expect(await commandLine(stack, 'release', other)).toMatchObject({ ok: true });
    await page.getByRole('button', { name: '되돌리기' }).click();
    await page.locator('.result').getByText('1건 실패').waitFor();
    expect(await failuresOf(page)).toEqual([expect.stringContaining('REVISION_CONFLICT')]);
    expect(await stateOf(stack, other)).toBe('released');
    await page.context().close();
  });

  test('two windows racing: the second is refused by revision and says so', async () => {
    const [line] = await placed(stack);
    const path = `/lines/instruct?orderNo=${line.orderNo}`;
    const [one, two] = await Promise.all([operator(path), operator(path)]);
    await Promise.all([selectRow(one, idOf(line)), selectRow(two, idOf(line))]);
    await act(one, 'instruct');
    await resultOf(one);
    await act(two, 'instruct');
    expect(await resultOf(two)).toMatch(/1건 실패/);
    expect(await failuresOf(two)).toEqual([expect.stringMatching(/REVISION_CONFLICT|TRANSITION_NOT_ALLOWED/)]);
    await rowOf(two, idOf(line)).first().waitFor({ state: 'detached' });
    await Promise.all([one.context().close(), two.context().close()]);
  });

  test('an answer that is lost is asked again under the same key, over a reload and while nothing can be stored: it acts once', async () => {
    const [line] = await placed(stack);
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    const keys: (string | undefined)[] = [];
    let lost = true;
    let unavailable = true;
    await page.route('**/delivery-lines/instruct', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (!lost && unavailable) {
        unavailable = false;
        return route.fulfill({ status: 503, json: { status: 503, code: 'UNAVAILABLE', title: '지금은 받을 수 없습니다' } });
      }
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
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys).size).toBe(1);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    await page.context().close();
  });

  test('COMMAND_PENDING is shown as pending, over a reload too, and settled by repeating its key once a worker is back', async () => {
    const [line] = await placed(stack);
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    const keys = new Set<string | undefined>();
    page.on('request', (request) => {
      if (request.url().endsWith('/instruct') && request.method() === 'POST') keys.add(request.headers()['idempotency-key']);
    });
    await selectRow(page, idOf(line));
    await stack.stopWorker();
    await act(page, 'instruct');
    await page.locator('.result[data-status="pending"]').waitFor();
    await page.getByText('1건의 결과를 아직 모릅니다').waitFor();
    await page.reload();
    await page.locator('.result[data-status="pending"]').waitFor();
    await stack.startWorker();
    expect(await resultOf(page)).toMatch(/1건 완료/);
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(keys.size).toBe(1);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    await page.context().close();
  });

  test('keyboard only: find a line, select it, instruct it; keys pressed before the list is there are not lost', async () => {
    const [line] = await placed(stack);
    const page = await operator('/lines/instruct');
    await page.locator('.ag-row').first().waitFor();
    // The list comes late: L and Space are pressed while there is nothing to select.
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(`**/delivery-lines?*q=${line.deliveryNo}*`, async (route) => {
      await late;
      await route.continue();
    });
    await page.keyboard.press('/');
    await page.keyboard.type(line.deliveryNo);
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=/);
    await page.locator('.ag-row').first().waitFor({ state: 'detached' });
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('l');
    await page.keyboard.press('Space');
    answer();
    await page.locator('.actions [data-command="instruct"]').waitFor();
    await page.keyboard.press('Control+Enter');
    expect(await resultOf(page)).toMatch(/1건 완료/);
    expect(await stateOf(stack, line)).toBe('instructed');
    await page.context().close();
  });
});
