import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PATIENCE_MS } from '../patience.ts';
import { eventually } from '../stack.ts';
import { findChromium } from './chromium.ts';

export type Persona = 'operator' | 'viewer' | 'privacy' | 'admin' | 'logistics' | 'member';

interface BrowserOptions {
  /** Pictures ask for Korean date fields: they go by the process's locale, which few machines have installed, and without it a file
   * with a Korean name cannot be saved. */
  locale?: 'C.UTF-8' | 'ko_KR.UTF-8';
  /** The console's own fonts, for who looks at it or measures it: loading them is a fifth of what a window costs. */
  hasFonts?: boolean;
}

/** The browser of the tests. */
export async function openBrowser({ locale = 'C.UTF-8', hasFonts = false }: BrowserOptions = {}): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  const fonts = hasFonts ? [] : ['--disable-remote-fonts'];
  return chromium.launch({
    executablePath,
    env: { ...process.env, LANG: locale, LC_ALL: locale, ...env },
    args: ['--no-sandbox', '--headless=shell', '--lang=ko-KR', '--disable-gpu', '--disable-dev-shm-usage', ...fonts],
  });
}

/** What a page has complained about: errors in its console, and whatever the policy of the page refused. */
const complaints = new WeakMap<Page, string[]>();
export const complaintsOf = (page: Page): string[] => complaints.get(page) ?? [];

/** A window of a person who has never been here, with nobody signed in. */
export async function openWindow(browser: Browser, url: string, path = '/'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'ko-KR', timezoneId: 'Asia/Seoul' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const told: string[] = [];
  complaints.set(page, told);
  page.on('pageerror', (error) => told.push(error.message));
  page.on('console', (message) => {
    // A refused or unanswered request is written there by the browser itself; the tests look at what the page makes of it.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) told.push(message.text());
  });
  await page.goto(url + path);
  return page;
}

export async function signInAs(page: Page, persona: Persona): Promise<void> {
  await page.locator(`[data-persona="${persona}"]`).click();
  await page.locator('.shell').waitFor();
}

/** A window in which this person works, on this screen. */
export async function windowOf(browser: Browser, url: string, persona: Persona, path: string): Promise<Page> {
  const page = await openWindow(browser, url, path);
  await signInAs(page, persona);
  return page;
}

/** The cells of a row are in two parts, the pinned one and the rest. */
export const rowOf = (page: Page, id: string) => page.locator(`.ag-row[row-id="${id}"]`);

/** Ticks a row's box. The grid tells the screen of it a little later, and a command that came first would go without the row. */
export async function selectRow(page: Page, id: string): Promise<void> {
  await rowOf(page, id).locator('.ag-selection-checkbox input').check();
  await eventually(() =>
    page.evaluate<boolean>(`Object.entries(sessionStorage)
      .some(([name, kept]) => name.startsWith('console.picked.') && JSON.parse(kept).includes(${JSON.stringify(id)}))`),
  );
}

/** Whether a command of this screen is done by its click, without a dialog. */
const isAtOnce = (page: Page, command: string) => page.url().includes('/lines/') && /^(instruct|release)\b/.test(command);

/** Presses a command's button, gives a reason where one is asked, and confirms where it asks. */
export async function act(page: Page, command: string, reason?: string): Promise<void> {
  await page.locator(`.actions [data-command="${command}"]`).click();
  if (isAtOnce(page, command)) return;
  if (reason !== undefined) await page.locator('[role=dialog] [name=reason]').fill(reason);
  await page.locator('[role=dialog] [type=submit]').click();
}

/** Opens what the result of the newest command says row by row, reads it, and closes it: it has been seen. */
export async function failuresOf(page: Page): Promise<string[]> {
  await page.locator('.result:first-child').getByRole('button', { name: '자세히' }).click();
  const failures = page.locator('[role=dialog] .failures li');
  await failures.first().waitFor();
  const told = await failures.allTextContents();
  await page.keyboard.press('Escape');
  await page.locator('[role=dialog]').waitFor({ state: 'detached' });
  return told;
}

/** Waits until the newest command has its answer, and reads it. */
export async function resultOf(page: Page): Promise<string> {
  const newest = page.locator('.result:first-child:is([data-status="done"], [data-status="failed"])');
  return (await newest.textContent()) ?? '';
}

/** Serious and critical violations that axe-core finds on the page, as lines to read. */
export async function violationsOn(page: Page): Promise<string[]> {
  // What is fading in or out has no colours of its own yet.
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime)).map((each) => each.finished))`);
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found: { id: string; impact: string; nodes: string[] }[] = await page.evaluate(`axe
    .run(document, { resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 2).join(' | ').slice(0, 300)}`);
}

/** Path and filters of the page, to be read. */
export const addressOf = (page: Page) => new URL(page.url()).pathname + decodeURIComponent(new URL(page.url()).search);

/** Waits until the page is at this path with these filters: an address follows a click or a key a little later. */
export const addressIs = (page: Page, address: string) =>
  page.waitForURL(({ pathname, search }) => pathname + decodeURIComponent(search) === address);

/** Everything that a page could leave behind. */
export const storedIn = (page: Page) =>
  page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])');

/** Every call of the page is refused, as when its token has run out, until `page.unroute` of the same addresses. */
export const refuseToken = (page: Page) =>
  page.route('**/api/bo/v1/**', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"UNAUTHENTICATED","detail":"만료"}' }),
  );
