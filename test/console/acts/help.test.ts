import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf, idsOf, placed, stateOf } from '../../support/browser/console.ts';
import { listedLine } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { focusIs, focusRow } from './focus.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
describe('the help says what the keys do', () => {
  test('each key that it names, pressed', async () => {
    const lines = await placed(
      stack,
      [],
      Array.from({ length: 6 }, () => ({})),
    );
    const page = await operator(`/lines/instruct?orderNo=${lines[0].orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const ids = await idsOf(page);
    const selected = (n: number) =>
      eventually(async () => (await page.locator('.ag-center-cols-container .ag-row-selected, .ag-row-selected').count()) >= n);
    const inState = (id: string, state: string) =>
      eventually(async () => (await stateOf(stack, lines.find((each) => idOf(each) === id) ?? lines[0])) === state);
    const gone = (id = '') => rowOf(page, id).first().waitFor({ state: 'detached' });
    const drive: Record<string, () => Promise<unknown>> = {
      '?': async () => {
        await page.keyboard.press('?');
        await dialogOf(page).getByText('단축키 보기').waitFor();
        await page.keyboard.press('Escape');
        await dialogOf(page).waitFor({ state: 'detached' });
      },
      '/': async () => {
        await page.keyboard.press('/');
        await focusIs(page, /No$|^q$/);
      },
      'Ctrl + K': async () => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('combobox').waitFor({ state: 'detached' });
      },
      L: async () => {
        await page.evaluate('document.activeElement.blur()');
        // As a keyboard set to Hangul types it.
        await page.evaluate(`window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ㅣ', code: 'KeyL', bubbles: true }))`);
        await focusIs(page, ids[0] ?? '');
      },
      Space: async () => {
        await page.keyboard.press('Space');
        await page.locator('.actions').getByText('1건 선택').waitFor();
        await page.keyboard.press('Space');
        await page.locator('.actions').getByText('1건 선택').waitFor({ state: 'detached' });
      },
      'Shift + ↑ ↓': async () => {
        await page.keyboard.press('Shift+ArrowDown');
        await page.locator('.actions').getByText('2건 선택').waitFor();
        await page.keyboard.press('Shift+ArrowUp');
        await page.getByRole('button', { name: '선택 해제' }).click();
      },
      'Ctrl + A': async () => {
        await focusRow(page, ids[2] ?? '');
        await page.keyboard.press('Control+a');
        await page.locator('.actions').getByText(`${ids.length}건 선택`).waitFor();
        await page.getByRole('button', { name: '선택 해제' }).click();
      },
      'Shift + Space': async () => {
        await focusRow(page, ids[0] ?? '');
        await page.keyboard.press('Space');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Shift+Space');
        await page.locator('.actions').getByText('3건 선택').waitFor();
        await selected(3);
      },
      'Ctrl + Enter': async () => {
        await page.keyboard.press('Control+Enter');
        for (const id of ids.slice(0, 3)) await gone(id);
        for (const id of ids.slice(0, 3)) await inState(id, 'instructed');
      },
      'Ctrl + Shift + Enter': async () => {
        await focusRow(page, ids[3] ?? '');
        await page.keyboard.press('Space');
        await page.keyboard.press('Control+Shift+Enter');
        await gone(ids[3]);
        await inState(ids[3] ?? '', 'released');
      },
      Enter: async () => {
        await focusIs(page, ids[4] ?? '');
        await page.keyboard.press('Enter');
        await page.locator('.panel .timeline').first().waitFor();
      },
      Esc: async () => {
        await page.keyboard.press('Escape');
        await page.locator('.panel').waitFor({ state: 'detached' });
        await focusIs(page, ids[4] ?? '');
      },
      'Alt + 1…9': async () => {
        await page.keyboard.press('Alt+2');
        await rowOf(page, ids[0] ?? '')
          .first()
          .waitFor();
        expect(new URL(page.url()).pathname).toBe('/lines/release');
      },
      '↑ ↓': async () => {
        await selectRow(page, ids[0] ?? '');
        await page.locator('.actions [data-command="undo"]').click();
        await focusIs(page, 'reason');
        await page.keyboard.press('ArrowDown');
        expect(await dialogOf(page).locator('[name=reason]').inputValue()).toBe('잘못 처리함');
        await page.keyboard.press('Enter');
        await inState(ids[0] ?? '', 'ordered');
      },
      'Ctrl + Z': async () => {
        const [line] = await placed(stack, []);
        const other = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
        await selectRow(other, idOf(line));
        await other.keyboard.press('Control+Enter');
        await other.locator('.result[data-status="done"]').waitFor();
        await other.keyboard.press('Control+z');
        await eventually(
          async () => (await stateOf(stack, line)) === 'ordered' && (await listedLine(stack, line))?.revision === 3,
        );
        await other.context().close();
      },
      'J · K': async () => {
        const both = [(await placed(stack, []))[0], (await placed(stack, []))[0]];
        const other = await operator(`/lines/instruct?${both.map(({ orderNo }) => `orderNo=${orderNo}`).join('&')}`);
        await eventually(async () => (await idsOf(other)).length === both.length);
        const [first, second] = (await idsOf(other)).map((id) => id.split('/')[0] ?? '');
        await focusRow(other, (await idsOf(other))[0] ?? '');
        await other.keyboard.press('Enter');
        for (const [key, no] of [
          ['', first],
          ['j', second],
          ['k', first],
        ] as const) {
          if (key) await other.keyboard.press(key);
          await other.locator(`.panel[aria-label="${no}"]`).waitFor();
        }
        await other.context().close();
      },
    };
    await page.keyboard.press('?');
    const named = await dialogOf(page).locator('kbd').allTextContents();
    expect([...named].sort()).toEqual(Object.keys(drive).sort());
    await page.keyboard.press('Enter');
    await dialogOf(page).waitFor({ state: 'detached' });
    for (const [key, press] of Object.entries(drive)) {
      await press().catch((error: Error) => {
        throw new Error(`${key}: ${error.message}`);
      });
    }
    await page.context().close();
  });
});
