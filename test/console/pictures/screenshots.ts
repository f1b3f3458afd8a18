import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, openWindow, type Persona, signInAs } from '../../support/browser/browser.ts';
import { find, foundEntry } from '../../support/browser/finding.ts';
import { prepare } from './screenshot-data.ts';

/** `npm run screenshots`: every screen of a running `npm start` at 1440×900 into console/screenshots/, and how long its first screen took. */
const url = process.env.CONSOLE_URL ?? 'http://127.0.0.1:3000';
const simulator = process.env.SIMULATOR_URL ?? 'http://127.0.0.1:8300';
const folder = join(import.meta.dirname, '../../../console/screenshots');

const { checkedJob, finishedJob, receiverName, toVerify } = await prepare(url, simulator);

/** Each picture by its file, where it is taken, and what is done there first. */
const pictures: Record<string, [path: string, act?: (page: Page) => Promise<void>]> = {
  'start/home': ['/'],
  'start/home-dark': ['/', (page) => page.emulateMedia({ colorScheme: 'dark' })],
  'start/search': ['/lines/deliver', finding],
  'deliveries/lines-instruct': ['/lines/instruct'],
  'deliveries/lines-release': ['/lines/release'],
  'deliveries/lines-ship': ['/lines/ship'],
  'deliveries/lines-deliver': ['/lines/deliver'],
  'deliveries/lines-stockout': ['/lines/stockout'],
  'deliveries/lines-clear': ['/lines/clear'],
  'deliveries/confirm': ['/lines/stockout', confirming],
  'deliveries/deliveries': ['/deliveries'],
  'deliveries/person-search': ['/deliveries', (page) => searching(page, receiverName)],
  'deliveries/order': ['/lines/deliver', openingOrder],
  'deliveries/delivery-panel': ['/lines/deliver', openingFirst],
  'pickups/pickups-instruct': ['/pickups/instruct'],
  'pickups/pickups-confirm': ['/pickups/confirm'],
  'pickups/pickups-complete': ['/pickups/complete'],
  'pickups/pickup-panel': ['/pickups/complete', openingFirst],
  'bulk-shipments/bulk-errors': [`/bulk?job=${checkedJob}`],
  'bulk-shipments/bulk-finished': [`/bulk?job=${finishedJob}`],
  'packing/work-batches': ['/work-batches', openingBatch],
  'packing/packing': ['/packing', verifying],
  'assembly/stockouts': ['/stockouts'],
  'tracking/exceptions': ['/exceptions'],
  'tracking/exceptions-replay': ['/exceptions?state=open', (page) => asking(page, '[data-act=replay]')],
  'notices/notices': ['/notices'],
  'operations/batches': ['/batches/waybill-registration'],
  'shipping/places': ['/places', quoting],
  'shipping/waybill-ranges': ['/places', scrollingToRanges],
  'shipping/dispatch-policies': ['/places', (page) => asking(page, '[data-dispatch-policy] button.link')],
  'shipping/calendar': ['/calendar'],
  'deliveries/performance': ['/performance'],
  'shipping/policy-form': ['/places', (page) => asking(page, '[data-policy] button.link')],
  'assembly/assembly-plans': ['/assembly/plans'],
  'assembly/assembly-step': ['/assembly/plans', (page) => asking(page, '[data-step=complete]')],
  'assembly/assembly-products': ['/assembly/products'],
  'assembly/assembly-stock': ['/assembly/stock'],
  'events/webhooks': ['/events/webhooks'],
  'events/delivery': ['/events/webhooks', openingEvent],
  'events/feed': ['/events/feed'],
  'operations/accesses': ['/accesses'],
};

async function openingFirst(page: Page) {
  await page.locator('.ag-row button.link').first().click();
  await page.locator('.panel .timeline').last().waitFor();
}
async function openingEvent(page: Page) {
  await page.locator('.events summary').first().click();
  await page.locator('.event-open').scrollIntoViewIfNeeded();
}
async function openingOrder(page: Page) {
  await page.locator('.ag-row [col-id="orderNo"] a').first().click();
  await page.locator('.panel .timeline li').first().waitFor();
}
async function openingBatch(page: Page) {
  await page.locator('[data-batch] a').last().click();
  await page.locator('.dropped-lines tbody tr').first().waitFor();
}
/** What was in hand is given up; then a parcel and the first of its products are scanned. */
async function verifying(page: Page) {
  await page.locator('[name=packing]').press('Escape');
  for (const code of toVerify) await page.locator('[name=packing]').pressSequentially(`${code}\n`);
  await page.locator('.packing-count', { hasText: /^1 / }).waitFor();
}
async function scrollingToRanges(page: Page) {
  const range = page.locator('[data-range]').first();
  await range.waitFor();
  await range.scrollIntoViewIfNeeded();
}
/** The beginning of a waybill, as somebody reads it out. */
async function finding(page: Page) {
  const waybill = (await page.locator('.ag-row [col-id="typedWaybill"]', { hasText: /\d{8}/ }).first().textContent()) ?? '';
  await find(page, waybill.slice(0, 8));
  await foundEntry(page, 'waybill').first().waitFor();
}
async function confirming(page: Page) {
  await page.locator('.ag-row .ag-selection-checkbox input').first().check();
  await asking(page, '.actions [data-command]');
}
async function asking(page: Page, button: string) {
  await page.locator(button).first().click();
  await page.locator('[role=dialog]').waitFor();
}
async function searching(page: Page, name: string) {
  await page.locator('.person-search [name=receiverName]').fill(name);
  await page.keyboard.press('Enter');
  await page.locator('.person-search.on').waitFor();
  await page.locator('.ag-row').first().waitFor();
  await page.locator('.ag-overlay-loading-center').waitFor({ state: 'detached' });
}
async function quoting(page: Page) {
  await page.getByRole('button', { name: '상품 추가' }).click();
  await page.locator('[name="placeNo-2"]').fill('176043');
  await page.getByRole('button', { name: '도서산간 63001' }).click();
  await page.locator('.quote .amber').first().waitFor();
}

const shoot = (page: Page, name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
const settled = async (page: Page) => {
  await page.locator('.ag-row, .ag-overlay, .tile, .page').first().waitFor();
  await page.waitForLoadState('networkidle');
};
async function windowFor(persona: Persona): Promise<Page> {
  const page = await openWindow(browser, url);
  await page.locator('[data-persona]').first().waitFor();
  if (persona === 'admin') await shoot(page, 'start/sign-in');
  await signInAs(page, persona);
  return page;
}

const browser = await openBrowser({ locale: 'ko_KR.UTF-8', hasFonts: true });
const page = await windowFor('admin');
for (const [name, [path, act]] of Object.entries(pictures)) {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(url + path);
  await settled(page);
  await act?.(page);
  await settled(page);
  await shoot(page, name);
  // A form that is left open is open again when its screen is.
  if ((await page.locator('[role=dialog]').count()) > 0) await page.keyboard.press('Escape');
}
const member = await windowFor('member');
await member.goto(`${url}/assembly/plans`);
await settled(member);
await shoot(member, 'assembly/member-plans');
await browser.close();

/** From a browser that has never been here to a screen one can use: the sign-in, and after it the numbers. */
const cold = await openBrowser({ hasFonts: true });
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
