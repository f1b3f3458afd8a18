import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, openWindow, selectRow, signInAs, windowOf } from '../../support/browser/browser.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
import { type Stack, startStack, withoutPii } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }, { hasWorker: false }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe('screens hide what the permissions do not allow, and the API refuses it anyway', () => {
  const menus = {
    operator: [
      '홈',
      '배송처리',
      '배송조회',
      '회수처리',
      '출고완료 일괄',
      '작업차수',
      '검품',
      '결품 현황',
      '추적 예외',
      '알림톡',
      '배치',
      '출하지·묶음배송비',
      '영업일',
      '발송 성과',
      '가공품·가공계획',
      '이벤트·웹훅',
    ],
    viewer: [
      '홈',
      '배송처리',
      '배송조회',
      '회수처리',
      '출고완료 일괄',
      '작업차수',
      '결품 현황',
      '추적 예외',
      '알림톡',
      '배치',
      '출하지·묶음배송비',
      '영업일',
      '발송 성과',
      '가공품·가공계획',
      '이벤트·웹훅',
    ],
    logistics: [
      '홈',
      '배송처리',
      '배송조회',
      '출고완료 일괄',
      '작업차수',
      '결품 현황',
      '추적 예외',
      '출하지·묶음배송비',
      '영업일',
      '발송 성과',
      '가공품·가공계획',
    ],
    member: ['홈', '가공품·가공계획'],
  } as const;

  test('each persona has its own menu', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/');
    for (const persona of ['operator', 'viewer', 'logistics', 'member'] as const) {
      if (persona !== 'operator') {
        await page.getByRole('button', { name: '로그아웃' }).click();
        await signInAs(page, persona);
      }
      expect([persona, await page.locator('.menu .menu-name').allTextContents()]).toEqual([persona, menus[persona]]);
    }
    await page.context().close();
  });

  test('a 고객사 has the screens of its own products alone, whatever else its token allows', async () => {
    const page = await openWindow(browser, stack.url, '/');
    const token = await stack.token(withoutPii, { member_id: 70 });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await page.route('**/console/personas/member/token', (route) => route.fulfill({ json: { token, expiresAt } }));
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    await signInAs(page, 'member');
    expect(await page.locator('.menu .menu-name').allTextContents()).toEqual(menus.member);
    await page.getByRole('link', { name: '가공품·가공계획' }).click();
    await page.getByRole('button', { name: '새 계획' }).waitFor();
    expect(refused).toEqual([]);
    await page.context().close();
  });

  test('who only reads is offered no command on any screen', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(
      browser,
      stack.url,
      'viewer',
      `/lines/instruct?orderNo=${line?.orderNo}&delivery=${line?.deliveryNo}`,
    );
    await selectRow(page, `${line?.deliveryNo}/1`);
    await page.locator('.panel .timeline').first().waitFor();
    expect(await page.locator('[data-command]').count()).toBe(0);
    expect(await page.getByRole('button', { name: '마스킹 해제' }).count()).toBe(0);
    for (const [path, button] of [
      ['/batches', '지금 실행'],
      ['/places', '새 정책'],
      ['/assembly', '새 계획'],
      ['/events', '새 웹훅'],
    ] as const) {
      await page.goto(stack.url + path);
      await page.locator('.page, .ag-root').first().waitFor();
      expect([path, await page.getByRole('button', { name: button }).count()]).toEqual([path, 0]);
    }
    await page.goto(`${stack.url}/bulk`);
    await page.locator('.page').waitFor();
    expect(await page.locator('[name=file]').count()).toBe(0);
    await page.context().close();
  });

  test('the API refuses each of them what its screens hide', async () => {
    const tokenOf = async (persona: string) =>
      (await stack.post(`/console/personas/${persona}/token`, {}, { token: null })).body.token as string;
    const body = { lines: [{ deliveryNo: 'D1', lineNo: 1 }] };
    const calls: [string, string, object | null][] = [
      ['viewer', '/api/bo/v1/delivery-lines/instruct', body],
      ['viewer', '/api/bo/v1/pickups/instruct', { pickups: [{ pickupNo: 'P1' }] }],
      ['viewer', '/api/bo/v1/batches/auto-complete/run', {}],
      ['operator', '/api/bo/v1/batches/auto-complete/run', {}],
      ['operator', '/api/bo/v1/personal-data-accesses', null],
      ['operator', '/api/bo/v1/webhooks', { url: 'https://shop.example/hooks', types: ['*'] }],
      ['logistics', '/api/bo/v1/webhooks', null],
      ['logistics', '/api/bo/v1/delivery-lines/instruct', body],
      ['logistics', '/api/bo/v1/pickups', null],
      ['member', '/api/bo/v1/delivery-lines', null],
      ['member', '/item/v1/shipping/places', null],
    ];
    for (const [persona, path, sent] of calls) {
      const token = await tokenOf(persona);
      const { status } = sent === null ? await stack.get(path, { token }) : await stack.post(path, sent, { token });
      expect([persona, path, status]).toEqual([persona, path, 403]);
    }
  });
});
