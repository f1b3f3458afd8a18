import type { Page } from 'playwright-core';

/** What a keyboard-wedge reader does: a key every 20 ms, and Enter after each code. */
export async function wedge(page: Page, ...codes: string[]): Promise<void> {
  for (const code of codes) await page.keyboard.type(`${code}\n`, { delay: 20 });
}

/**
 * Loads the bench again, with what is routed until then let through. The window is left first: one that asks again and again would get
 * its answer between the two, and leave nothing to the one that is loaded.
 */
export async function loadedAgain(page: Page): Promise<void> {
  const address = page.url();
  await page.goto('about:blank');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.goto(address);
}

/** Waits until the bench says so. */
export const told = (page: Page, text: string) => page.locator('.packing-told', { hasText: text }).waitFor();
