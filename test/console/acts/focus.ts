import type { Page } from 'playwright-core';
import { cellOf } from '../../support/browser/console.ts';
import { eventually } from '../../support/stack.ts';

/** What has the keyboard: a row of the list, a field by its name, or a button by its text. */
const focusOf = (page: Page) =>
  page.evaluate<string>(`{
    const at = document.activeElement;
    at.closest('.ag-row')?.getAttribute('row-id') ?? (at.name || at.textContent.trim().slice(0, 20));
  }`);
/** Waits until this has it. */
export const focusIs = (page: Page, what: string | RegExp) =>
  eventually(async () => {
    const at = await focusOf(page);
    if (typeof what === 'string' ? at === what : what.test(at)) return true;
    throw new Error(`the keyboard is not at ${what} but at ${at}`);
  });

export async function focusRow(page: Page, id: string): Promise<void> {
  await cellOf(page, id, 'productName').click();
  await focusIs(page, id);
}
