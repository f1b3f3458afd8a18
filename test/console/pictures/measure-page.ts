import type { Page } from 'playwright-core';
import { act, rowOf, selectRow } from '../../support/browser/browser.ts';

export interface Scrolled {
  rows: number;
  frames: number;
  /** Frames in which a place of the view had no row, or a row without its text. */
  blankFrames: number;
  blankRows: number;
  /** Frames whose first row was another than scrolling leads to. */
  jumps: number;
  slowestMs: number;
  heapMb: number;
}

/** In the page: scrolls so many rows a frame (up, when negative) until so many have gone by, and looks at every frame what stands in the view. */
const SCROLL = `async (rows, step, grace) => {
  const view = document.querySelector('.ag-grid-viewport');
  const height = document.querySelector('.ag-row').getBoundingClientRect().height;
  const look = () => {
    const { top, bottom } = view.getBoundingClientRect();
    const head = Math.max(top, document.querySelector('.ag-header').getBoundingClientRect().bottom);
    const filled = new Map();
    for (const row of document.querySelectorAll('.ag-row')) {
      const box = row.getBoundingClientRect();
      if (box.bottom > head && box.top < bottom && row.textContent.length > 10) filled.set(Math.round(box.top), row);
    }
    const first = filled.get(Math.min(...filled.keys()));
    const number = Number(/\\d+/.exec(first ? first.getAttribute('row-id') : '')?.[0] ?? 0);
    return { missing: Math.max(0, Math.floor((bottom - head) / height) - filled.size), number };
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let gone = 0, frames = 0, blankFrames = 0, blankRows = 0, jumps = 0, slowest = 0, still = 0, last = performance.now();
  let before = look().number;
  while (gone < rows && still < 600) {
    view.scrollTop += step * height;
    await frame();
    const now = performance.now();
    slowest = Math.max(slowest, now - last);
    last = now;
    frames++;
    let { missing, number } = look();
    while (missing > 0 && performance.now() - now < grace) {
      await frame();
      ({ missing, number } = look());
    }
    const moved = Math.abs(number - before);
    before = number;
    if (moved > Math.abs(step) + 1) jumps++;
    still = moved > 0 ? 0 : still + 1;
    gone += Math.min(moved, Math.abs(step));
    blankRows += missing;
    if (missing > 0) blankFrames++;
  }
  return { rows: Math.round(gone), frames, blankFrames, blankRows, jumps, slowestMs: Math.round(slowest) };
}`;

/** With `graceMs` a row may come so much later than its place: a test shares its processor with others. */
export async function scroll(page: Page, rows: number, step: number, graceMs = 0): Promise<Scrolled> {
  const scrolled = await page.evaluate(`(${SCROLL})(${rows}, ${step}, ${graceMs})`);
  return { ...(scrolled as Omit<Scrolled, 'heapMb'>), heapMb: await heapOf(page) };
}

/** What the page holds after everything that is not needed has been thrown away. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return Math.round(usedSize / 1_048_576);
}

export interface Timed {
  /** From the click that confirms to the rows having changed on the screen. */
  shownMs: number;
  /** Of these, what the request took from being sent to its last byte. */
  apiMs: number;
}

/** In the page: when the click came, when the row left, and how long the API took between. */
const WATCH = `(id, command) => {
  const gone = () => document.querySelector('.ag-row[row-id="' + id + '"]') === null;
  window.timed = new Promise((done) => {
    let clicked = 0;
    addEventListener('click', (event) => { clicked ||= event.target.closest('[type=submit]') ? performance.now() : 0; }, true);
    const look = new MutationObserver(() => {
      if (clicked === 0 || !gone()) return;
      look.disconnect();
      requestAnimationFrame(() => {
        const [request] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/' + command)).slice(-1);
        done({ shownMs: performance.now() - clicked, apiMs: request ? request.duration : 0 });
      });
    });
    look.observe(document.body, { childList: true, subtree: true });
  });
}`;

/** Commands these rows and waits until the first has left the list. */
export async function timeCommand(page: Page, ids: string[], command: string): Promise<Timed> {
  for (const id of ids) await selectRow(page, id);
  await page.evaluate(`performance.clearResourceTimings(); (${WATCH})(${JSON.stringify(ids[0])}, ${JSON.stringify(command)})`);
  await act(page, command, '측정');
  const timed = (await page.evaluate('window.timed')) as Timed;
  await rowOf(page, ids.at(-1) ?? '')
    .first()
    .waitFor({ state: 'detached' });
  return timed;
}
