import { deepEqual, match } from 'node:assert/strict';
import { act, resultOf, rowOf, selectRow } from '../../support/browser/browser.ts';
import { dialogOf, idOf, typeInto } from '../../support/browser/console.ts';
import { uniqueWaybill } from '../../support/scenes/orders.ts';
import { openClaim, pickupOf } from '../../support/scenes/pickups.ts';
import { callback } from '../../support/scenes/tracking.ts';
import { typeOver } from '../paste/deliveries.ts';
import { areAll, type Day, open } from './ordering.ts';
import { linesOf } from './orders.ts';

/** The label of a parcel was torn: it goes on under another waybill. */
export async function correct(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  const line = orders.pasted[1];
  await open(day, '/lines/deliver');
  await rowOf(page, idOf(line)).first().waitFor();
  await typeOver(page, line, meant.corrected(line));
  await page.getByText('입력한 운송장 1건').waitFor();
  await act(page, 'correct-waybill', '송장 훼손');
  match(await resultOf(page), /^운송장정정 1건 완료/);
}

/** The tracker reports one parcel, which the list says and shows; the others are delivered by hand, all at once. */
export async function deliver(day: Day): Promise<void> {
  const { page, stack, orders, meant } = day;
  const [told] = orders.pasted;
  await callback(stack, told.deliveryNo, meant.all()[idOf(told)]?.waybillNo ?? '', 6);
  await areAll(day, [told], 'delivered');
  await page.locator('.news', { hasText: '변경됨' }).click();
  await rowOf(page, idOf(told)).first().waitFor({ state: 'detached' });
  const lines = linesOf(orders);
  await page.getByText(`${lines.length - 1}건 표시`).waitFor();
  await page.locator('.ag-header-select-all input').click();
  await act(page, 'deliver');
  match(await resultOf(page), new RegExp(`^배송완료 ${lines.length - 1}건 완료`));
  for (const line of lines) meant.state(line, 'delivered');
}

/** Two of three pieces come back in a box of their own; one can be sold again, the buyer has broken the other. */
export async function takeBack(day: Day): Promise<void> {
  const { page, stack, orders } = day;
  const pickupNo = await openClaim(stack, 'return', orders.pasted[0], 2);
  const waybillNo = uniqueWaybill();
  await open(day, '/pickups/instruct');
  await rowOf(page, pickupNo).first().waitFor();
  await typeInto(page, pickupNo, 'typedWaybill', waybillNo);
  await page.getByText('입력한 운송장 1건').waitFor();
  await act(page, 'instruct');
  await rowOf(page, pickupNo).first().waitFor({ state: 'detached' });
  await open(day, '/pickups/confirm');
  await selectRow(page, pickupNo);
  await act(page, 'confirm');
  await rowOf(page, pickupNo).first().waitFor({ state: 'detached' });
  await open(day, `/pickups/complete?pickup=${pickupNo}`);
  const panel = page.locator('.panel');
  await panel.locator('[name=restock]').fill('1');
  await panel.locator('[name=fault]').selectOption('buyer');
  await page.keyboard.press('Escape');
  await selectRow(page, pickupNo);
  await page.locator('.actions [data-command="complete"]').click();
  await dialogOf(page).getByText('재입고 1 · 폐기 1 · 귀책 구매자').waitFor();
  const sent: [string, object[]][] = [];
  await page.route('**/api/bo/v1/pickups/complete', (route) => {
    const { pickups } = route.request().postDataJSON() as { pickups: { pickupNo: string; items: object[] }[] };
    for (const each of pickups) sent.push([each.pickupNo, each.items]);
    return route.continue();
  });
  await dialogOf(page).locator('[type=submit]').click();
  match(await resultOf(page), /^회수완료 1건 완료/);
  deepEqual(sent, [[pickupNo, [{ lineNo: orders.pasted[0].lineNo, restock: 1, dispose: 1, fault: 'buyer' }]]]);
  const { state, carrierCode, waybillNo: under, items: found } = await pickupOf(stack, pickupNo);
  deepEqual([state, carrierCode, under], ['completed', '04', waybillNo]);
  deepEqual([found.length, found[0].restock, found[0].dispose, found[0].fault], [1, 1, 1, 'buyer']);
}
