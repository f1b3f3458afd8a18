import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { batchIn, batchOf, firstLines, makeBatch } from '../../api/packing/batching.ts';
import { addressIs, complaintsOf, openBrowser, rowOf, selectRow, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { cancel, commandLine, type PlacedLine, placeIn, releasedLines, take } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
let operator: { token: string };
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
  operator = { token: (await stack.post('/console/personas/operator/token', {}, { token: null })).body.token };
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const idOf = ({ deliveryNo, lineNo }: Pick<PlacedLine, 'deliveryNo' | 'lineNo'>) => `${deliveryNo}/${lineNo}`;
const board = (page: Page, no: number) => page.getByRole('region', { name: `작업차수 ${no}`, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const figures = (page: Page, no: number) => board(page, no).locator('.figures dd').allTextContents();
const isIn = (page: Page, no: number, state: string) =>
  board(page, no)
    .and(page.locator(`[data-state="${state}"]`))
    .waitFor();
/** Presses a button as somebody without a mouse does. */
const press = async (page: Page, name: string) => {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
};

describe('작업차수, from the list of lines to its end', () => {
  test('made, printed, moved and finished by keys alone; what falls out stands apart with why', async () => {
    const lines = await releasedLines(stack, 3);
    const [first, second, third] = lines;
    const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?orderNo=${first.orderNo}`);
    for (const line of lines) await selectRow(page, idOf(line));
    await press(page, '작업차수 만들기');
    await page.getByText(/작업차수 \d+: 3줄을 넣었습니다/).waitFor();
    const { workBatchNo: no } = (await stack.get(`/api/bo/v1/delivery-lines?orderNo=${first.orderNo}`)).body.items[0];
    await page.keyboard.press('Enter');
    await addressIs(page, `/work-batches?batch=${no}`);
    await isIn(page, no, 'created');
    expect(await figures(page, no)).toEqual(['3', '3', '0', '0']);
    expect(await violationsOn(page)).toEqual([]);

    await press(page, '피킹 시작');
    await isIn(page, no, 'picking');
    const [printed] = await Promise.all([
      page.waitForResponse(/prints\/picking-list$/),
      page.waitForEvent('popup'),
      press(page, '피킹 리스트'),
    ]);
    expect(printed.status()).toBe(200);
    const { prints } = (await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}`)).body;
    expect(prints).toMatchObject([{ kind: 'picking-list', copy: 1 }]);

    await cancel(stack, [{ orderNo: second.orderNo, lineNo: second.lineNo }]);
    const dropped = page.getByRole('region', { name: '빠진 줄' });
    await dropped.locator(`[data-line="${idOf(second)}"]`, { hasText: '주문취소' }).waitFor();
    expect(await figures(page, no)).toEqual(['3', '2', '0', '1']);

    if (!third) throw new Error('three lines');
    await page.getByRole('checkbox', { name: `${idOf(third)} 고르기` }).focus();
    await page.keyboard.press('Space');
    await press(page, '1줄 빼기');
    await page.getByRole('dialog').getByText('다른 작업차수에 넣을 수 있습니다').waitFor();
    await page.keyboard.press('Enter');
    await dropped.locator(`[data-line="${idOf(third)}"]`, { hasText: '작업차수에서 뺌' }).waitFor();

    await press(page, '검품 시작');
    await isIn(page, no, 'verifying');
    await press(page, '완료');
    await page.getByText('아직 출고하지 않은 줄').first().waitFor();
    await take(stack, first, ['ship']);
    await eventually(async () => (await figures(page, no))[2] === '1');
    await press(page, '완료');
    await isIn(page, no, 'completed');
    expect(await page.locator('.board').getByRole('button').allTextContents()).toEqual(['피킹 리스트', '패킹 리스트']);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a line that cannot be in it is named with why; with none there is no batch', async () => {
    const [taken, free] = [await placeIn(stack, 'released'), await placeIn(stack, 'released')];
    const other = await batchOf(stack, [taken.deliveryNo]);
    const query = [taken, free].map(({ deliveryNo }) => `deliveryNo=${deliveryNo}`).join('&');
    const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?${query}`);
    await rowOf(page, idOf(taken))
      .locator('[col-id="workBatchNo"]', { hasText: String(other) })
      .waitFor();
    for (const line of [taken, free]) await selectRow(page, idOf(line));
    await button(page, '작업차수 만들기').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/: 1줄을 넣었습니다/).waitFor();
    expect(await dialog.locator('.failures li').allTextContents()).toEqual([
      expect.stringMatching(new RegExp(`${idOf(taken)} .*작업차수 ${other}`)),
    ]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await button(page, '작업차수 만들기').click();
    await dialog.getByText('만들지 않았습니다').waitFor();
    expect(await dialog.locator('.failures li').count()).toBe(2);
    expect(await dialog.getByRole('button', { name: '작업차수 열기' }).count()).toBe(0);
    await page.context().close();
  });
});

describe('the screen', () => {
  test('somebody else’s batch is taken over before it can be changed', async () => {
    const [line] = (await releasedRows(stack.db, 1)) as [string];
    const no = await batchOf(stack, [line]);
    const page = await windowOf(browser, stack.url, 'operator', `/work-batches?batch=${no}`);
    await button(page, '넘겨받기').waitFor();
    expect(await button(page, '피킹 시작').count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await press(page, '넘겨받기');
    await button(page, '피킹 시작').waitFor();
    await button(page, '피킹 시작').click();
    await isIn(page, no, 'picking');
    await button(page, '만듦(으)로 되돌림').click();
    await isIn(page, no, 'created');
    await page.context().close();
  });

  test('lists them by state, owner and place, goes on with more, and keeps the filter in its address', async () => {
    const place = 900_417;
    const lines = await releasedRows(stack.db, 52, { placeNo: place });
    const numbers: number[] = [];
    for (const line of lines) numbers.push((await makeBatch(stack, [line], operator)).body.workBatchNo);
    const foreign = await batchOf(stack, await releasedRows(stack.db, 1, { placeNo: place }));
    const page = await windowOf(browser, stack.url, 'operator', `/work-batches?placeNo=${place}`);
    await page.locator(`[data-batch="${foreign}"]`).waitFor();
    expect(await page.locator('[data-batch]').count()).toBe(50);
    await button(page, '더 보기').click();
    await page.locator(`[data-batch="${numbers[0]}"]`).waitFor();
    expect(await page.locator('[data-batch]').count()).toBe(53);
    await page.locator('[name=owner]').selectOption('mine');
    await page.locator(`[data-batch="${foreign}"]`).waitFor({ state: 'detached' });
    await addressIs(page, `/work-batches?placeNo=${place}&owner=mine`);
    await stack.post(`/api/bo/v1/work-batches/${numbers[3]}/move`, { state: 'verifying' }, operator);
    await page.locator('[name=state]').selectOption('verifying');
    await eventually(async () => (await page.locator('[data-batch]').count()) === 1);
    await page.locator(`[data-batch="${numbers[3]}"]`).getByRole('link').click();
    await isIn(page, numbers[3] ?? 0, 'verifying');
    await page.reload();
    await isIn(page, numbers[3] ?? 0, 'verifying');
    await page.context().close();
  });

  test('its link shows the lines of the batch alone, with their number and the label that was printed again', async () => {
    const [inIt, other] = await releasedLines(stack, 2);
    const body = { lines: [{ deliveryNo: inIt.deliveryNo, lineNo: inIt.lineNo }] };
    const no = (await stack.post('/api/bo/v1/work-batches', body)).body.workBatchNo;
    await take(stack, inIt, ['ship']);
    const token = await stack.token(['delivery.read', 'pii.read']);
    for (let times = 0; times < 3; times++) await stack.post('/api/bo/v1/prints/labels', { workBatchNo: no }, { token });
    const page = await windowOf(browser, stack.url, 'viewer', `/work-batches?batch=${no}`);
    await page.getByRole('link', { name: '배송처리에서 보기' }).click();
    await rowOf(page, idOf(inIt)).locator('[col-id="labelPrints"]', { hasText: '재출력 2' }).waitFor();
    expect(await rowOf(page, idOf(other)).count()).toBe(0);
    await rowOf(page, idOf(inIt)).locator('[col-id="workBatchNo"] a').click();
    await board(page, no).waitFor();
    expect(await page.locator('.board').getByRole('button').allTextContents()).toEqual(['피킹 리스트', '패킹 리스트']);
    await page.context().close();
  });

  test('says of a part that was split off, and of one that went back, how it stands', async () => {
    const line = await placeIn(stack, 'released', { quantity: 5 });
    const { workBatchNo: no } = (await stack.post('/api/bo/v1/work-batches', { lines: firstLines([line.deliveryNo]) }, operator))
      .body;
    const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
    const page = await windowOf(browser, stack.url, 'operator', `/work-batches?batch=${no}`);
    await page.locator(`[data-line="${idOf(newLine)}"]`).waitFor();
    await commandLine(stack, 'merge', { ...line, ...newLine });
    await page.getByRole('region', { name: '빠진 줄' }).getByText('분할취소').waitFor();
    expect((await batchIn(stack, no)).counts).toEqual({ lines: 2, open: 1, shipped: 0, dropped: 1 });
    await page.context().close();
  });
});
