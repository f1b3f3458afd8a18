import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { openBrowser, rowOf, selectRow, windowOf } from '../support/browser/browser.ts';
import { listedLine, placeOrder } from '../support/scenes/orders.ts';
import { startSecondApi } from '../support/second-api.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe('offline and 401/403/500 have honest states', () => {
  test('offline: the page says so, a command waits, and goes out when the connection is back', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    const id = `${line.deliveryNo}/1`;
    const page = await windowOf(browser, stack.url, 'operator', `/lines/instruct?orderNo=${line.orderNo}`);
    await selectRow(page, id);
    await page.context().setOffline(true);
    await page.getByText('오프라인입니다').waitFor();
    await page.locator('.actions [data-command="instruct"]').click();
    await page.locator('.result[data-status=pending]').waitFor();
    expect(await rowOf(page, id).count()).toBeGreaterThan(0);
    await page.context().setOffline(false);
    await page.locator('.result[data-status=done]').waitFor();
    await page.getByText('오프라인입니다').waitFor({ state: 'detached' });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    await page.context().close();
  });

  test('the API is down: what was read stays, the page says so, and goes on by itself when the API is back', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    const second = await startSecondApi(stack.deps);
    const page = await windowOf(browser, second.url, 'operator', `/lines/instruct?orderNo=${line.orderNo}`);
    await rowOf(page, `${line.deliveryNo}/1`).first().waitFor();
    await second.stop();
    await page.locator('[role=tab]').nth(1).click();
    await page.getByText('서버가 응답하지 않습니다').waitFor();
    await page.locator('[role=tab]').nth(0).click();
    await rowOf(page, `${line.deliveryNo}/1`).first().waitFor();
    await page.locator('[role=tab]').nth(1).click();
    await second.start();
    await page.getByText('서버가 응답하지 않습니다').waitFor({ state: 'detached' });
    await page.locator('.no-rows').waitFor();
    await page.context().close();
    await second.stop();
  });

  test('the API is down when the page opens: it goes on by itself', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/');
    await page.route('**/console/settings', (route) => route.abort());
    await page.reload();
    await page.getByText('서버에 연결할 수 없습니다').waitFor();
    await page.unroute('**/console/settings');
    await page.locator('.tile').first().waitFor();
    await page.context().close();
  });

  test('403 names the permission that is missing, on a screen and in a panel', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'member', '/deliveries');
    await page.getByText('필요한 권한: 배송 조회 (delivery.read)').waitFor();
    await page.goto(`${stack.url}/assembly?delivery=${line?.deliveryNo}`);
    await page.locator('.panel').getByText('고객사 토큰으로는 /v2만 쓸 수 있습니다').waitFor();
    await page.context().close();
    const logistics = await windowOf(browser, stack.url, 'logistics', '/assembly?pickup=P261128000001');
    await logistics.locator('.panel').getByText('필요한 권한: 회수 조회 (pickup.read)').waitFor();
    await logistics.context().close();
  });

  test('500 gives the number of the request, by which the log has it, and can be tried again', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/');
    await page.locator('.tile').first().waitFor();
    await stack.db.query(sql`alter table personal_data_accesses rename to hidden_accesses`);
    const answered = page.waitForResponse((response) => response.url().includes('/personal-data-accesses'));
    await page.getByRole('link', { name: '개인정보 접속기록' }).click();
    const id = (await answered).headers()['x-request-id'] ?? 'none';
    await page.locator('.trouble').getByText(id).waitFor();
    expect(await page.locator('.trouble').textContent()).toContain('처리 중 오류가 발생했습니다');
    await stack.db.query(sql`alter table hidden_accesses rename to personal_data_accesses`);
    await page.getByRole('button', { name: '다시 시도' }).click();
    await page.locator('.grid .ag-root').waitFor();
    await page.context().close();
  });

  test('a command refused as a whole says why', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'operator', `/lines/instruct?orderNo=${line?.orderNo}`);
    await selectRow(page, `${line?.deliveryNo}/1`);
    const weak = await stack.token(['delivery.read']);
    await page.route('**/delivery-lines/instruct', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${weak}` } }),
    );
    await page.locator('.actions [data-command="instruct"]').click();
    await page.locator('.result[data-status=failed]').getByText('필요한 권한: 배송 처리 (delivery.write)').waitFor();
    await page.context().close();
  });

  test('a screen that breaks says so and leaves the others usable', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/lines');
    await page.locator('.grid .ag-root').waitFor();
    await page.route('**/api/bo/v1/summary*', (route) => route.fulfill({ json: { unexpected: true } }));
    await page.getByRole('link', { name: '홈' }).click();
    await page.getByText('화면에 문제가 생겼습니다').waitFor();
    await page.getByRole('link', { name: '배송조회' }).click();
    await page.locator('.grid .ag-root').waitFor();
    await page.context().close();
  });

  test('an unknown address and unknown numbers are said', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/linesandmore');
    await page.getByText('없는 화면입니다').waitFor();
    await page.locator('.trouble').getByRole('link', { name: '홈' }).click();
    await page.locator('.tile').first().waitFor();
    await page.goto(`${stack.url}/deliveries?delivery=D999`);
    await page.locator('.panel').getByText('배송을 찾을 수 없습니다').waitFor();
    await page.goto(`${stack.url}/pickups?pickup=P999`);
    await page.locator('.panel').getByText('회수를 찾을 수 없습니다').waitFor();
    await page.context().close();
  });
});
