import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, openWindow, signInAs } from '../support/browser.ts';

/** `npm run screenshots`: every screen of a running `npm start` at 1440×900 into console/screenshots/, and how long its first screen took. */
const url = process.env.CONSOLE_URL ?? 'http://127.0.0.1:3000';
const folder = join(import.meta.dirname, '../../console/screenshots');
mkdirSync(folder, { recursive: true });

const screens: Record<string, string> = {
  home: '/',
  'lines-instruct': '/lines/instruct',
  'lines-ship': '/lines/ship',
  'lines-deliver': '/lines/deliver',
  'lines-clear': '/lines/clear',
  deliveries: '/deliveries',
  'pickups-complete': '/pickups/complete',
  bulk: '/bulk',
  stockouts: '/stockouts',
  exceptions: '/exceptions',
  batches: '/batches',
  places: '/places',
  assembly: '/assembly',
  accesses: '/accesses',
};

const shoot = (page: Page, name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
const ready = async (page: Page) => {
  await page.locator('.ag-row, .ag-overlay, .tile, .page').first().waitFor();
  await page.waitForLoadState('networkidle');
};

const browser = await openBrowser();
const page = await openWindow(browser, url);
await page.locator('[data-persona]').first().waitFor();
await shoot(page, 'sign-in');
await signInAs(page, 'admin');
for (const [name, path] of Object.entries(screens)) {
  await page.goto(url + path);
  await ready(page);
  await shoot(page, name);
}
for (const [name, path] of [
  ['delivery-panel', '/lines/deliver'],
  ['pickup-panel', '/pickups/complete'],
] as const) {
  await page.goto(url + path);
  await page.locator('.ag-row button.link').first().click();
  await page.locator('.panel .timeline').last().waitFor();
  await shoot(page, name);
}
await page.goto(`${url}/lines/instruct`);
await page.locator('.ag-row .ag-selection-checkbox input').first().check();
await page.locator('.actions [data-command]').first().click();
await page.locator('[role=dialog]').waitFor();
await shoot(page, 'confirm');
await page.context().close();

await browser.close();

/** From a browser that has never been here to a screen one can use: the sign-in, and after it the numbers. */
const cold = await openBrowser();
const window = await cold.newPage();
const began = performance.now();
await window.goto(url);
await window.locator('[data-persona]').first().waitFor();
const signIn = performance.now();
await signInAs(window, 'admin');
await window.locator('.tile').first().waitFor();
console.log(
  `cold browser: sign-in page ${Math.round(signIn - began)} ms, then home with its numbers ${Math.round(performance.now() - signIn)} ms`,
);
await cold.close();
