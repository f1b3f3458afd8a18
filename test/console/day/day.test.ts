import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, openWindow } from '../../support/browser/browser.ts';
import { placed } from '../../support/browser/console.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { correct, deliver, takeBack } from './afternoon.ts';
import { answerCustomer, keepView, openView } from './looking.ts';
import { holdersOf, kept, Meant } from './meant.ts';
import { type Day, instructAll, signInAndLook } from './ordering.ts';
import { linesOf, ordersOf } from './orders.ts';
import { missingAndFound, shipByPaste, shipByScan, shipBySheet, shipOthers } from './shipping.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser({ hasFonts: true })]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe('the story of a day', () => {
  test('one operator works it in one window; in the evening every parcel has the waybill that was meant for it, and nothing else has one', async () => {
    const orders = await ordersOf(stack);
    const day: Day = { stack, orders, meant: new Meant(), page: await openWindow(browser, stack.url) };
    const { meant, page } = day;
    await signInAndLook(day);
    await instructAll(day);
    // Ordered after all others were instructed: nobody means it today.
    const [late] = await placed(stack, [], [{ productName: orders.product }]);
    meant.state(late, 'ordered');

    await shipByPaste(day);
    await shipByScan(day);
    await shipOthers(day);
    await shipBySheet(day);
    await missingAndFound(day);
    expect(await kept(stack)).toEqual(meant.all());

    await answerCustomer(day);
    await correct(day);
    await keepView(day);
    await openView(day, linesOf(orders).length);
    await deliver(day);
    await openView(day, 0);
    await takeBack(day);
    expect(await kept(stack)).toEqual(meant.all());
    expect(await holdersOf(stack, meant.taken)).toEqual(meant.taken.map(() => null));
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
