import { deepEqual, equal, ok } from 'node:assert/strict';
import { addressIs } from '../../support/browser/browser.ts';
import { dialogOf, idOf, save } from '../../support/browser/console.ts';
import { find, foundEntry, opened, panelOf } from '../../support/browser/finding.ts';
import { eventually } from '../../support/stack.ts';
import { type Day, open } from './ordering.ts';
import { linesOf } from './orders.ts';

/** A customer reads a waybill out on the telephone: the search opens its delivery, and from there the whole order. */
export async function answerCustomer({ page, orders, meant }: Day): Promise<void> {
  const [line] = orders.sheet;
  const waybill = meant.all()[idOf(line)]?.waybillNo ?? '';
  await find(page, `${waybill.slice(0, 4)}-${waybill.slice(4, 8)}-${waybill.slice(8)}`);
  await foundEntry(page, 'waybill').getByText(waybill).waitFor();
  await page.keyboard.press('Enter');
  await opened(page, line.deliveryNo);
  await panelOf(page).getByRole('link', { name: line.orderNo }).click();
  await opened(page, line.orderNo);
  await panelOf(page).locator('.timeline li').first().waitFor();
  const entries = await panelOf(page).locator('.timeline li').allTextContents();
  // Newest first, by whom it was done.
  const steps = ['출고완료', '출고지시', '배송지시'].map((step) => entries.findIndex((each) => each.includes(step)));
  deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
  equal(steps[0], 0);
  ok(
    entries.every((each) => !each.includes('출고') || each.includes('이운영')),
    entries.join('\n'),
  );
  ok((await panelOf(page).textContent())?.includes(waybill));
  await page.keyboard.press('Escape');
  await panelOf(page).waitFor({ state: 'detached' });
}

const NAME = '이번 주 보낸 것';
const countOf = ({ page }: Day, count: number) =>
  eventually(async () => (await page.locator('.view', { hasText: NAME }).locator('b').textContent()) === String(count));

/** The list that is looked at every day is kept under a name, and counted. */
export async function keepView(day: Day): Promise<void> {
  const { page, orders } = day;
  await page.locator('[data-days="7d"]').click();
  await page.getByRole('button', { name: '보기 저장' }).click();
  await dialogOf(page).locator('[name=viewName]').fill(NAME);
  await save(page);
  await countOf(day, linesOf(orders).length);
}

/** From another list, and counted anew. */
export async function openView(day: Day, count: number): Promise<void> {
  const { page } = day;
  await open(day, '/lines/instruct');
  await countOf(day, count);
  await page.locator('.view', { hasText: NAME }).click();
  await page.getByText(`${count}건 표시`).waitFor();
  await addressIs(page, '/lines/deliver?days=7d');
}
