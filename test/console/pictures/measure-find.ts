import { openBrowser, windowOf } from '../../support/browser/browser.ts';
import { find, findBox } from '../../support/browser/finding.ts';

const ASKED = 30;

/** Numbers of the loaded rows, looked for one after the other: milliseconds from a letter to its row on the screen. */
export async function timeSearch(url: string, rows: number): Promise<number[]> {
  const browser = await openBrowser({ hasFonts: true });
  const page = await windowOf(browser, url, 'operator', '/lines/ship');
  await page.locator('.ag-row').first().waitFor();
  const times: number[] = [];
  await find(page, '');
  for (let at = 1; at <= ASKED; at++) {
    const number = `DM${String(Math.floor((rows / (ASKED + 1)) * at)).padStart(8, '0')}`;
    await findBox(page).locator('input').fill(number.slice(0, 3));
    await findBox(page).getByText('찾는 중').waitFor({ state: 'detached' });
    // Not awaited here: what it promises comes after the typing.
    await page.evaluate(`void (globalThis.shown = new Promise((resolve) => {
      let began;
      const found = () => [...document.querySelectorAll('.find-entry b')].some((each) => each.textContent === '${number}');
      document.querySelector('[name=find]').addEventListener('input', () => { began ??= performance.now(); }, { capture: true, once: true });
      new MutationObserver((_all, watch) => {
        if (!found()) return;
        watch.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - began));
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }))`);
    await findBox(page).locator('input').fill(number);
    times.push(await page.evaluate<number>('globalThis.shown'));
  }
  await browser.close();
  return times;
}
