import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  act,
  complaintsOf,
  openBrowser,
  openWindow,
  resultOf,
  selectRow,
  signInAs,
  violationsOn,
  windowOf,
} from '../support/browser.ts';
import { placeOrder, receiver } from '../support/orders.ts';
import { openClaim, pickupIn, pickupOf, placedLine } from '../support/pickups.ts';
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

describe('배송상세 and 회수상세', () => {
  test('마스킹 해제 asks a reason, which goes into the access log; without it everything stays masked', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    const page = await windowOf(browser, stack.url, 'privacy', `/deliveries?delivery=${line.deliveryNo}`);
    const panel = page.locator('.panel');
    await panel.getByText('홍*동').waitFor();
    expect(await panel.getByText(receiver.name).count()).toBe(0);
    await panel.getByRole('button', { name: '마스킹 해제' }).click();
    await page.locator('[role=dialog] [name=reason]').fill('고객 문의 확인');
    await page.locator('[role=dialog] [type=submit]').click();
    await panel.getByText(receiver.name).waitFor();
    const log = await stack.db.query('select reason from personal_data_accesses where subject = $1', [line.deliveryNo]);
    expect(log).toEqual([{ reason: '고객 문의 확인' }]);
    await page.context().close();
  });

  test('who may not see personal data is not offered it', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'operator', `/deliveries?delivery=${line?.deliveryNo}`);
    await page.locator('.panel').getByText('홍*동').waitFor();
    expect(await page.getByRole('button', { name: '마스킹 해제' }).count()).toBe(0);
    await page.context().close();
  });

  test('회수확인 상태의 교환을 교환중반품 처리하고, 회수완료 with what was found in it', async () => {
    const line = await placedLine(stack, undefined, { quantity: 3 });
    const pickupNo = await openClaim(stack, 'exchange', line, 2);
    const page = await windowOf(browser, stack.url, 'operator', `/pickups/instruct?pickupNo=${pickupNo}`);
    for (const [tab, command] of [
      [0, 'instruct'],
      [1, 'confirm'],
      [2, 'convert-to-return'],
    ] as const) {
      await page.locator('[role=tab]').nth(tab).click();
      await selectRow(page, pickupNo);
      await act(page, command, command === 'convert-to-return' ? '고객이 반품으로 바꿈' : undefined);
      expect(await resultOf(page)).toMatch(/1건 완료/);
    }
    await page.getByRole('button', { name: pickupNo }).click();
    const panel = page.locator('.panel');
    await panel.locator('[name=restock]').fill('1');
    await panel.locator('[data-command="complete"]').click();
    await page.locator('[role=dialog] [type=submit]').click();
    await panel.getByText('재입고 1 · 폐기 1').waitFor();
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      kind: 'return',
      convertedFromExchange: true,
      state: 'completed',
      items: [{ restock: 1, dispose: 1 }],
    });
    await page.context().close();
  });
});

describe('the session', () => {
  test('who only reads sees no commands, and hidden screens stay closed', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'viewer', `/lines/instruct?orderNo=${line?.orderNo}`);
    await selectRow(page, `${line?.deliveryNo}/1`);
    expect(await page.locator('.actions button').count()).toBe(0);
    await page.context().close();
    const member = await windowOf(browser, stack.url, 'member', '/deliveries');
    await member.getByText('이 화면을 볼 권한이 없습니다').waitFor();
    await member.context().close();
  });

  test('a token that has ended leads to the sign-in and back to the same screen with its filters', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/lines/release?productName=의자');
    await page.locator('.grid .ag-root').waitFor();
    await page.route('**/api/bo/v1/**', (route) =>
      route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"UNAUTHENTICATED"}' }),
    );
    await page.locator('[role=tab]').nth(3).click();
    await page.getByText('로그인이 만료되었습니다').waitFor();
    await page.unroute('**/api/bo/v1/**');
    await signInAs(page, 'operator');
    expect(new URL(page.url()).pathname).toBe('/lines/deliver');
    expect(await page.locator('[name=productName]').inputValue()).toBe('의자');
    await page.context().close();
  });

  test('the token is in no storage and no address; the page may not be framed, and runs no inline script', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/');
    const stored = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(stored).not.toMatch(/eyJ/);
    const response = await page.goto(`${stack.url}/lines`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    await page.context().close();
  });

  test('persona tokens exist only under npm start, for a request to this machine', async () => {
    const ask = (headers: Record<string, string>) => stack.post('/console/personas/admin/token', {}, { token: null, headers });
    expect((await ask({})).status).toBe(200);
    expect((await ask({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(404);
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(404);
    const production = await startStack();
    const settings = await production.get('/console/settings', { token: null });
    expect(settings.body).toMatchObject({ signIn: 'none', personas: [] });
    expect((await production.post('/console/personas/admin/token', {}, { token: null })).status).toBe(404);
    await production.stop();
  });
});

describe('axe-core finds no serious violation', () => {
  const paths = ['/', '/lines/ship', '/lines/clear', '/deliveries', '/pickups/complete'];
  test('on the screens, the panels and the sign-in', async () => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'confirmed', line);
    const page = await openWindow(browser, stack.url);
    await page.locator('[data-persona="admin"]').waitFor();
    const found: Record<string, string[]> = { 'sign-in': await violationsOn(page) };
    await signInAs(page, 'admin');
    for (const path of [...paths, `/deliveries?delivery=${line.deliveryNo}`, `/pickups?pickup=${pickupNo}`]) {
      await page.goto(stack.url + path);
      await page.locator('.grid .ag-row, .tile, .ag-overlay').first().waitFor();
      if (path.includes('?')) await page.locator('.panel .timeline').first().waitFor();
      found[path] = await violationsOn(page);
    }
    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
