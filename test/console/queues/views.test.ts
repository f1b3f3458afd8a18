import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  addressIs,
  complaintsOf,
  openBrowser,
  openWindow,
  rowOf,
  signInAs,
  violationsOn,
} from '../../support/browser/browser.ts';
import { dialogOf, idOf, placed, save } from '../../support/browser/console.ts';
import { unique } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

interface View {
  id: string;
  screen: string;
  name: string;
  query: string;
}
const OPERATOR = { sub: 'lee' };
async function kept(): Promise<{ views: View[]; revision: number }> {
  const { body } = await stack.get('/console/views', { token: await stack.token(['delivery.read'], OPERATOR) });
  return body;
}
async function keep(views: View[]): Promise<void> {
  const { revision } = await kept();
  const token = await stack.token(['delivery.read'], OPERATOR);
  const { status } = await stack.put('/console/views', { views, revision }, { token });
  expect(status).toBe(200);
}
const view = (name: string, query = '', screen = '/lines/instruct'): View => ({ id: unique('v'), screen, name, query });

async function operator(path: string): Promise<Page> {
  const page = await openWindow(browser, stack.url, path);
  await signInAs(page, 'operator');
  await page.locator('.views').waitFor();
  return page;
}
const shown = (page: Page, texts: string[]) =>
  eventually(async () => {
    const now = (await page.locator('.view').allTextContents()).map((text) => text.trim());
    if (now.join() === texts.join()) return true;
    throw new Error(`shown: ${now.join()}`);
  });
const saveAs = async (page: Page, name: string) => {
  await page.getByRole('button', { name: '보기 저장' }).click();
  await dialogOf(page).locator('[name=viewName]').fill(name);
  await save(page);
};

describe('saved views', () => {
  test('a view keeps tab, filters and the day, not the open detail; its chip counts and leads back', async () => {
    await keep([]);
    const productName = unique('보기');
    const [line] = await placed(stack, [], [{ productName }, { productName }]);
    const query = `productName=${encodeURIComponent(productName)}&days=7d`;
    const page = await operator(`/lines/instruct?delivery=${line.deliveryNo}&${query}&sort=-orderedAt`);
    await rowOf(page, idOf(line)).first().waitFor();
    await saveAs(page, '지난 7일');
    await shown(page, ['지난 7일 2']);
    const { views } = await kept();
    expect(views.map(({ screen, name, query: saved }) => [screen, name, decodeURIComponent(saved)])).toEqual([
      ['/lines/instruct', '지난 7일', `productName=${productName}&days=7d&sort=-orderedAt`],
    ]);
    expect(await page.locator('.view').getAttribute('aria-current')).toBe('page');
    expect(await violationsOn(page)).toEqual([]);
    // What is done here is counted anew.
    await rowOf(page, idOf(line)).locator('.ag-selection-checkbox input').check();
    await page.locator('.actions [data-command="instruct"]').click();
    await shown(page, ['지난 7일 1']);
    await page.goto(`${stack.url}/lines/release`);
    await shown(page, ['지난 7일 1']);
    expect(await page.locator('.view').getAttribute('aria-current')).toBeNull();
    await page.locator('.view').click();
    await page.waitForURL('**/lines/instruct?**');
    await addressIs(page, `/lines/instruct?productName=${productName}&days=7d&sort=-orderedAt`);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('names, order and deletion; nothing before 저장', async () => {
    await keep([view('하나'), view('둘'), view('셋'), view('다른 화면', '', '/deliveries')]);
    const page = await operator('/lines/instruct');
    const count = await page.locator('.view b').first().textContent();
    const texts = (...names: string[]) => names.map((name) => `${name} ${count}`);
    await shown(page, texts('하나', '둘', '셋'));
    await page.getByRole('button', { name: '보기 정리' }).click();
    await dialogOf(page).getByRole('button', { name: '셋 위로' }).click();
    await dialogOf(page).getByRole('button', { name: '셋 위로' }).click();
    await dialogOf(page).locator('input').nth(1).fill('첫째');
    await dialogOf(page).getByRole('button', { name: '둘 삭제' }).click();
    expect(await violationsOn(page)).toEqual([]);
    await shown(page, texts('하나', '둘', '셋'));
    await save(page);
    await shown(page, texts('셋', '첫째'));
    expect((await kept()).views.map(({ name }) => name)).toEqual(['셋', '첫째', '다른 화면']);
    await page.context().close();
  });

  test('two windows save at once: nothing is lost, and each sees the other’s when it is looked at', async () => {
    await keep([]);
    const page = await operator('/lines/instruct');
    const other = await operator('/lines/instruct');
    let refused = 0;
    page.on('response', (response) => {
      if (response.status() === 409) refused += 1;
    });
    await page.route('**/console/views', async (route) => {
      if (route.request().method() === 'PUT') {
        await saveAs(other, '저쪽');
        await shown(other, [`저쪽 ${await other.locator('.view b').textContent()}`]);
        await page.unroute('**/console/views');
      }
      await route.fallback();
    });
    await saveAs(page, '이쪽');
    await page.locator('.view', { hasText: '이쪽' }).waitFor();
    await page.locator('.view', { hasText: '저쪽' }).waitFor();
    expect(refused).toBe(1);
    expect((await kept()).views.map(({ name }) => name)).toEqual(['저쪽', '이쪽']);
    await other.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    await other.locator('.view', { hasText: '이쪽' }).waitFor();
    await Promise.all([page.context().close(), other.context().close()]);
  });

  test('people never go into a view', async () => {
    await keep([]);
    const page = await operator('/deliveries?receiverName=홍길동&phone=4321&kind=order');
    await page.locator('.person-search [name=receiverName]').fill('홍길동');
    await page.keyboard.press('Enter');
    await page.getByText('사람으로 찾은 결과입니다.').waitFor();
    await saveAs(page, '주문만');
    await page.locator('.view', { hasText: '주문만' }).waitFor();
    expect((await kept()).views.map(({ query }) => query)).toEqual(['kind=order']);
    await page.context().close();
  });

  test('many views are counted a few at a time', async () => {
    await keep(Array.from({ length: 7 }, (_each, at) => view(`보기 ${at}`, `placeNo=${at + 1}`)));
    const page = await openWindow(browser, stack.url, '/lines/instruct');
    let [running, most, done] = [0, 0, 0];
    // The chips of due days are counted too: only the views name a place.
    await page.route(/delivery-lines\?(?=.*placeNo=).*limit=1&count=true/, async (route) => {
      running += 1;
      most = Math.max(most, running);
      const answer = await route.fetch();
      running -= 1;
      done += 1;
      await route.fulfill({ response: answer });
    });
    await signInAs(page, 'operator');
    await shown(
      page,
      Array.from({ length: 7 }, (_each, at) => `보기 ${at} 0`),
    );
    expect(done).toBe(7);
    expect(most).toBeLessThanOrEqual(2);
    await page.context().close();
  });
});
