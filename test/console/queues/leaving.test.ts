import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { minutesLeft } from '../../../console/src/screens/home/cut-off.ts';
import { addressIs, complaintsOf, openBrowser, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { onOneDay, seoulDay, startOf } from '../../support/clock.ts';
import { unique } from '../../support/scenes/orders.ts';
import { insertRows, type ListedRow } from '../../support/scenes/rows.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
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

/** Lines of a place that have to leave so many days from now. */
const dueIn = (placeNo: number, far: number, count: number, more: Partial<ListedRow> = {}): ListedRow[] =>
  Array.from({ length: count }, () => ({
    deliveryNo: unique('D'),
    state: 'released',
    placeNo,
    dispatchDueOn: seoulDay(far),
    ...more,
  }));
const left = (far: number): Partial<ListedRow> => ({
  state: 'shipped',
  shippedAt: startOf(seoulDay(far)),
  carrierCode: '04',
  waybillNo: unique('W'),
});

/** A same-day policy of this cut-off, and a place that names it. */
async function sameDayPlace(closeTime: string): Promise<number> {
  const policy = { dispatchPolicyName: '오늘출발', dispatchType: 'A', dispatchCloseTime: closeTime, isDefault: false };
  const { body } = await stack.post('/item/v1/shipping/dispatch-policies', policy);
  return createPlace(stack, { dispatchPolicyNo: body.dispatchPolicyNo });
}

async function totalOf(page: Page): Promise<number> {
  const said = page.getByText(/전체 [\d,]+건/).first();
  await said.waitFor();
  return Number(/전체 ([\d,]+)건/.exec((await said.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
}

describe('발송기한 at home', () => {
  test('each number of the board is that of the list it opens, also of one place', () =>
    onOneDay(async () => {
      const place = await sameDayPlace('15:00');
      await insertRows(stack.db, [
        ...dueIn(place, -1, 3),
        ...dueIn(place, 0, 2, { state: 'ordered' }),
        ...dueIn(place, 1, 4, { state: 'instructed' }),
        ...dueIn(place, -4, 1, { delayExpectedOn: seoulDay(-1) }),
      ]);
      const page = await windowOf(browser, stack.url, 'admin', '/');
      const board = page.getByRole('region', { name: '발송기한' });
      const tile = (name: string) => board.locator('.tile-all').filter({ has: page.getByText(name, { exact: true }) });
      const names = ['지연', '오늘 나갈 것', '내일 나갈 것', '안내 후 지연'];
      await tile(names[0] ?? '').waitFor();
      const shown: Record<string, number> = {};
      for (const name of names) shown[name] = Number(await tile(name).locator('b').textContent());
      expect(Object.values(shown).every((count) => count > 0)).toBe(true);
      expect(await violationsOn(page)).toEqual([]);
      const opened: Record<string, number> = {};
      for (const name of names) {
        await tile(name).click();
        opened[name] = await totalOf(page);
        await page.goBack();
      }
      expect(opened).toEqual(shown);
      const ofPlace = board.locator(`[data-place="${place}"]`);
      await ofPlace.getByText('오늘 2').click();
      await addressIs(page, `/lines/all?due=today&placeNo=${place}&sort=dispatchDueOn`);
      expect(await totalOf(page)).toBe(2);
      await page.goBack();
      await ofPlace.getByText('지연 3').click();
      await addressIs(page, `/lines/all?due=late&placeNo=${place}&sort=dispatchDueOn`);
      expect(await totalOf(page)).toBe(3);
      expect(complaintsOf(page)).toEqual([]);
      await page.context().close();
    }));

  test('a place says until when a payment counts for today, and that it is closed today', () =>
    onOneDay(async () => {
      const [place, closed] = [await sameDayPlace('00:00'), await sameDayPlace('23:30')];
      const open = (placeNo: number, isOpen: boolean) =>
        stack.put(`/api/bo/v1/calendar/days/${seoulDay()}`, { open: isOpen, name: '오늘', placeNo });
      await open(place, true);
      await open(closed, false);
      const page = await windowOf(browser, stack.url, 'admin', '/');
      const board = page.getByRole('region', { name: '발송기한' });
      await board.locator(`[data-place="${place}"]`).getByText('00:00 마감됨').waitFor();
      await board.locator(`[data-place="${closed}"]`).getByText('오늘은 쉬는 날').waitFor();
      await page.context().close();
    }));

  test('minutes are counted by Seoul’s clock, begun ones whole', () => {
    const at = (time: string) => Date.parse(`2026-11-28T${time}+09:00`);
    expect(minutesLeft('15:00', at('12:55:00'))).toBe(125);
    expect(minutesLeft('15:00', at('14:59:30'))).toBe(1);
    expect(minutesLeft('15:00', at('15:00:00'))).toBe(0);
    expect(minutesLeft('15:00', at('23:59:00'))).toBe(0);
    expect(minutesLeft('09:00', at('00:00:00'))).toBe(540);
  });
});

describe('발송 성과', () => {
  test('shows per day and per place what left in time, as a plot and as tables; a day opens its lines', () =>
    onOneDay(async () => {
      const place = await createPlace(stack);
      await insertRows(stack.db, [
        ...dueIn(place, -2, 3, left(-2)),
        ...dueIn(place, -2, 1, left(-1)),
        ...dueIn(place, -1, 1),
        ...dueIn(place, 1, 2),
      ]);
      const page = await windowOf(browser, stack.url, 'admin', `/performance?placeNo=${place}`);
      const figure = (name: string) => page.locator(`[data-figure="${name}"]`);
      await eventually(async () => (await figure('due').textContent()) === '7');
      expect(await figure('rate').textContent()).toBe('60.0%');
      expect([await figure('onTime').textContent(), await figure('late').textContent()]).toEqual(['3', '2']);
      expect(await figure('open').textContent()).toBe('2');
      const cells = (row: string) => page.locator(`${row} td`).allTextContents();
      expect((await cells(`[data-date="${seoulDay(-2)}"]`)).slice(1)).toEqual(['4', '3', '1', '0']);
      expect((await cells(`[data-place="${place}"]`)).slice(1)).toEqual(['7', '3', '2', '2', '60.0%']);
      // A part of a bar for each number above zero.
      expect(await page.locator('.plot rect').count()).toBe(4);
      expect(await violationsOn(page)).toEqual([]);
      await page.locator(`[data-date="${seoulDay(-2)}"] a`).click();
      expect(await totalOf(page)).toBe(4);
      expect(complaintsOf(page)).toEqual([]);
      await page.context().close();
    }));
});
