import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, resultOf, rowOf, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idsOf } from '../../support/browser/console.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { LOADED, loadReleasedLines } from '../pictures/measure-rows.ts';

const ROWS = 1_301;
const NUMBER = '1,301';
let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }, { hasWorker: false }), openBrowser()]);
  await loadReleasedLines(stack.databaseUrl, ROWS);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const listed = `productName=${encodeURIComponent(LOADED)}`;
interface Line {
  deliveryNo: string;
  lineNo: number;
  revision: number;
}

/** A list of 1,301 rows of which the first 200 are read, all of them selected by the box above them. */
async function allOnScreen(path = `/lines/stockout?${listed}`): Promise<Page> {
  const page = await windowOf(browser, stack.url, 'operator', path);
  await page.locator('.ag-row').first().waitFor();
  await page.getByText('200건 표시').waitFor();
  await page.locator('.ag-header-select-all input').check();
  await selected(page, '200건 선택');
  return page;
}
const selected = (page: Page, text: string) =>
  eventually(async () => (await page.locator('.actions b').first().textContent()) === text);
const whole = (page: Page) => page.getByRole('button', { name: `조건에 맞는 전체 ${NUMBER}건 선택` });

/** Answers a command as the API does when every row goes well, and keeps what was sent. */
async function taken(page: Page, command: string, state: string): Promise<Line[][]> {
  const parts: Line[][] = [];
  await page.route(`**/delivery-lines/${command}`, async (route) => {
    const { lines } = route.request().postDataJSON() as { lines: Line[] };
    parts.push(lines);
    const results = lines.map(({ deliveryNo, lineNo, revision }) => ({
      deliveryNo,
      lineNo,
      ok: true,
      state,
      revision: revision + 1,
    }));
    await route.fulfill({ json: { succeeded: lines.length, failed: 0, results } });
  });
  return parts;
}

describe('selecting all means all that the filter means', () => {
  test('select all, all of the filter, command: every row is sent once, in parts, with the count of one moment', async () => {
    const page = await allOnScreen();
    const parts = await taken(page, 'report-stockout', 'awaitingShipment');
    await page.getByText('이 화면 200건 선택됨').waitFor();
    await whole(page).click();
    await selected(page, `${NUMBER}건 선택`);
    const bar = await page.locator('.whole').textContent();
    expect(bar).toMatch(/^조건에 맞는 전체, \d\d:\d\d 기준$/);
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('.actions [data-command="report-stockout"]').click();
    await dialogOf(page).getByText(`다음 ${NUMBER}건을 결품등록 처리합니다.`).waitFor();
    await dialogOf(page)
      .getByText(new RegExp(`${NUMBER}건, \\d\\d:\\d\\d 기준. 그 뒤에 바뀐 것은`))
      .waitFor();
    await dialogOf(page).locator('[name=reason]').fill('입고 지연');
    await dialogOf(page).locator('[type=submit]').click();
    expect(await resultOf(page)).toMatch(new RegExp(`${NUMBER}건 완료`));
    expect(parts.map(({ length }) => length)).toEqual([500, 500, 301]);
    expect(new Set(parts.flat().map(({ deliveryNo }) => deliveryNo)).size).toBe(ROWS);
    await page.locator('.whole').waitFor({ state: 'detached' });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a row that changes afterwards is sent as it was read, so that it is refused; the box takes all back', async () => {
    const page = await allOnScreen();
    const parts = await taken(page, 'report-stockout', 'awaitingShipment');
    const [first = ''] = await idsOf(page);
    const deliveryNo = first.split('/')[0] ?? '';
    await whole(page).click();
    await selected(page, `${NUMBER}건 선택`);
    await stack.db.query(
      sql`update delivery_lines set revision = revision + 1, updated_at = now() + interval '5 s' where delivery_no = ${deliveryNo}`,
    );
    await page.getByText('1건 변경됨').click();
    await page.getByText('1건 변경됨').waitFor({ state: 'detached' });
    await rowOf(page, first).first().waitFor();
    await selected(page, `${NUMBER}건 선택`);
    await page.locator('.actions [data-command="report-stockout"]').click();
    await dialogOf(page).locator('[name=reason]').fill('입고 지연');
    await dialogOf(page).locator('[type=submit]').click();
    await resultOf(page);
    expect(parts.flat().find((line) => line.deliveryNo === deliveryNo)?.revision).toBe(3);
    await page.context().close();

    const other = await allOnScreen();
    await whole(other).click();
    await selected(other, `${NUMBER}건 선택`);
    await other.locator('.ag-header-select-all input').uncheck();
    await other.locator('.whole').waitFor({ state: 'detached' });
    expect(await other.locator('.actions [data-command]').count()).toBe(0);
    await other.context().close();
  });

  test('another filter, another sort and a reload drop it, and say so', async () => {
    const page = await allOnScreen();
    const dropped = page.getByText(new RegExp(`^${NUMBER}건 전체 선택\\(\\d\\d:\\d\\d 기준\\)을 풀었습니다$`));
    const none = async () => expect(await page.locator('.actions [data-command]').count()).toBe(0);
    await whole(page).click();
    await selected(page, `${NUMBER}건 선택`);
    await page.locator('[data-days="7d"]').click();
    await dropped.waitFor();
    await none();
    await page.locator('[data-days="7d"]').click();
    await page.locator('[data-days="7d"][aria-pressed=false]').waitFor();
    await page.getByText('200건 표시').waitFor();
    await page.locator('.ag-header-select-all input').check();
    await dropped.waitFor({ state: 'detached' });
    await whole(page).click();
    await selected(page, `${NUMBER}건 선택`);
    await page.getByRole('button', { name: '묶어 보기' }).click();
    await dropped.waitFor();
    await page.getByText('200건 표시').waitFor();
    await page.locator('.ag-header-select-all input').check();
    await whole(page).click();
    await selected(page, `${NUMBER}건 선택`);
    await page.reload();
    await dropped.waitFor();
    await page.getByText('200건 표시').waitFor();
    await none();
    await page.context().close();
  });

  test('what cannot be read whole is not selected, and the reading can be stopped', async () => {
    const page = await allOnScreen();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route(/delivery-lines\?.*limit=500.*cursor=/, async (route) => {
      await held;
      await route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"INTERNAL","detail":"고장"}' });
    });
    await whole(page).click();
    await page.locator('.actions progress[value="500"]').waitFor();
    await page.locator('.actions').getByRole('button', { name: '그만 읽기' }).click();
    await whole(page).click();
    goOn();
    await page.getByText(/전체를 읽지 못해 선택하지 않았습니다/).waitFor();
    await selected(page, '200건 선택');
    await page.context().close();
  });

  test('배송지시 of all that wait takes three clicks', async () => {
    await stack.db.query(
      sql`update delivery_lines set state = 'ordered', revision = 1, instructed_at = null, released_at = null where delivery_no like 'DM%'`,
    );
    const page = await windowOf(browser, stack.url, 'operator', `/lines/instruct?${listed}`);
    await page.getByText('200건 표시').waitFor();
    const parts = await taken(page, 'instruct', 'instructed');
    await page.locator('.ag-header-select-all input').click();
    await whole(page).click();
    await page.locator(`.actions [data-command="instruct"]:has-text("${NUMBER}")`).click();
    expect(await resultOf(page)).toMatch(new RegExp(`${NUMBER}건`));
    expect(parts.map(({ length }) => length)).toEqual([500, 500, 301]);
    await page.context().close();
  });
});
