import type { Page } from 'playwright-core';
import { type LineOverrides, listedLine, type PlacedLine, placeOrder, take } from '../scenes/orders.ts';
import type { Stack } from '../stack.ts';
import { rowOf } from './browser.ts';

export const idOf = ({ deliveryNo, lineNo }: PlacedLine) => `${deliveryNo}/${lineNo}`;
export const stateOf = async (stack: Stack, line: PlacedLine) => (await listedLine(stack, line))?.state;

/** An order's lines, each taken along `path`. */
export async function placed(
  stack: Stack,
  path: string[] = [],
  lines: LineOverrides[] = [{}],
): Promise<[PlacedLine, ...PlacedLine[]]> {
  const [first, ...others] = await placeOrder(stack, lines);
  if (!first) throw new Error('no line');
  for (const line of [first, ...others]) await take(stack, line, path);
  return [first, ...others];
}

export const cellOf = (page: Page, id: string, column: string) => rowOf(page, id).locator(`[col-id="${column}"]`);

/** Waits until a cell shows what was typed into it: the grid tells the screen of it a little later. */
export const showsTyped = (page: Page, id: string, column: string, text: string) =>
  cellOf(page, id, column).filter({ hasText: text }).waitFor();

/** Types into a cell of the grid. */
export async function typeInto(page: Page, id: string, column: string, text: string): Promise<void> {
  await cellOf(page, id, column).click();
  await page.keyboard.press('Enter');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await showsTyped(page, id, column, text);
}

/** Copies a block of cells, as a spreadsheet does, and pastes it with Ctrl+V from a cell on. */
export async function pasteAt(page: Page, id: string, column: string, block: string[][]): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await cellOf(page, id, column).click();
  const text = `${block.map((line) => line.join('\t')).join('\r\n')}\r\n`;
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+v');
}

/** Ids of the rows in the order of the list. */
export async function idsOf(page: Page): Promise<string[]> {
  const rows = await page
    .locator('.ag-row[row-id]')
    .evaluateAll((all) => all.map((row) => [row.getAttribute('row-index'), row.getAttribute('row-id')]));
  return [...new Map(rows.map(([index, id]) => [Number(index), id ?? ''] as const))]
    .sort(([a], [b]) => a - b)
    .map(([, id]) => id);
}

/** What a barcode reader does. */
export async function scanCode(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** Opens a tab by its place, and waits until its list has taken the place of the one before. */
export async function openTab(page: Page, at: number): Promise<void> {
  const tab = page.locator('[role=tab]').nth(at);
  await tab.click();
  await tab.and(page.locator('[aria-selected=true]')).waitFor();
}

export const dialogOf = (page: Page) => page.locator('[role=dialog]');

/** Sends the form of a dialog, which is taken. */
export async function save(page: Page): Promise<void> {
  await dialogOf(page).locator('[type=submit]').click();
  await dialogOf(page).waitFor({ state: 'detached' });
}

/** Sends the form and reads what the API says in it; the form stays. */
export async function refusalOf(page: Page, code: string): Promise<string> {
  await dialogOf(page).locator('[type=submit]').click();
  const said = dialogOf(page).locator('.note.bad').filter({ hasText: code });
  await said.waitFor();
  return (await said.textContent()) ?? '';
}
