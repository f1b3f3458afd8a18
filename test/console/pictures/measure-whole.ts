import type { Page } from 'playwright-core';
import type { Http } from '../../support/http.ts';
import { placeOrder } from '../../support/scenes/orders.ts';

/** Lines of one order, and orders that are placed at once. */
const IN_ORDER = 100;
const AT_ONCE = 4;

/** Places so many lines as the shop does, each of them a workflow of its own, in 주문완료. */
export async function placeWaiting(http: Http, count: number): Promise<void> {
  let orders = Math.ceil(count / IN_ORDER);
  const place = async () => {
    while (orders-- > 0)
      await placeOrder(
        http,
        Array.from({ length: IN_ORDER }, () => ({})),
      );
  };
  await Promise.all(Array.from({ length: AT_ONCE }, place));
}

export interface Whole {
  clicks: number;
  /** From the first click to the last of the rows being done. */
  ms: number;
}

/** 배송지시 of all that wait: every click of a person is one here, and nothing else is done. */
export async function timeWhole(page: Page, count: number): Promise<Whole> {
  let clicks = 0;
  const click = async (what: string) => {
    await page.locator(what).click();
    clicks += 1;
  };
  const told = count.toLocaleString('ko');
  const began = performance.now();
  await click('.ag-header-select-all input');
  await click('.select-whole');
  await click(`.actions [data-command="instruct"]:has-text("${told}")`);
  // However long it takes: that is what is measured.
  await page.locator('.result[data-status="done"]', { hasText: `배송지시 ${told}건 완료` }).waitFor({ timeout: 0 });
  return { clicks, ms: performance.now() - began };
}
