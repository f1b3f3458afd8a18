import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openBrowser, rowOf, windowOf } from '../../support/browser/browser.ts';
import { httpOf } from '../../support/http.ts';
import { type PlacedLine, placeOrder } from '../../support/scenes/orders.ts';
import { timeSearch } from './measure-find.ts';
import { heapOf, scroll, timeCommand } from './measure-page.ts';
import { timePaste } from './measure-paste.ts';
import { loadReleasedLines } from './measure-rows.ts';
import { startMeasuredStack } from './measure-stack.ts';
import { placeWaiting, timeWhole } from './measure-whole.ts';

/** `npm run measure:console`: what is wanted of the console's speed, against a stack of its own with 100,000 lines released. */
const ROWS = Number(process.env.MEASURE_ROWS ?? 100_000);
const COLD = 3;
const COMMANDS = 6;
const PASTED = 500;
const WAITING = Number(process.env.MEASURE_WAITING ?? 5_000);
const assets = join(import.meta.dirname, '../../../console/dist/assets');

const median = (values: number[]): number => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
const most = (values: number[]): number => Math.round(Math.max(...values));
const say = (what: string, figures: string) => console.log(`${what}: ${figures}`);
const idOf = ({ deliveryNo, lineNo }: PlacedLine) => `${deliveryNo}/${lineNo}`;

const stack = await startMeasuredStack();
try {
  await loadReleasedLines(stack.databaseUrl, ROWS);
  bundle();
  await coldBrowser();
  await commands();
  await pasting();
  await scrolling();
  await finding();
  await whole();
} finally {
  await stack.stop();
}

function bundle(): void {
  const page = readFileSync(join(assets, '../index.html'), 'utf8');
  const sizes = readdirSync(assets)
    .filter((name) => name.endsWith('.js') || name.endsWith('.css'))
    .map((name) => ({ name, kb: gzipSync(readFileSync(join(assets, name))).length / 1024, isEntry: page.includes(name) }));
  const entry = sizes.filter(({ isEntry, name }) => isEntry && name.endsWith('.js')).reduce((sum, { kb }) => sum + kb, 0);
  const others = sizes.filter(({ isEntry }) => !isEntry).map(({ name, kb }) => `${name.split('-')[0]} ${Math.round(kb)} KB`);
  say('entry bundle, gzip', `${Math.round(entry)} KB (limit 250); when needed: ${others.join(', ')}`);
}

/** From a browser that has never been here: to the sign-in, and, signed in before, to a list one can work in. */
async function coldBrowser(): Promise<void> {
  const [signIn, list]: [number[], number[]] = [[], []];
  for (let at = 0; at < COLD; at++) {
    const browser = await openBrowser({ hasFonts: true });
    const page = await browser.newPage();
    let began = performance.now();
    await page.goto(stack.url);
    await page.locator('[data-persona="operator"]').waitFor();
    signIn.push(performance.now() - began);
    await page.locator('[data-persona="operator"]').click();
    await page.locator('.shell').waitFor();
    const storageState = await page.context().storageState();
    await browser.close();
    const next = await openBrowser({ hasFonts: true });
    const cold = await (await next.newContext({ storageState })).newPage();
    began = performance.now();
    await cold.goto(`${stack.url}/lines/ship`);
    await cold.locator('.ag-row').first().waitFor();
    list.push(performance.now() - began);
    await next.close();
  }
  say(
    'first screen, cold browser',
    `sign-in ${median(signIn)} ms, a list of ${ROWS} rows ${median(list)} ms (medians of ${COLD}; limit 1,500)`,
  );
}

/** Lines of their own workflows first in a list of all the others, which has been scrolled through. */
async function commands(): Promise<void> {
  const http = httpOf(stack.url, stack.token);
  const lines = await placeOrder(
    http,
    Array.from({ length: COMMANDS * 3 }, () => ({})),
  );
  for (const name of ['instruct', 'release'])
    await http.post(`/api/bo/v1/delivery-lines/${name}`, { lines: [{ deliveryNo: lines[0]?.deliveryNo }] });
  const browser = await openBrowser({ hasFonts: true });
  const page = await windowOf(browser, stack.url, 'operator', '/lines/stockout?sort=-releasedAt');
  await page.locator('.ag-row').first().waitFor();
  await scroll(page, 3_000, 50);
  await page.evaluate(`document.querySelector('.ag-grid-viewport').scrollTop = 0`);
  for (const [rows, what] of [
    [1, 'a click on a command to its row gone'],
    [2, 'the same on two rows'],
  ] as const) {
    const beyond: number[] = [];
    const api: number[] = [];
    for (let at = 0; at < COMMANDS; at++) {
      const some = lines.splice(0, rows).map(idOf);
      for (const id of some) await rowOf(page, id).first().waitFor();
      const { shownMs, apiMs } = await timeCommand(page, some, 'undo');
      beyond.push(shownMs - apiMs);
      api.push(apiMs);
    }
    say(what, `${median(beyond)} ms beyond the API's own ${median(api)} ms (most ${most(beyond)}; limit 300)`);
  }
  await browser.close();
}

/** Waybills for deliveries all over the list, most of which it does not hold. */
async function pasting(): Promise<void> {
  const browser = await openBrowser({ hasFonts: true });
  const page = await windowOf(browser, stack.url, 'operator', '/lines/ship');
  await page.locator('.ag-row').first().waitFor();
  const deliveryNos = Array.from(
    { length: PASTED },
    (_each, at) => `DM${String(1 + Math.floor((at * ROWS) / PASTED)).padStart(8, '0')}`,
  );
  const times: number[] = [];
  for (let at = 0; at < COMMANDS; at++) {
    times.push(await timePaste(page, deliveryNos, 680_000_000_000 + at * 1_000));
    await page.getByRole('button', { name: '지우기' }).click();
  }
  say(`a paste of ${PASTED} waybills on screen`, `${median(times)} ms (most ${most(times)}; limit 300)`);
  await browser.close();
}

/** What is typed into the search of every screen, until it stands there. */
async function finding(): Promise<void> {
  const times = await timeSearch(stack.url, ROWS);
  say('a letter in the search to its row shown', `${median(times)} ms (most ${most(times)}; limit 150)`);
}

async function scrolling(): Promise<void> {
  const browser = await openBrowser({ hasFonts: true });
  const page = await windowOf(browser, stack.url, 'operator', '/lines/ship');
  await page.locator('.ag-row').first().waitFor();
  const before = await heapOf(page);
  for (const [rows, step] of [
    [10_000, 10],
    [ROWS - 16_000, 120],
    [25_000, -120],
  ] as const) {
    const seen = await scroll(page, rows, step);
    const figures = `${seen.blankFrames} of ${seen.frames} frames with blank rows (${seen.blankRows} rows), ${seen.jumps} jumps, slowest frame ${seen.slowestMs} ms`;
    say(
      `scrolling ${seen.rows} rows ${step > 0 ? 'down' : 'up'}, ${Math.abs(step)} a frame`,
      `${figures}; memory ${seen.heapMb} MB (${before} MB at the start)`,
    );
  }
  await browser.close();
}

/** 배송지시 of thousands of lines, each a workflow; every line is read again afterwards. */
async function whole(): Promise<void> {
  const http = httpOf(stack.url, stack.token);
  const waiting = '/api/bo/v1/delivery-lines?state=ordered&count=true&limit=1';
  const before: number = (await http.get(waiting)).body.total;
  await placeWaiting(http, WAITING - before);
  const { total } = (await http.get(waiting)).body;
  const browser = await openBrowser({ hasFonts: true });
  const page = await windowOf(browser, stack.url, 'operator', '/lines/instruct');
  await page.locator('.ag-row').first().waitFor();
  const { clicks, ms } = await timeWhole(page, total);
  const left = (await http.get(waiting)).body.total;
  const each = `${Math.round((total * 1_000) / ms)} a second`;
  say(
    `배송지시 of ${total} lines`,
    `${clicks} clicks (limit 3), ${(ms / 1_000).toFixed(1)} s to the last row (${each}); ${left} left`,
  );
  await browser.close();
}
