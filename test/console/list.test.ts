import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import type { Browser, Page } from 'playwright-core';
import { act, complaintsOf, failuresOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../support/browser/browser.ts';
import { cellOf, idOf, idsOf, placed } from '../support/browser/console.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { commandLine, receiver } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';
import { scroll } from './pictures/measure-page.ts';
import { LOADED, loadReleasedLines } from './pictures/measure-rows.ts';

const ROWS = 1_500;
let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
  await loadReleasedLines(stack.databaseUrl, ROWS);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const loaded = `/lines/stockout?productName=${encodeURIComponent(LOADED)}`;
const selectedText = (page: Page) => page.locator('.actions b').first().textContent();

/** As a person does it: clicks, and types when the grid shows where the focus is. */
async function focusCell(page: Page, id: string): Promise<void> {
  const cell = cellOf(page, id, 'productName');
  await cell.click();
  await eventually(async () => /ag-cell-focus/.test((await cell.getAttribute('class')) ?? ''));
}

describe('the lists of the console', () => {
  test('infinite scrolling shows no blank rows, and what was selected stays selected, also over a reload', async () => {
    const page = await operator(loaded);
    await page.locator('.ag-row').first().waitFor();
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = await idsOf(page);
    await selectRow(page, first);
    await rowOf(page, third)
      .locator('.ag-selection-checkbox input')
      .click({ modifiers: ['Shift'] });
    await eventually(async () => (await selectedText(page)) === '3건 선택');
    await focusCell(page, fourth);
    await page.keyboard.press('Space');
    await eventually(async () => (await selectedText(page)) === '4건 선택');
    await page.keyboard.press('Shift+ArrowDown');
    await eventually(async () => (await selectedText(page)) === '5건 선택');
    const seen = await scroll(page, ROWS - 60, 20, PATIENCE_MS);
    expect(seen).toMatchObject({ blankFrames: 0, blankRows: 0, jumps: 0 });
    await page.getByText('1,500건 표시').waitFor();
    await eventually(async () => (await selectedText(page)) === '5건 선택');
    await page.reload();
    await rowOf(page, first).first().waitFor();
    await eventually(async () => (await selectedText(page)) === '5건 선택');
    for (const id of [first, second, third, fourth, fifth])
      await eventually(() => rowOf(page, id).locator('.ag-selection-checkbox input').isChecked());
    await focusCell(page, second);
    await page.keyboard.press('Space');
    await eventually(async () => (await selectedText(page)) === '4건 선택');
    await page.getByRole('button', { name: '선택 해제' }).click();
    await eventually(async () => (await page.locator('.ag-row-selected').count()) === 0);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('more than 500 selected lines: one confirmation, sent in parts one after the other, with progress', async () => {
    const page = await operator(loaded);
    await page.locator('.ag-row').first().waitFor();
    await scroll(page, ROWS - 60, 30);
    await page.getByText('1,500건 표시').waitFor();
    const parts: number[] = [];
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/delivery-lines/report-stockout', async (route) => {
      const { lines } = route.request().postDataJSON() as { lines: { deliveryNo: string; lineNo: number }[] };
      parts.push(lines.length);
      if (parts.length === 2) await late;
      const results = lines.map(({ deliveryNo, lineNo }) => ({
        deliveryNo,
        lineNo,
        ok: true,
        state: 'awaitingShipment',
        revision: 4,
      }));
      await route.fulfill({ json: { succeeded: lines.length, failed: 0, results } });
    });
    await page.locator('.ag-header-select-all input').check();
    await eventually(async () => (await selectedText(page)) === '1,500건 선택');
    await page.locator('.actions [data-command="report-stockout"]').click();
    await page.locator('[role=dialog]').getByText('다음 1,500건을 결품등록 처리합니다.').waitFor();
    await page.locator('[role=dialog]').getByText('500건씩 3번에 나누어 보냅니다.').waitFor();
    await page.locator('[role=dialog] [name=reason]').fill('입고 지연');
    await page.locator('[role=dialog] [type=submit]').click();
    await page.locator('.result progress[value="500"]').waitFor();
    await page.getByText('1,000건 표시').waitFor();
    answer();
    expect(await resultOf(page)).toMatch(/1,500건 완료/);
    expect(parts).toEqual([500, 500, 500]);
    await page.context().close();
  });

  test('the layout of the columns is saved for its list over a reload, and can be taken back', async () => {
    const page = await operator(loaded);
    const header = (column: string) => page.locator(`.ag-header-cell[col-id="${column}"]`);
    await header('orderNo').waitFor();
    const before = (await header('orderNo').boundingBox())?.width ?? 0;
    await page.getByRole('button', { name: '열 고르기' }).click();
    await page.getByRole('menuitemcheckbox', { name: '옵션' }).click();
    await page.keyboard.press('Escape');
    await header('optionName').waitFor({ state: 'detached' });
    // The columns still slide into the place of the hidden one: hover waits until the handle stands still.
    const handle = header('orderNo').locator('.ag-header-cell-resize');
    await handle.hover();
    const box = await handle.boundingBox();
    if (!box) throw new Error('no handle');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.up();
    await header('placeNo').dragTo(header('productName'));
    // The grid tells of a drag a little later than it shows it.
    await eventually(() =>
      page.evaluate<boolean>(`{
        const order = JSON.parse(localStorage.getItem('console.columns.lines.stockout')).map(({ colId }) => colId);
        order.indexOf('placeNo') < order.indexOf('orderNo');
      }`),
    );
    await page.reload();
    await header('orderNo').waitFor();
    expect(await header('optionName').count()).toBe(0);
    expect((await header('orderNo').boundingBox())?.width).toBeCloseTo(before + 60, -1);
    const left = async (column: string) => (await header(column).boundingBox())?.x ?? 0;
    expect(await left('placeNo')).toBeLessThan(await left('orderNo'));
    await page.locator('[role=tab]').nth(0).click();
    await header('optionName').waitFor();
    await page.locator('[role=tab]').nth(4).click();
    await header('optionName').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '열 고르기' }).click();
    await page.getByRole('menuitem', { name: '열 배치 초기화' }).click();
    await header('optionName').waitFor();
    await eventually(async () => (await left('placeNo')) > (await left('orderNo')));
    await page.context().close();
  });

  test('엑셀 is the list with its filters, masked; unmasked only for who may, with a reason that is logged', async () => {
    const [line] = await placed(stack, ['instruct', 'release'], [{ productName: '엑셀 시험 의자' }]);
    await placed(stack, ['instruct', 'release']);
    const rowsOf = async (page: Page, click: () => Promise<void>) => {
      const [file] = await Promise.all([page.waitForEvent('download'), click()]);
      expect(file.suggestedFilename()).toMatch(/\.xlsx$/);
      const { sheets } = await readXlsx(readFileSync(await file.path()));
      return sheets[0]?.rows.slice(1).map((row) => row.join(' ')) ?? [];
    };
    const path = `/lines/ship?orderNo=${line.orderNo}`;
    const page = await operator(path);
    await rowOf(page, idOf(line)).first().waitFor();
    const masked = await rowsOf(page, () => page.getByRole('button', { name: '엑셀' }).click());
    expect(masked).toHaveLength(1);
    expect(masked[0]).toContain(line.deliveryNo);
    expect(masked[0]).not.toContain(receiver.name);
    await page.context().close();
    const privacy = await windowOf(browser, stack.url, 'privacy', path);
    await privacy.getByRole('button', { name: '엑셀' }).click();
    await privacy.locator('[name=unmasked]').check();
    expect(await privacy.locator('[role=dialog] [type=submit]').isDisabled()).toBe(true);
    await privacy.locator('[role=dialog] [name=reason]').fill('송장 출력');
    const unmasked = await rowsOf(privacy, () => privacy.locator('[role=dialog] [type=submit]').click());
    expect(unmasked[0]).toContain(receiver.name);
    const { body } = await stack.get(`/api/bo/v1/personal-data-accesses?subject=${line.deliveryNo}`);
    expect(body.items[0]).toMatchObject({ reason: '송장 출력' });
    await privacy.context().close();
  });

  test('others change a row: the list says so and does not jump, also where the clock of the browser is wrong', async () => {
    const [line] = await placed(stack, ['instruct', 'release'], [{ productName: '시계 시험 의자' }]);
    const path = `/lines/stockout?orderNo=${line.orderNo}`;
    const page = await windowOf(browser, stack.url, 'operator', '/');
    await page.addInitScript('{ const now = Date.now; Date.now = () => now() + 3_600_000; }');
    await page.goto(stack.url + path);
    const other = await operator(path);
    await Promise.all([rowOf(page, idOf(line)).first().waitFor(), selectRow(other, idOf(line))]);
    await act(other, 'ship');
    expect(await resultOf(other)).toMatch(/1건 실패/);
    expect(await failuresOf(other)).toEqual([expect.stringContaining('WAYBILL_REQUIRED')]);
    await commandLine(stack, 'report-stockout', line, {}, { reason: '입고 지연' });
    await page.getByText('1건 변경됨').waitFor();
    expect(await rowOf(page, idOf(line)).count()).toBeGreaterThan(0);
    await page.getByText('1건 변경됨').click();
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    await Promise.all([page.context().close(), other.context().close()]);
  });
});
