import { equal, match } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { addressIs, resultOf, rowOf, signInAs } from '../../support/browser/browser.ts';
import { dialogOf, idOf, stateOf } from '../../support/browser/console.ts';
import type { PlacedLine } from '../../support/scenes/orders.ts';
import { eventually, type Stack } from '../../support/stack.ts';
import type { Meant } from './meant.ts';
import { linesOf, type Morning } from './orders.ts';

/** One operator at one window, and what the shop has sent. */
export interface Day {
  stack: Stack;
  page: Page;
  orders: Morning;
  meant: Meant;
}

/** Waits until all of these lines are in this state, by the API. */
export const areAll = ({ stack }: Day, lines: readonly PlacedLine[], state: string) =>
  eventually(async () => {
    for (const line of lines) {
      const now = await stateOf(stack, line);
      if (now !== state) throw new Error(`${idOf(line)} is ${now} and not ${state}`);
    }
    return true;
  });

export async function open({ page, stack }: Day, path: string): Promise<void> {
  await page.goto(stack.url + path);
  await page.locator('.shell').waitFor();
}

/** Home says what waits; its number opens the list that it counts. */
export async function signInAndLook({ page, orders }: Day): Promise<void> {
  await signInAs(page, 'operator');
  const tile = page.locator('.tile-all', { hasText: '주문완료' });
  await tile.locator('b', { hasText: String(linesOf(orders).length) }).waitFor();
  await tile.click();
  await page.getByText(`${linesOf(orders).length}건 표시`).waitFor();
  await addressIs(page, '/lines/instruct');
}

/** Two clicks: all rows, and the command. */
async function ofAll({ page, orders }: Day, command: string): Promise<string> {
  await page.locator('.ag-header-select-all input').click();
  await page.locator(`.actions [data-command="${command}"]`, { hasText: String(linesOf(orders).length) }).click();
  return resultOf(page);
}

/** 배송지시 of all, taken back from its toast; then both steps at once. */
export async function instructAll(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  const lines = linesOf(orders);
  match(await ofAll(day, 'instruct'), new RegExp(`^배송지시 ${lines.length}건 완료`));
  await areAll(day, lines, 'instructed');
  await page.getByRole('button', { name: '되돌리기' }).click();
  await areAll(day, lines, 'ordered');
  await page.getByText(`${lines.length}건 표시`).waitFor();
  await rowOf(page, idOf(lines[0] as PlacedLine))
    .first()
    .waitFor();
  match(await ofAll(day, 'instruct+release'), new RegExp(`^배송지시→출고지시 ${lines.length}건 완료`));
  await areAll(day, lines, 'released');
  equal(await dialogOf(page).count(), 0);
  for (const line of lines) meant.state(line, 'released');
}
