import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import {
  act,
  complaintsOf,
  openBrowser,
  resultOf,
  rowOf,
  selectRow,
  violationsOn,
  windowOf,
} from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, pasteAt, placed, stateOf } from '../../support/browser/console.ts';
import { commandLine, type PlacedLine, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { scroll } from '../pictures/measure-page.ts';
import { LOADED, loadReleasedLines } from '../pictures/measure-rows.ts';

const MANY = 5_000;
let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([
    startStack({ LOCAL_STACK: '1', COMMAND_TIMEOUT_MS: '1500' }),
    openBrowser({ hasFonts: true }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const heightOf = (page: Page, what: string) =>
  page
    .locator(what)
    .boundingBox()
    .then((box) => box?.height ?? 0);

describe('what commands have led to', () => {
  /** Commands these lines one by one, each after somebody else has done so: each is refused. */
  async function failEach(page: Page, lines: PlacedLine[]): Promise<void> {
    for (const line of lines) {
      await commandLine(stack, 'instruct', line);
      await selectRow(page, idOf(line));
      await act(page, 'instruct');
      await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    }
  }

  test('many failures are one stack of bounded height; they stay, over a reload too, until they have been seen', async () => {
    const lines = await placed(
      stack,
      [],
      Array.from({ length: 8 }, () => ({})),
    );
    const page = await operator(`/lines/instruct?orderNo=${lines[0].orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const list = await heightOf(page, '.grid');
    await failEach(page, lines.slice(0, 7));
    await page.getByText('이전 결과 4건').waitFor();
    expect(await page.locator('.result').count()).toBe(3);
    // The list keeps its height, and what stands over it is a small part of it.
    expect(await heightOf(page, '.grid')).toBe(list);
    expect(await heightOf(page, '.results')).toBeLessThan(list / 4);
    expect(await page.locator('.results').getAttribute('aria-live')).toBe('polite');
    await page.reload();
    await page.getByText('이전 결과 4건').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: /이전 결과 4건/ }).click();
    await eventually(async () => (await dialogOf(page).locator('.failures li').count()) === 7);
    await page.keyboard.press('Enter');
    await dialogOf(page).waitFor({ state: 'detached' });
    await page.locator('.result').first().waitFor({ state: 'detached' });
    // What went well takes its place at the newest, and no more.
    await selectRow(page, idOf(lines[7] as PlacedLine));
    await act(page, 'instruct');
    expect(await resultOf(page)).toMatch(/^배송지시 1건 완료/);
    expect(await page.locator('.result').count()).toBe(1);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('what went well leaves by itself, unless somebody is at it, and is still in 처리 결과 with its undo', async () => {
    const [line] = await placed(stack);
    const page = await operator('/');
    await page.clock.install();
    await page.goto(`${stack.url}/lines/instruct?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await act(page, 'instruct');
    await resultOf(page);
    await page.getByRole('button', { name: '되돌리기' }).hover();
    await page.clock.runFor(60_000);
    expect(await page.locator('.result').count()).toBe(1);
    await page.mouse.move(10, 10);
    await page.clock.runFor(60_000);
    await page.locator('.result').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^처리 결과/ }).click();
    await dialogOf(page).getByRole('button', { name: '되돌리기' }).click();
    await eventually(async () => (await stateOf(stack, line)) === 'ordered');
    await page.context().close();
  });

  test('a row whose answer is pending does not hold up the other parts, and each row is told once', async () => {
    const page = await operator('/');
    await loadReleasedLines(stack.databaseUrl, MANY);
    await stack.db.query(sql`update delivery_lines set state = 'instructed', revision = 2, released_at = null
      where delivery_no like 'DM%'`);
    await page.goto(`${stack.url}/lines/release?productName=${encodeURIComponent(LOADED)}`);
    await page.locator('.ag-row').first().waitFor();
    await scroll(page, MANY - 60, 60);
    await page.getByText('5,000건 표시').waitFor();
    const keys: string[] = [];
    let isPending = true;
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/delivery-lines/release', async (route) => {
      const { lines } = route.request().postDataJSON() as { lines: { deliveryNo: string; lineNo: number }[] };
      keys.push((route.request().headers()['idempotency-key'] ?? '').slice(-1));
      if (new Set(keys).size === 4) await late;
      const isFirst = keys.at(-1) === '0' && isPending;
      const results = lines.map((line, at) =>
        isFirst && at === 0
          ? { ...line, ok: false, error: { code: 'COMMAND_PENDING', title: '결과를 아직 모릅니다' } }
          : { ...line, ok: true, state: 'released', revision: 3 },
      );
      await route.fulfill({ json: { succeeded: lines.length, failed: 0, results } });
    });
    await page.locator('.ag-header-select-all input').check();
    // From here on it is one click.
    await page.locator('.actions [data-command="release"]', { hasText: '5,000' }).click();
    await page.locator('.result progress[value="1499"]').waitFor();
    expect(await dialogOf(page).count()).toBe(0);
    await page.getByText('3,501건 표시').waitFor();
    answer();
    await page.locator('.result[data-status=pending]').getByText('1건의 결과를 아직 모릅니다').waitFor();
    await page.locator('.result progress[value="4999"]').waitFor();
    isPending = false;
    expect(await resultOf(page)).toMatch(/^출고지시 5,000건 완료/);
    expect(keys.slice(0, 10)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(new Set(keys.slice(10))).toEqual(new Set(['0']));
    await page.getByText('0건 표시').waitFor();
    await page.context().close();
  });

  test("toasts are written in the console's own font", async () => {
    const [line] = await placed(stack, ['instruct', 'release']);
    const page = await operator(`/lines/ship?orderNo=${line.orderNo}`);
    await rowOf(page, idOf(line)).first().waitFor();
    await pasteAt(page, idOf(line), 'typedWaybill', [[uniqueWaybill()]]);
    await page.locator('[data-sonner-toast]').waitFor();
    const fonts = await page.evaluate<string[]>(
      `['[data-sonner-toast] [data-title]', 'body'].map((each) => getComputedStyle(document.querySelector(each)).fontFamily)`,
    );
    expect(fonts[0]).toBe(fonts[1]);
    expect(fonts[0]).toContain('Pretendard');
    await cellOf(page, idOf(line), 'productName').waitFor();
    await page.context().close();
  });
});
