import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, windowOf } from '../support/browser/browser.ts';
import { panelHasKeyboard } from '../support/browser/finding.ts';
import { orderBody, placeOrder, receiver, take } from '../support/scenes/orders.ts';
import { openClaim, placedLine } from '../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

const TEMPORAL_UI = 'http://127.0.0.1:8233';
let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1', TEMPORAL_UI_URL: TEMPORAL_UI }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe('the detail as a panel that has a URL', () => {
  test('Enter opens it from the row, Esc leaves what is typed and then the panel, and the keyboard is back on the row', async () => {
    const [line] = await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'operator', `/lines/instruct?orderNo=${line?.orderNo}`);
    const cell = page.locator(`.ag-row[row-id="${line?.deliveryNo}/1"] [col-id=productName]`);
    await cell.click();
    await page.keyboard.press('Enter');
    await page.locator('.panel .timeline').first().waitFor();
    await page.waitForURL((url) => url.searchParams.get('delivery') === line?.deliveryNo);
    await panelHasKeyboard(page);
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    await eventually(async () => (await page.evaluate('document.activeElement.getAttribute("col-id")')) === 'productName');
    await page.goBack();
    await page.locator('.panel').waitFor();
    await page.context().close();
  });

  test('people are masked, with the fee and why, the items, who did what and when, and the way to the workflow', async () => {
    const line = await placedLine(stack, ['instruct', 'release', 'ship']);
    await openClaim(stack, 'return', line);
    const page = await windowOf(browser, stack.url, 'operator', `/deliveries?delivery=${line.deliveryNo}`);
    const panel = page.locator('.panel');
    await panel.getByText('홍*동').waitFor();
    const text = (await panel.textContent()) ?? '';
    for (const hidden of [receiver.name, receiver.phone, receiver.address2, receiver.memo, '김주문', '010-2345-6789'])
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
    expect(text).toContain('010-****-5678');
    expect(text).toContain('정책 없음');
    expect(await panel.getByRole('button', { name: '마스킹 해제' }).count()).toBe(0);
    const history = await panel.locator('ol[aria-label="처리 이력"] li').allTextContents();
    expect(history.at(-1)).toMatch(/주문접수 주문완료 kim/);
    expect(history.some((entry) => /출고완료 출고지시 → 출고완료 kim/.test(entry))).toBe(true);
    expect(history[0]).toMatch(/반품·교환 접수/);
    expect(history.join()).not.toMatch(/[a-z]+-[a-z]+/);
    const href = await panel.locator('a[target=_blank]').getAttribute('href');
    expect(href).toBe(`${TEMPORAL_UI}/namespaces/default/workflows/delivery-${line.deliveryNo}-${line.lineNo}`);
    await page.context().close();
  });

  test('tracking levels have their names', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    const { waybillNo } = await take(stack, line, ['instruct', 'release', 'ship']);
    const page = await windowOf(browser, stack.url, 'operator', '/deliveries');
    await page.route(`**/api/bo/v1/deliveries/${line.deliveryNo}*`, async (route) => {
      const response = await route.fetch();
      const scan = (level: number) => ({
        waybillNo,
        level,
        levelName: '',
        at: '2026-11-23T05:05:00.000Z',
        where: '서울',
        details: null,
      });
      await route.fulfill({ response, json: { ...(await response.json()), tracking: [5, 2].map(scan) } });
    });
    await page.goto(`${stack.url}/deliveries?delivery=${line.deliveryNo}`);
    const scans = page.locator('.panel ol[aria-label="배송추적"] b');
    await scans.first().waitFor();
    expect(await scans.allTextContents()).toEqual(['배송출발', '집화완료']);
    await page.context().close();
  });

  test('마스킹 해제: a reason is asked and logged, the log shows it, and nothing unmasked is left when the panel is closed', async () => {
    const people = { receiver: { ...receiver, phone: '01084327566' } };
    const [line] = await placeOrder(stack, [{}], people);
    const page = await windowOf(browser, stack.url, 'privacy', `/deliveries?delivery=${line?.deliveryNo}`);
    const panel = page.locator('.panel');
    await panel.getByText('010****7566').waitFor();
    await panel.getByRole('button', { name: '마스킹 해제' }).click();
    const dialog = page.locator('[role=dialog]');
    await dialog.getByText('열람 기록(사용자, 시각, 사유)이 남습니다').waitFor();
    expect(await dialog.locator('[type=submit]').isDisabled()).toBe(true);
    await dialog.locator('[name=reason]').fill('배송지 확인 전화');
    await dialog.locator('[type=submit]').click();
    await panel.getByText('01084327566').waitFor();
    await panel.getByText(receiver.memo).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    const kept = await page.evaluate<string>(
      'JSON.stringify([document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }])',
    );
    expect(kept).not.toMatch(/01084327566|배송지 확인/);
    let asked = 0;
    page.on('request', (request) => request.url().includes(`/deliveries/${line?.deliveryNo}`) && asked++);
    await page.goBack();
    await panel.getByText('010****7566').waitFor();
    expect(await panel.getByText('01084327566').count()).toBe(0);
    expect(asked).toBe(1);
    await page.goto(`${stack.url}/accesses?subject=${line?.deliveryNo}`);
    await page.getByText('1건 표시').waitFor();
    await page
      .locator('.ag-row')
      .getByText(line?.deliveryNo ?? '')
      .first()
      .waitFor();
    await page.locator('.ag-row').getByText('배송지 확인 전화').first().waitFor();
    await page.context().close();
  });
});

test('no HTML from data: a name with a tag in it is shown as it is written', async () => {
  const tag = '<img src=x onerror="globalThis.isHit=true">';
  const body = orderBody([{ productName: tag }], { receiver: { ...receiver, name: tag, memo: tag, address2: tag } });
  const { status, body: placed } = await stack.post('/api/order/v1/orders', body);
  expect(status).toBe(201);
  const { deliveryNo } = placed.deliveries[0];
  const page = await windowOf(browser, stack.url, 'privacy', `/lines/instruct?deliveryNo=${deliveryNo}&delivery=${deliveryNo}`);
  await page.locator('.ag-row').getByText(tag).first().waitFor();
  const panel = page.locator('.panel');
  await panel.locator('.card').getByText(tag).waitFor();
  await panel.getByRole('button', { name: '마스킹 해제' }).click();
  await page.locator('[role=dialog] [name=reason]').fill(tag);
  await page.locator('[role=dialog] [type=submit]').click();
  await panel.locator('[aria-label="받는 분"]').getByText(tag).first().waitFor();
  await page.goto(`${stack.url}/accesses?subject=${deliveryNo}`);
  await page.locator('.ag-row').getByText(tag).first().waitFor();
  expect(await page.evaluate('globalThis.isHit')).toBe(undefined);
  expect(await page.locator('img[src=x]').count()).toBe(0);
  await page.context().close();
});
