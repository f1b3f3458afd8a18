import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, openBrowser, violationsOn, windowOf } from '../support/browser/browser.ts';
import { placeOrder, uniqueWaybill } from '../support/scenes/orders.ts';
import { placedLine } from '../support/scenes/pickups.ts';
import { HEADER, releaseSurely, start, upload } from '../support/scenes/sheets.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const csv = (rows: string[], header = HEADER.join(',')) => Buffer.from([header, ...rows].join('\n'));
const sheet = (rows: string[], name = 'waybills.csv') => ({ name, mimeType: 'text/csv', buffer: csv(rows) });
const choose = (page: Page, file: { name: string; mimeType: string; buffer: Buffer }) =>
  page.locator('[name=file]').setInputFiles(file);
const figure = (page: Page, name: string) => page.locator(`.job [data-figure="${name}"] dd`);
/** Lets go of a file over the page, as a mouse does; `content` is made there. */
const drop = (page: Page, content: string, name: string) =>
  page.evaluate(`{
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([${content}], ${JSON.stringify(name)}, { type: 'text/csv' }));
    document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }`);
async function releasedOrder(lines: number) {
  const placed = await placeOrder(
    stack,
    Array.from({ length: lines }, () => ({})),
  );
  const deliveryNo = placed[0]?.deliveryNo ?? '';
  await releaseSurely(stack, [{ deliveryNo }]);
  return { deliveryNo, rows: placed.map(({ lineNo }) => `${deliveryNo},${lineNo},04,${uniqueWaybill()}`) };
}

describe('출고완료 일괄', () => {
  test('drop a sheet of 200 rows, see errors by row, fix and drop again, start; a progress bar that survives a reload', async () => {
    const { deliveryNo, rows } = await releasedOrder(200);
    const page = await windowOf(browser, stack.url, 'operator', '/bulk');
    await page.getByText('아직 올린 파일이 없습니다').waitFor();
    await choose(page, sheet([...rows.slice(1), `${deliveryNo},1,04,12`, 'D1,1,04,681234567890'], 'wrong.csv'));
    const errors = page.getByRole('table', { name: '오류' });
    await errors.getByRole('row', { name: /^201 .*WAYBILL_INVALID/ }).waitFor();
    await page.reload();
    await errors.getByRole('row', { name: /^201 .*WAYBILL_INVALID/ }).waitFor();
    await errors.getByRole('row', { name: /^202 D1 .*NOT_FOUND/ }).waitFor();
    expect([await figure(page, 'validCount').textContent(), await figure(page, 'invalidCount').textContent()]).toEqual([
      '199',
      '2',
    ]);
    const [toFix] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '고칠 2행만 받기' }).click(),
    ]);
    expect(toFix.suggestedFilename()).toBe('고칠 행 wrong.xlsx');
    await drop(page, JSON.stringify(csv(rows).toString()), 'fixed.csv');
    await page.locator('.job[aria-label="fixed.csv"]').waitFor();
    expect(await figure(page, 'validCount').textContent()).toBe('200');
    expect(await violationsOn(page)).toEqual([]);

    const streams: string[] = [];
    let lost = true;
    await page.route('**/events', (route) => {
      streams.push(route.request().headers().authorization ?? '');
      const abort = lost;
      lost = false;
      return abort ? route.abort() : route.continue();
    });
    await page.getByRole('button', { name: '200행 출고완료 시작' }).click();
    await page.locator('.job progress').waitFor();
    await page.reload();
    await page.locator('.job[data-state=completed]').waitFor();
    await page.getByText('200 / 200행 · 성공 200 · 실패 0').waitFor();
    expect(streams.length).toBeGreaterThan(0);
    expect(streams.every((header) => header.startsWith('Bearer '))).toBe(true);
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?deliveryNo=${deliveryNo}&state=shipped&count=true&limit=1`);
    expect(body.total).toBe(200);
    const [result] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '결과 시트' }).click()]);
    expect(result.suggestedFilename()).toBe('결과 시트 fixed.xlsx');
    const jobs = page.getByRole('table', { name: '이전 작업' });
    await jobs.getByRole('row', { name: /fixed\.csv 완료/ }).waitFor();
    await jobs.getByRole('button', { name: 'wrong.csv' }).click();
    await page.locator('.job[aria-label="wrong.csv"][data-state=validated]').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('two sheets with our header: the person chooses one; hidden rows are said', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/bulk');
    const cases = (name: string) => join(import.meta.dirname, '..', 'sheets', 'cases', name);
    await page.locator('input[type=file]').setInputFiles(cases('08-two-sheets-with-headers.xlsx'));
    await page.getByRole('button', { name: '“한진” 시트 읽기' }).click();
    await page
      .getByRole('table', { name: '오류' })
      .getByRole('row', { name: /D261128000002/ })
      .waitFor();
    await page.locator('input[type=file]').setInputFiles(cases('10-rows-hidden-by-a-filter.xlsx'));
    await page.getByText('시트에서 숨겨진(필터된) 1행도 함께 처리됩니다').waitFor();
    await page.context().close();
  });

  test('progress comes by server-sent events: while they come nothing else is asked; a broken line is taken up again', async () => {
    const { rows } = await releasedOrder(3);
    const page = await windowOf(browser, stack.url, 'operator', '/bulk');
    await choose(page, sheet(rows, 'told.csv'));
    const job = page.locator('.job[aria-label="told.csv"]');
    await job.waitFor();
    await page.waitForURL(/[?&]job=/);
    const id = new URL(page.url()).searchParams.get('job');
    const shown = { ...(await stack.get(`/api/bo/v1/bulk-shipments/${id}`)).body, state: 'running', stateName: '처리 중' };
    const told = (more: object) => `event: progress\ndata: ${JSON.stringify({ ...shown, ...more })}\n\n`;
    let streams = 0;
    await page.route('**/events', (route) => {
      streams++;
      if (streams === 1) return route.abort();
      const body = `: still here\n\n${told({ processed: 1, succeeded: 1, secondsLeft: 80, ratePerSecond: 1.5 })}`;
      if (streams === 2) return route.fulfill({ contentType: 'text/event-stream', body });
      return route.continue();
    });
    // As it stands in the middle of its work: the API's own answers wait until the events have been seen.
    const seen = Promise.withResolvers<void>();
    await page.route(`**/bulk-shipments/${id}`, async (route) => {
      if (streams < 2) return route.fulfill({ json: shown });
      await seen.promise;
      return route.continue();
    });
    await page.getByRole('button', { name: '3행 출고완료 시작' }).click();
    await job.getByText('남은 시간 약 1분 20초 · 초당 1.5행').waitFor();
    seen.resolve();
    await page.locator('.job[data-state=completed]').waitFor();
    expect(streams).toBeGreaterThanOrEqual(2);
    await page.context().close();
  });

  test('wrong files show the API’s sentence, and the choice is our own button, reached by keyboard', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/bulk');
    const input = page.locator('[name=file]');
    await input.focus();
    expect((await input.boundingBox())?.width).toBeLessThan(2);
    await page.getByText('파일 선택').waitFor();
    const wrong: [string, Buffer | null, RegExp][] = [
      ['a.pdf', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj'), /SHEET_/],
      ['empty.xlsx', Buffer.alloc(0), /SHEET_|BAD_REQUEST/],
      ['headerless.csv', csv([], 'D261123000001,1,04,681234567890'), /SHEET_/],
      // Made in the page: as it is dropped, no browser has to be handed 21 MB.
      ['huge.csv', null, /BODY_TOO_LARGE/],
    ];
    for (const [name, buffer, code] of wrong) {
      if (buffer) await choose(page, { name, mimeType: 'application/octet-stream', buffer });
      else await drop(page, 'new Uint8Array(21 * 1024 * 1024)', name);
      await page.getByText(name, { exact: true }).waitFor();
      const said = page.locator('.note.bad');
      await said.filter({ hasText: code }).waitFor();
      expect([name, (await said.textContent())?.match(/[가-힣]{2,}/) !== null]).toEqual([name, true]);
    }
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.locator('.job').count()).toBe(0);
    await page.context().close();
  });

  test('cancel asks; who may only look sees the jobs and nothing to press', async () => {
    const line = await placedLine(stack, ['instruct', 'release']);
    const page = await windowOf(browser, stack.url, 'operator', '/bulk');
    await choose(page, sheet([`${line.deliveryNo},1,04,${uniqueWaybill()}`], 'dropped.csv'));
    await page.getByRole('button', { name: '이 파일 삭제' }).click();
    await page.locator('[role=dialog]').getByText('아직 아무것도 출고되지 않았습니다').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('[role=dialog] [type=submit]').click();
    await page.locator('.job[data-state=canceled]').waitFor();
    const bytes = new Uint8Array(csv([`${line.deliveryNo},1,04,${uniqueWaybill()}`]));
    const { body: job } = await upload(stack, bytes, { name: 'looked-at.csv' });
    const viewer = await windowOf(browser, stack.url, 'viewer', `/bulk?job=${job.id}`);
    await viewer.locator('.job[data-state=validated]').waitFor();
    expect(await viewer.locator('.drop').count()).toBe(0);
    expect(await viewer.getByRole('button', { name: /시작|버리기/ }).count()).toBe(0);
    await start(stack, job.id);
    await viewer.reload();
    await viewer.locator('.job[data-state=completed]').waitFor();
    await Promise.all([page.context().close(), viewer.context().close()]);
  });
});
