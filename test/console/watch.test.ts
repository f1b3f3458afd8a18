import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../support/browser/browser.ts';
import { cronAtNoTime, daysAgo } from '../support/clock.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { shipped, startTrackedStack, type TrackedStack } from '../support/scenes/batches.ts';
import { commandLine, listedLine, placeIn, unique, uniqueWaybill } from '../support/scenes/orders.ts';
import { callback, exceptionsOf, mistypedWaybill, outcomesOf } from '../support/scenes/tracking.ts';
import { CALLBACK_SECRET, eventually } from '../support/stack.ts';

let stack: TrackedStack;
let browser: Browser;
beforeAll(async () => {
  const environment = {
    LOCAL_STACK: '1',
    DELIVERY_API_TIMEOUT_MS: String(PATIENCE_MS),
    TRACKING_CALLBACK_SECRET: CALLBACK_SECRET,
  };
  [stack, browser] = await Promise.all([startTrackedStack(environment), openBrowser()]);
  const crons = { WAYBILL_REGISTRATION_CRON: '*/10 * * * *', AUTO_COMPLETE_CRON: '0 * * * *' };
  await ensureSchedules(stack.temporal, stack.taskQueue, batchConfig(crons));
  // What another run takes while the clock strikes is not what a test counts.
  for (const id of ['waybill-registration', 'auto-complete']) await stack.post(`/api/bo/v1/batches/${id}/pause`, undefined);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const mismatch = () => mistypedWaybill(stack);

describe('배치', () => {
  test('resume, run now: it shows as running, then finished with its counts and errors; pause asks first', async () => {
    const [, bad] = [await shipped(stack), await shipped(stack)];
    stack.simulator.control.behave({ on: 'register', kind: 'code', code: '02', waybill: { num: bad.waybillNo } });
    const page = await windowOf(browser, stack.url, 'admin', '/batches/waybill-registration');
    const dialog = page.locator('[role=dialog]');
    await page.getByText('아직 실행된 적이 없습니다').waitFor();
    await page.getByText('10분마다').waitFor();
    await page.getByText('일정에 따라 실행되지 않습니다').waitFor();
    // Resumed, it must not strike beside the run that is counted here.
    await ensureSchedules(stack.temporal, stack.taskQueue, batchConfig({ WAYBILL_REGISTRATION_CRON: cronAtNoTime().cron }));
    await page.locator('[data-act=resume]').click();
    await dialog.locator('[type=submit]').click();
    await page.locator('[data-act=pause]').waitFor();
    await page.locator('[data-act=run]').click();
    await dialog.getByText('지금 한 번 실행합니다').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    // The tracker answers when the page has shown the run.
    stack.trackerGate.shut();
    await dialog.locator('[type=submit]').click();
    await page.locator('tr[data-running=true]').getByText('실행 중').waitFor();
    stack.trackerGate.open();
    const run = page.locator('tr[data-running=false]');
    await run.waitFor();
    expect(await run.locator('td.right').allTextContents()).toEqual(['2', '1', '1', '0']);
    await run.getByRole('link', { name: bad.waybillNo }).click();
    await page.getByText('등록 거절').last().waitFor();
    await page.goBack();
    await page.locator('[data-act=pause]').click();
    await dialog.getByText('다시 켤 때까지').waitFor();
    await dialog.locator('[type=submit]').click();
    await page.locator('.batch-head').getByText('일시정지', { exact: false }).first().waitFor();
    await page.locator('[data-act=resume]').waitFor();
    await page.goto(`${stack.url}/batches/auto-complete`);
    await page.getByText('매시 정각').waitFor();
    await page.getByRole('tab', { name: '개인정보 파기' }).click();
    await page.getByText('매일 03:30').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const operator = await windowOf(browser, stack.url, 'operator', '/batches/auto-complete');
    await operator.getByText('매시 정각').waitFor();
    expect(await operator.locator('[data-act]').count()).toBe(0);
    expect(complaintsOf(page)).toEqual([]);
    await Promise.all([page.context().close(), operator.context().close()]);
  });
});

describe('추적 예외', () => {
  test('replay says what happened: the same again, and resolved once the waybill is corrected; the number opens its panel', async () => {
    const { line, waybillNo, id } = await mismatch();
    const page = await windowOf(browser, stack.url, 'operator', `/exceptions?state=open&deliveryNo=${line.deliveryNo}`);
    const dialog = page.locator('[role=dialog]');
    const replay = async () => {
      await rowOf(page, id).locator('[data-act=replay]').click();
      await dialog.locator('[type=submit]').click();
      return (await dialog.locator('[data-outcome=true]').textContent()) ?? '';
    };
    expect(await replay()).toMatch(/같은 문제입니다 \(2번째\)/);
    await dialog.getByRole('button', { name: '닫기' }).click();
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo }, { reason: '오타' });
    expect(await replay()).toMatch(/해결되었습니다/);
    expect(await violationsOn(page)).toEqual([]);
    await dialog.getByRole('button', { name: '닫기' }).click();
    await rowOf(page, id).first().waitFor({ state: 'detached' });
    await eventually(async () => (await listedLine(stack, line))?.state === 'delivered');
    await page.goto(`${stack.url}/exceptions?deliveryNo=${line.deliveryNo}`);
    await rowOf(page, id).getByRole('button', { name: line.deliveryNo }).click();
    await page.locator('.panel .timeline').first().waitFor();
    expect(page.url()).toContain(`delivery=${line.deliveryNo}`);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('filter by state and kind, resolve with a reason, and by keyboard: Enter on the row', async () => {
    const fid = unique('X');
    await callback(stack, fid, uniqueWaybill(), 6);
    await outcomesOf(stack, fid);
    const { id, line } = await mismatch();
    const page = await windowOf(browser, stack.url, 'operator', '/');
    await page.clock.install();
    await page.goto(`${stack.url}/exceptions`);
    await rowOf(page, id).first().waitFor();
    await page.locator('[name=kind]').selectOption('unknown-number');
    await rowOf(page, id).first().waitFor({ state: 'detached' });
    await page.locator('.ag-row').first().waitFor();
    await page.locator('[name=kind]').selectOption('waybill-mismatch');
    // The row of both filters, and not the one that still stands there by the first.
    const both = page.waitForResponse(
      (response) => /kind=waybill-mismatch/.test(response.url()) && /state=open/.test(response.url()),
    );
    await page.locator('[name=state]').selectOption('open');
    await both;
    await rowOf(page, id).locator('[col-id="kind"]').click();
    await page.keyboard.press('Enter');
    const dialog = page.locator('[role=dialog]');
    await dialog.getByRole('button', { name: '해결' }).click();
    await dialog.locator('[name=reason]').fill('기사와 통화함');
    await page.keyboard.press('Enter');
    await rowOf(page, id).first().waitFor({ state: 'detached' });
    const [resolved] = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}&state=resolved`);
    expect(resolved).toMatchObject({ resolution: '기사와 통화함', resolvedBy: 'lee' });
    await page.locator('[name=state]').selectOption('resolved');
    await rowOf(page, id).getByText('기사와 통화함').waitFor();
    // Another is found elsewhere: the list says so, and does not jump.
    await page.locator('[name=state]').selectOption('open');
    await rowOf(page, id).first().waitFor({ state: 'detached' });
    const other = await mismatch();
    await page.clock.runFor(11_000);
    await page.locator('.news').waitFor();
    expect(await rowOf(page, other.id).count()).toBe(0);
    await page.locator('.news').click();
    await rowOf(page, other.id).first().waitFor();
    const viewer = await windowOf(browser, stack.url, 'viewer', '/exceptions?waybillNo=0000000000');
    await viewer.getByText('사람이 볼 추적 예외가 없습니다').waitFor();
    await Promise.all([page.context().close(), viewer.context().close()]);
  });
});

describe('홈', () => {
  test('work waiting per state, what needs eyes, and the batches; each number opens its list', async () => {
    const old = await placeIn(stack, 'ordered', {}, { orderedAt: daysAgo(30) });
    await placeIn(stack, 'awaitingShipment');
    await mismatch();
    const page = await windowOf(browser, stack.url, 'admin', '/');
    const waiting = page.getByRole('region', { name: '처리할 배송' });
    await waiting.getByRole('link').first().waitFor();
    expect(await waiting.getByRole('link', { name: '배송완료' }).count()).toBe(0);
    await waiting
      .locator('.age.late')
      .getByText(/일 전부터/)
      .waitFor();
    await page.getByText(/기준 · 15초마다/).waitFor();
    await page.getByRole('region', { name: '결품 상품' }).getByText('캠핑 의자').first().waitFor();
    await page.getByRole('region', { name: '배치의 마지막 실행' }).getByRole('link', { name: '운송장 추적 등록' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await waiting.getByRole('link', { name: /^주문완료/ }).click();
    await page.waitForURL('**/lines/instruct');
    await rowOf(page, `${old.deliveryNo}/${old.lineNo}`).first().waitFor();
    await page.goBack();
    await page
      .getByRole('region', { name: '먼저 볼 것' })
      .getByRole('link', { name: /추적 예외/ })
      .click();
    await page.waitForURL('**/exceptions?state=open');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('it refreshes by itself: a number that changes is shown without a touch', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/');
    const tile = page.getByRole('link', { name: /^주문완료/ }).locator('b');
    await tile.waitFor();
    const before = Number(await tile.textContent());
    await page.clock.install();
    await placeIn(stack, 'ordered');
    await page.reload();
    await eventually(async () => Number(await tile.textContent()) === before + 1);
    await placeIn(stack, 'ordered');
    await page.clock.runFor(16_000);
    await eventually(async () => Number(await tile.textContent()) === before + 2);
    await page.context().close();
  });
});
