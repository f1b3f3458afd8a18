import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { cellOf, idsOf } from '../../support/browser/console.ts';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { unique } from '../../support/scenes/orders.ts';
import { insertRows, type ListedRow } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const classes = {
  late: { dispatchDueOn: -2 },
  today: { dispatchDueOn: 0 },
  tomorrow: { dispatchDueOn: 1 },
  later: { dispatchDueOn: 9 },
  noticed: { dispatchDueOn: -3, delayExpectedOn: 5 },
  missed: { dispatchDueOn: -9, delayExpectedOn: -1 },
  none: {},
} as const satisfies Record<string, { dispatchDueOn?: number; delayExpectedOn?: number }>;
type Class = keyof typeof classes;

/** The rows of the list, in order; a list that is read anew is empty for a moment. */
const idsAre = (page: Page, ids: string[]) => eventually(async () => (await idsOf(page)).join() === ids.join());

/** A line of each class in this state, in deliveries whose numbers begin alike; their ids by class. */
async function linesIn(state: string, place?: number): Promise<Record<Class, string>> {
  const own = unique('DUE');
  const names = Object.keys(classes) as Class[];
  const rows = names.map((name): ListedRow => {
    const { dispatchDueOn, delayExpectedOn }: { dispatchDueOn?: number; delayExpectedOn?: number } = classes[name];
    return {
      deliveryNo: `${own}-${name}`,
      state,
      productName: own,
      ...(place === undefined ? {} : { placeNo: place }),
      dispatchDueOn: dispatchDueOn === undefined ? null : seoulDay(dispatchDueOn),
      delayExpectedOn: delayExpectedOn === undefined ? null : seoulDay(delayExpectedOn),
    };
  });
  await insertRows(stack.db, rows);
  return Object.fromEntries(names.map((name) => [name, `${own}-${name}/1`])) as Record<Class, string>;
}
const nameIn = (id: string) => id.slice(0, id.lastIndexOf('-'));
const chipIs = (page: Page, due: string, text: string) =>
  eventually(async () => {
    const shown = await page.locator(`[data-due="${due}"]`).textContent();
    if (shown === text) return true;
    throw new Error(`${shown} is not ${text}`);
  });

describe('발송기한 in the working lists', () => {
  test.each([
    ['instruct', 'ordered'],
    ['release', 'instructed'],
    ['ship', 'released'],
    ['clear', 'awaitingShipment'],
  ])('%s shows what must leave first, and how it stands, in words', (tab, state) =>
    onOneDay(async () => {
      const ids = await linesIn(state);
      const page = await windowOf(browser, stack.url, 'operator', `/lines/${tab}?productName=${nameIn(ids.late)}`);
      await rowOf(page, ids.none).first().waitFor();
      const { missed, noticed, late, today, tomorrow, later, none } = ids;
      await idsAre(page, [missed, noticed, late, today, tomorrow, later, none]);
      const shown: Record<string, string | null> = {};
      for (const id of Object.values(ids)) shown[id] = await cellOf(page, id, 'dispatchDueOn').textContent();
      const day = (far: number) => seoulDay(far).slice(5);
      expect(shown).toEqual({
        [missed]: `안내일 지남${day(-1)}`,
        [noticed]: `지연안내함${day(5)}`,
        [late]: `지연${day(-2)}`,
        [today]: `오늘${day(0)}`,
        [tomorrow]: `내일${day(1)}`,
        [later]: day(9),
        [none]: '',
      });
      for (const due of ['late', 'today', 'tomorrow'] as const) await chipIs(page, due, `${words[due]} 1`);
      expect(await violationsOn(page)).toEqual([]);
      expect(complaintsOf(page)).toEqual([]);
      await page.context().close();
    }),
  );

  test('a chip shows what it counts, beside the other filters; an order in the address is kept', () =>
    onOneDay(async () => {
      const ids = await linesIn('released');
      const more = await linesIn('released');
      const name = nameIn(ids.late);
      const page = await windowOf(browser, stack.url, 'operator', `/lines/ship?productName=${name}`);
      await chipIs(page, 'late', '지연 1');
      await page.locator('[data-due="late"]').click();
      await addressIs(page, `/lines/ship?productName=${name}&due=late`);
      await rowOf(page, ids.today).first().waitFor({ state: 'detached' });
      await idsAre(page, [ids.late]);
      // What the others count goes by the other filters alone.
      await chipIs(page, 'today', '오늘 1');
      await page.locator('[data-due="late"]').click();
      await addressIs(page, `/lines/ship?productName=${name}`);
      await page.goto(`${stack.url}/lines/ship?productName=${nameIn(more.late)}&sort=-deliveryNo`);
      await rowOf(page, more.none).first().waitFor();
      await idsAre(page, Object.values(more).sort().reverse());
      expect(new URL(page.url()).searchParams.get('sort')).toBe('-deliveryNo');
      // What has left has no chips.
      await page.goto(`${stack.url}/lines/deliver`);
      await page.locator('.quick-dates').first().waitFor();
      expect(await page.locator('[data-due]').count()).toBe(0);
      await page.context().close();
    }));
});

const words = { late: '지연', today: '오늘', tomorrow: '내일' } as const;
