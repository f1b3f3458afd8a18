import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, windowOf } from '../../support/browser/browser.ts';
import { scanCode } from '../../support/browser/console.ts';
import { find, foundEntry, opened } from '../../support/browser/finding.ts';
import { uniqueWaybill } from '../../support/scenes/orders.ts';
import { instructWithWaybill, openClaim, pickupOf, placedLine } from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

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

describe('회수처리 finds a return box', () => {
  test('by a scan of its waybill, wherever it is: the pickup opens in the tab of its state', async () => {
    const pickupNo = await openClaim(stack, 'return', await placedLine(stack), 1);
    const waybillNo = await instructWithWaybill(stack, pickupNo);
    const page = await operator('/pickups/instruct');
    await page.locator('.ag-row, .no-rows').first().waitFor();
    // No field has the focus: the reader just types.
    await scanCode(page, waybillNo);
    await opened(page, pickupNo);
    await addressIs(page, `/pickups/confirm?pickup=${pickupNo}`);
    await page.locator(`.ag-row[row-id="${pickupNo}"][aria-current=true]`).first().waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('by its waybill with hyphens, its own number, its claim, its order', async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line, 1);
    const waybill = uniqueWaybill();
    const sent = { pickups: [{ pickupNo, carrierCode: '05', waybillNo: waybill }] };
    expect((await stack.post('/api/bo/v1/pickups/instruct', sent)).body.succeeded).toBe(1);
    const { claimNo } = await pickupOf(stack, pickupNo);
    const page = await operator('/pickups/instruct');
    for (const number of [`${waybill.slice(0, 4)}-${waybill.slice(4)}`, pickupNo, String(claimNo)]) {
      await page.getByRole('button', { name: '운송장 찾기' }).click();
      await scanCode(page, number);
      await opened(page, pickupNo);
      await addressIs(page, `/pickups/confirm?pickup=${pickupNo}`);
      await page.goto(`${stack.url}/pickups/instruct`);
    }
    await find(page, line.orderNo);
    await foundEntry(page, 'pickup').getByText(pickupNo).waitFor();
    await page.context().close();
  });
});
