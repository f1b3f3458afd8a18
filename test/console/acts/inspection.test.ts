import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { act, complaintsOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, typeInto } from '../../support/browser/console.ts';
import type { PlacedLine } from '../../support/scenes/orders.ts';
import {
  claimBody,
  commandPickup,
  openClaim,
  pickupOf,
  placeAndTake,
  postClaim,
  takePickup,
} from '../../support/scenes/pickups.ts';
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
const DELIVERED = ['instruct', 'release', 'ship', 'deliver'];
const [RESTOCK, DISPOSE] = ['inspected.restock', 'inspected.dispose'];

/** Returns of two pieces each of one order, arrived and confirmed. */
async function arrived(n: number, more: object[] = []): Promise<{ orderNo: string; pickups: [string, string, string] }> {
  const lines = await placeAndTake(
    stack,
    DELIVERED,
    Array.from({ length: n }, () => ({ quantity: 3 })),
  );
  const pickups: string[] = [];
  for (const [at, line] of lines.entries()) {
    const pickupNo = await openClaim(stack, 'return', line, 2, more[at]);
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    pickups.push(pickupNo);
  }
  return { orderNo: lines[0]?.orderNo ?? '', pickups: pickups as [string, string, string] };
}

/** One return of several items: two pieces of one line, one of another. */
async function ofTwoItems(): Promise<{ pickupNo: string; orderNo: string }> {
  const lines = (await placeAndTake(stack, DELIVERED, [
    { quantity: 2, productName: '캠핑 의자' },
    { quantity: 1, productName: '접이식 테이블' },
  ])) as [PlacedLine, PlacedLine];
  const items = [
    { lineNo: 1, quantity: 2 },
    { lineNo: 2, quantity: 1, reasonCode: 'OTHER' },
  ];
  const { body } = await postClaim(stack, claimBody('return', lines[0].orderNo, items));
  const { pickupNo } = body.pickups[0];
  await takePickup(stack, pickupNo, ['instruct', 'confirm']);
  return { pickupNo, orderNo: lines[0].orderNo };
}

/** Waits until a cell shows this. */
const shows = (page: Page, id: string, column: string, text: string) =>
  eventually(async () => {
    const shown = await cellOf(page, id, column).textContent();
    if (shown === text) return true;
    throw new Error(`${column} shows ${shown} and not ${text}`);
  });
/** What 회수완료 sends of each pickup. */
async function sentBy(page: Page): Promise<Map<string, object[]>> {
  const sent = new Map<string, object[]>();
  await page.route('**/api/bo/v1/pickups/complete', (route) => {
    const { pickups } = route.request().postDataJSON() as { pickups: { pickupNo: string; items: object[] }[] };
    for (const { pickupNo, items } of pickups) sent.set(pickupNo, items);
    return route.continue();
  });
  return sent;
}
const shownIn = (page: Page, pickupNo: string) =>
  dialogOf(page).locator('.some > li', { hasText: pickupNo }).locator('.inspected li').allTextContents();

describe('회수완료: what was inspected is what is shown and sent', () => {
  test('typed in the detail, sent by the toolbar; typed in the grid, shown in the detail; over a reload', async () => {
    const { orderNo, pickups } = await arrived(3, [{}, {}, { reasonCode: 'CHANGE_OF_MIND' }]);
    const [inPanel, inGrid, untouched] = pickups;
    const page = await operator(`/pickups/complete?orderNo=${orderNo}&pickup=${inPanel}`);
    const panel = page.locator('.panel');
    await panel.locator('[name=restock]').fill('0');
    expect(await panel.locator('[name=dispose]').inputValue()).toBe('2');
    await panel.locator('[name=fault]').selectOption('buyer');
    await shows(page, inPanel, RESTOCK, '0');
    await shows(page, inPanel, 'inspected.fault', '구매자');
    await typeInto(page, inGrid, DISPOSE, '1');
    await shows(page, inGrid, RESTOCK, '1');
    await page.reload();
    await shows(page, inPanel, DISPOSE, '2');
    await rowOf(page, inGrid).getByRole('button', { name: inGrid }).click();
    await eventually(async () => (await panel.locator('[name=dispose]').inputValue()) === '1');
    for (const each of pickups) await selectRow(page, each);
    await page.locator('.actions [data-command="complete"]').click();
    expect(await shownIn(page, inPanel)).toEqual(['재입고 0 · 폐기 2 · 귀책 구매자']);
    expect(await shownIn(page, inGrid)).toEqual(['재입고 1 · 폐기 1 · 귀책 판매자']);
    expect(await shownIn(page, untouched)).toEqual(['재입고 2 · 폐기 0 · 귀책 구매자']);
    const sent = await sentBy(page);
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/회수완료 3건 완료/);
    expect(sent).toEqual(
      new Map([
        [inPanel, [{ lineNo: 1, restock: 0, dispose: 2, fault: 'buyer' }]],
        [inGrid, [{ lineNo: 2, restock: 1, dispose: 1, fault: 'seller' }]],
        [untouched, [{ lineNo: 3, restock: 2, dispose: 0, fault: 'buyer' }]],
      ]),
    );
    expect(await pickupOf(stack, inPanel)).toMatchObject({ items: [{ restock: 0, dispose: 2, fault: 'buyer' }] });
    expect(await pickupOf(stack, inGrid)).toMatchObject({ items: [{ restock: 1, dispose: 1, fault: 'seller' }] });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('several items: the grid shows their sum and opens them; each item is shown and sent', async () => {
    const { pickupNo, orderNo } = await ofTwoItems();
    const page = await operator(`/pickups/complete?orderNo=${orderNo}`);
    await shows(page, pickupNo, RESTOCK, '3');
    await cellOf(page, pickupNo, RESTOCK).click();
    await page.keyboard.press('Enter');
    const panel = page.locator('.panel');
    await panel.locator('[data-line="2"] [name=restock]').fill('0');
    await shows(page, pickupNo, RESTOCK, '2');
    await shows(page, pickupNo, DISPOSE, '1');
    await selectRow(page, pickupNo);
    await page.locator('.actions [data-command="complete"]').click();
    expect(await shownIn(page, pickupNo)).toEqual([
      '1. 캠핑 의자 재입고 2 · 폐기 0 · 귀책 판매자',
      '2. 접이식 테이블 재입고 0 · 폐기 1 · 귀책 미정',
    ]);
    const sent = await sentBy(page);
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/1건 완료/);
    expect(sent.get(pickupNo)).toEqual([
      { lineNo: 1, restock: 2, dispose: 0, fault: 'seller' },
      { lineNo: 2, restock: 0, dispose: 1 },
    ]);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      items: [
        { restock: 2, dispose: 0, fault: 'seller' },
        { restock: 0, dispose: 1, fault: null },
      ],
    });
    await page.context().close();
  });

  test('quantities that do not add up block their row alone', async () => {
    const { orderNo, pickups } = await arrived(2);
    const [wrong, right] = pickups;
    const page = await operator(`/pickups/complete?orderNo=${orderNo}`);
    const sent = await sentBy(page);
    await rowOf(page, wrong).first().waitFor();
    await typeInto(page, wrong, RESTOCK, '3');
    await shows(page, wrong, RESTOCK, '⚠ 3');
    for (const each of [wrong, right]) await selectRow(page, each);
    await page.locator('.actions [data-command="complete"]').click();
    await dialogOf(page).getByText('검수 수량이 맞지 않거나 그 사이 바뀐 1건은 보내지 않습니다.').waitFor();
    await page.keyboard.press('Enter');
    expect(await resultOf(page)).toMatch(/1건 완료/);
    await eventually(async () => [...sent.keys()].join() === right);
    expect(await pickupOf(stack, wrong)).toMatchObject({ state: 'confirmed' });
    await page.context().close();
  });

  test("one's own 보류 and 보류해제 keep what was typed; what somebody else has changed must be looked at again", async () => {
    const { orderNo, pickups } = await arrived(1);
    const [pickupNo] = pickups;
    const page = await operator(`/pickups/complete?orderNo=${orderNo}`);
    await rowOf(page, pickupNo).first().waitFor();
    await typeInto(page, pickupNo, RESTOCK, '1');
    await shows(page, pickupNo, DISPOSE, '1');
    await selectRow(page, pickupNo);
    await act(page, 'hold', '검수 중');
    await cellOf(page, pickupNo, 'held').getByText('검수 중').waitFor();
    await selectRow(page, pickupNo);
    await act(page, 'resume');
    expect(await resultOf(page)).toMatch(/^보류해제 1건 완료/);
    await shows(page, pickupNo, DISPOSE, '1');
    // Somebody else stops it and lets it go on.
    for (const name of ['hold', 'resume']) await commandPickup(stack, name, pickupNo, {}, { reason: '확인' });
    await page.reload();
    await shows(page, pickupNo, DISPOSE, '⚠ 1');
    await selectRow(page, pickupNo);
    await page.locator('.actions [data-command="complete"]').click();
    expect(await dialogOf(page).locator('[type=submit]').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await rowOf(page, pickupNo).getByRole('button', { name: pickupNo }).click();
    await page.locator('.panel').getByRole('button', { name: '이 수량이 맞습니다' }).click();
    await act(page, 'complete');
    expect(await resultOf(page)).toMatch(/1건 완료/);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'completed', items: [{ restock: 1, dispose: 1 }] });
    await page.context().close();
  });
});
