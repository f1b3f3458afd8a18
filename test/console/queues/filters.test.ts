import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { addDays, koreanDay } from '../../../domain/korea.ts';
import { addressIs, addressOf, complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, idsOf, placed } from '../../support/browser/console.ts';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { placeOrder, unique } from '../../support/scenes/orders.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
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

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const chip = (page: Page, name: string) => page.locator(`.chip[data-filter="${name}"]`);

async function pasteInto(page: Page, field: string, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator(field).focus();
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+v');
}
const showsOnly = (page: Page, ids: string[]) =>
  eventually(async () => {
    const shown = await idsOf(page);
    if (shown.toSorted().join() === ids.toSorted().join()) return true;
    throw new Error(`shown: ${shown.join()}`);
  });

describe('filters in one bar', () => {
  test('quick dates go with the day: the address keeps 오늘, the API is asked for dates of Seoul', () =>
    onOneDay(async () => {
      const [line] = await placed(stack);
      const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
      await rowOf(page, idOf(line)).first().waitFor();
      for (const [days, from, to] of [
        ['7d', seoulDay(-6), seoulDay()],
        ['yesterday', seoulDay(-1), seoulDay(-1)],
        ['today', seoulDay(), seoulDay()],
      ] as const) {
        const [request] = await Promise.all([
          page.waitForRequest((each) => each.url().includes(`delivery-lines?`) && each.url().includes(`from=${from}&to=${to}`)),
          page.locator(`[data-days="${days}"]`).click(),
        ]);
        expect(new URL(request.url()).searchParams.has('days')).toBe(false);
        await page.waitForURL(new RegExp(`[?&]days=${days}`));
        expect(addressOf(page)).not.toContain('from=');
      }
      await chip(page, 'dateField').getByText('주문·접수일 오늘').waitFor();
      await page.reload();
      expect(await page.locator('[data-days="today"]').getAttribute('aria-pressed')).toBe('true');
      await page.locator('[data-days="today"]').click();
      await chip(page, 'dateField').waitFor({ state: 'detached' });
      await page.context().close();
    }));

  test('by keyboard: / and a beginning of any number; 필터 + opens the others, Enter and Esc close them', async () => {
    const [line] = await placed(stack);
    const page = await operator('/lines/instruct');
    await page.locator('.ag-row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(line.orderNo.toLowerCase().slice(0, 3));
    await page.getByText('4글자 이상 넣으세요').waitFor();
    await page.keyboard.type(line.orderNo.toLowerCase().slice(3));
    await page.keyboard.press('Enter');
    await showsOnly(page, [idOf(line)]);
    await page.getByRole('button', { name: '초기화' }).click();
    await addressIs(page, '/lines/instruct');
    await page.getByRole('button', { name: '필터 +' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.filter-fields [name=deliveryNo]').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.type(line.deliveryNo);
    await page.keyboard.press('Enter');
    await page.locator('.filter-fields').waitFor({ state: 'detached' });
    await showsOnly(page, [idOf(line)]);
    await chip(page, 'deliveryNo').getByText(line.deliveryNo).click();
    await page.locator('.filter-fields').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.filter-fields').waitFor({ state: 'detached' });
    await chip(page, 'deliveryNo').getByRole('button', { name: '배송번호 필터 빼기' }).click();
    await chip(page, 'deliveryNo').waitFor({ state: 'detached' });
    await addressIs(page, '/lines/instruct');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('many numbers pasted, however they are separated and written; which were not found, and where they are', async () => {
    const lines = await placeOrder(stack, [{}]);
    const [second] = await placed(stack);
    const [gone] = await placed(stack, ['instruct']);
    const [first] = lines;
    if (!first) throw new Error('no line');
    const unknown = unique('X');
    const page = await operator('/lines/instruct');
    await page.locator('.ag-row').first().waitFor();
    // Into the field for any number: they are order numbers, which the API knows.
    await pasteInto(
      page,
      '.filters [name=q]',
      `${first.orderNo}\r\n${second.orderNo.toLowerCase()}, ${gone.orderNo}\t${unknown}\n`,
    );
    await chip(page, 'orderNo').getByText('4개').waitFor();
    await showsOnly(page, [idOf(first), idOf(second)]);
    await chip(page, 'orderNo').getByRole('button', { name: '못 찾은 번호' }).click();
    await dialogOf(page).getByText('번호 4개 중 2개가 이 목록에 없습니다.').waitFor();
    expect(await dialogOf(page).locator('.missing li').allTextContents()).toEqual([
      `${gone.orderNo} 있지만 조건에 맞지 않음: 배송지시`,
      `${unknown} 없는 번호`,
    ]);
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // Into its own field, by blanks.
    await page.getByRole('button', { name: '초기화' }).click();
    await page.getByRole('button', { name: '필터 +' }).click();
    await pasteInto(page, '.filter-fields [name=deliveryNo]', `${first.deliveryNo} ${second.deliveryNo}`);
    await chip(page, 'deliveryNo').getByText('2개').waitFor();
    await showsOnly(page, [idOf(first), idOf(second)]);
    await page.reload();
    await showsOnly(page, [idOf(first), idOf(second)]);
    // More than the API takes: said, not swallowed.
    await page.getByRole('button', { name: '필터 +' }).click();
    await pasteInto(
      page,
      '.filter-fields [name=waybillNo]',
      Array.from({ length: 230 }, (_each, at) => 680_000_000_000 + at).join('\n'),
    );
    await page.getByText('번호는 200개까지 찾습니다. 뒤의 30개는 뺐습니다').waitFor();
    await chip(page, 'waybillNo').getByText('200개').waitFor();
    await page.getByText('조건에 맞는 내역이 없습니다').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('출하지 is chosen and shown by its name; who may not read places gives its number', async () => {
    const placeNo = await createPlace(stack, { placeName: '이천 센터' });
    const [line] = await placeOrder(stack, [{ placeNo }]);
    if (!line) throw new Error('no line');
    const page = await operator('/lines/instruct');
    await page.getByRole('button', { name: '필터 +' }).click();
    await page.locator('select[name=placeNo]').selectOption(`${placeNo}`);
    await chip(page, 'placeNo').getByText(`이천 센터 (${placeNo})`).waitFor();
    await cellOf(page, idOf(line), 'placeNo').getByText('이천 센터', { exact: true }).waitFor();
    await page.goto(`${stack.url}/deliveries?orderNo=${line.orderNo}&delivery=${line.deliveryNo}`);
    await cellOf(page, line.deliveryNo, 'placeNo').getByText('이천 센터', { exact: true }).waitFor();
    await page.locator('.panel').getByText(`이천 센터 (${placeNo})`).waitFor();
    await page.goto(`${stack.url}/orders/${line.orderNo}`);
    await page.locator(`[data-delivery="${line.deliveryNo}"]`).getByText('이천 센터').waitFor();
    await page.context().close();
    const refused = await windowOf(browser, stack.url, 'operator', '/');
    await refused.route('**/item/v1/shipping/places*', (route) => route.fulfill({ status: 403, json: {} }));
    await refused.goto(`${stack.url}/lines/instruct`);
    await refused.getByRole('button', { name: '필터 +' }).click();
    await refused.locator('input[name=placeNo]').fill('176042');
    await chip(refused, 'placeNo').getByText('176042').waitFor();
    await refused.context().close();
  });

  test('묶어 보기: lines of a delivery beside each other though they leave on other days, kept for the next time', async () => {
    const productName = unique('나란히');
    const due = (days: number) => ({ productName, dispatchDueOn: addDays(koreanDay(new Date()), days) });
    const one = await placeOrder(stack, [due(1), due(3)]);
    const other = await placeOrder(stack, [due(2), due(4)]);
    for (const line of [...one, ...other])
      if (line)
        await stack.post('/api/bo/v1/delivery-lines/instruct', { lines: [{ deliveryNo: line.deliveryNo, lineNo: line.lineNo }] });
    const path = `/lines/release?productName=${encodeURIComponent(productName)}`;
    const page = await operator(path);
    const order = () => idsOf(page).then((ids) => ids.map((id) => [...one, ...other].findIndex((line) => idOf(line) === id)));
    await eventually(async () => (await order()).join() === '0,2,1,3');
    await page.getByRole('button', { name: '묶어 보기' }).click();
    await eventually(async () => (await order()).join() === '0,1,2,3');
    await page.goto(stack.url + path);
    await eventually(async () => (await order()).join() === '0,1,2,3');
    await page.getByRole('button', { name: '묶어 보기' }).click();
    await eventually(async () => (await order()).join() === '0,2,1,3');
    await page.context().close();
  });
});
