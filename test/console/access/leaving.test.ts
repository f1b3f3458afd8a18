import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Dialog, Page } from 'playwright-core';
import { complaintsOf, openBrowser, refuseToken, selectRow, storedIn, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf, placed, stateOf, typeInto } from '../../support/browser/console.ts';
import { uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const LOSES = '로그아웃하면 이 창에 있던 다음 내용이 지워집니다.';
const signsOut = (page: Page) => page.getByRole('button', { name: '로그아웃' }).click();
const isOut = (page: Page) => page.locator('[data-persona="operator"]').waitFor();

/** An operator who has typed a waybill and not sent it. */
async function typing() {
  const [line] = await placed(stack, ['instruct', 'release']);
  const waybill = uniqueWaybill();
  const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?orderNo=${line.orderNo}`);
  await typeInto(page, idOf(line), 'typedWaybill', waybill);
  await page.getByText('입력 1건 지우기').waitFor();
  return { line, page, waybill };
}

/** What the browser asks when the tab is closed. The answer is to stay. */
async function askedAtClosing(page: Page): Promise<string> {
  const asked = new Promise<Dialog>((resolve) => page.once('dialog', resolve));
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  await question.dismiss();
  return question.type();
}

describe('nothing that was typed is dropped without a word', () => {
  test('the browser asks before the tab is closed, and the waybill is still there', async () => {
    const { page, waybill } = await typing();
    expect(await askedAtClosing(page)).toBe('beforeunload');
    await page.getByText('입력 1건 지우기').waitFor();
    expect(await storedIn(page)).toContain(waybill);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a reload keeps everything; where nothing was typed the browser asks nothing', async () => {
    const { page, waybill } = await typing();
    const asked: string[] = [];
    page.on('dialog', (question) => {
      asked.push(question.type());
      void question.accept();
    });
    await page.reload();
    await page.getByText('입력 1건 지우기').waitFor();
    expect(await storedIn(page)).toContain(waybill);
    await page.getByText('입력 1건 지우기').click();
    await page.getByText('입력 1건 지우기').waitFor({ state: 'detached' });
    asked.length = 0;
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    expect(asked).toEqual([]);
    await page.context().close();
  });

  test('signing out says what is lost, and can be taken back', async () => {
    const { page, waybill } = await typing();
    await signsOut(page);
    await dialogOf(page).getByText(LOSES).waitFor();
    await dialogOf(page).getByText('보내지 않은 택배사·운송장 1건').waitFor();
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    expect(await storedIn(page)).toContain(waybill);
    await signsOut(page);
    await dialogOf(page).getByRole('button', { name: '지우고 로그아웃' }).click();
    await isOut(page);
    expect(await storedIn(page)).not.toContain(waybill);
    await page.context().close();
  });

  test('a command without its answer is named too', async () => {
    const [line] = await placed(stack);
    const page = await windowOf(browser, stack.url, 'operator', `/lines/instruct?orderNo=${line.orderNo}`);
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/delivery-lines/instruct', async (route) => {
      await held;
      await route.continue();
    });
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="instruct"]').click();
    await page.locator('.result[data-status="sending"]').waitFor();
    await signsOut(page);
    await dialogOf(page).getByText('끝나지 않은 처리 1건').waitFor();
    await page.keyboard.press('Escape');
    answer();
    await page.locator('.result[data-status="done"]').waitFor();
    expect(await stateOf(stack, line)).toBe('instructed');
    await signsOut(page);
    await isOut(page);
    await page.context().close();
  });

  test('when the session has ended, the sign-in says what another person would delete', async () => {
    const { page, waybill } = await typing();
    await refuseToken(page);
    // Whatever asks next: this tab, or the counts of due days, whose dialog may be there before a click.
    await page.locator('[role=tab]').nth(1).dispatchEvent('click');
    await page.getByText('로그아웃하거나 다른 사용자로 로그인하면 이 창에 있던 다음 내용이 지워집니다.').waitFor();
    await page.unroute('**/api/bo/v1/**');
    await page.locator('[data-persona="operator"]').click();
    await page.locator('.sign-in').waitFor({ state: 'detached' });
    expect(await storedIn(page)).toContain(waybill);
    await page.context().close();
  });
});
