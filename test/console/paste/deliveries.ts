import type { Page } from 'playwright-core';
import { cellOf, idOf, placed, showsTyped } from '../../support/browser/console.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import type { Stack } from '../../support/stack.ts';

export const released = ['instruct', 'release'];
export const waybillOf = (page: Page, line: PlacedLine) => cellOf(page, idOf(line), 'typedWaybill').textContent();

/** Deliveries of one line each, of these methods, under a product of their own by which a list shows them alone. */
export async function releasedEach(
  stack: Stack,
  methods: string[],
  path: string[] = released,
): Promise<{ product: string; lines: PlacedLine[] }> {
  const product = unique('의자');
  const lines: PlacedLine[] = [];
  for (const methodCode of methods) lines.push((await placed(stack, path, [{ methodCode, productName: product }]))[0]);
  return { product, lines };
}
export const listOf = (product: string, tab = 'ship') => `/lines/${tab}?productName=${encodeURIComponent(product)}`;

/** Pastes wherever the cursor is. */
export async function paste(page: Page, block: string[][]): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const text = block.map((line) => line.join('\t')).join('\r\n');
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+v');
}

/** Types over what a cell holds, without Enter before it, which goes to the next row as in a spreadsheet. */
export async function typeOver(page: Page, line: PlacedLine, text: string): Promise<void> {
  await cellOf(page, idOf(line), 'typedWaybill').click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await showsTyped(page, idOf(line), 'typedWaybill', text);
}
