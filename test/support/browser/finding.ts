import type { Page } from 'playwright-core';
import { eventually } from '../stack.ts';

/** The search of every screen, and what it found. */
export const findBox = (page: Page) => page.locator('.find-box');
export const foundEntry = (page: Page, kind: string) => findBox(page).locator(`[role=option][data-kind="${kind}"]`);
export const activeEntry = (page: Page) => findBox(page).locator('[role=option][aria-selected=true]');

/** Opens the search by its key and types into it. */
export async function find(page: Page, text: string): Promise<void> {
  await page.locator('.shell').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type(text);
}

export const panelOf = (page: Page) => page.locator('.panel');
/** Waits until the keyboard is in the detail: it goes there once the detail stands on the screen. */
export const panelHasKeyboard = (page: Page) =>
  eventually(() => page.evaluate<boolean>('document.activeElement.className === "panel"'));
/** Waits until the detail of this number is open. */
export const opened = (page: Page, no: string) => panelOf(page).locator('header code', { hasText: no }).waitFor();
