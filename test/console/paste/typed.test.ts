import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf, openTab, stateOf } from '../../support/browser/console.ts';
import { commandLine, listedLine, type PlacedLine, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { listOf, released, releasedEach, typeOver, waybillOf } from './deliveries.ts';

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

describe('what was typed and not sent', () => {
  test('배송완료 is held for a row whose waybill was being corrected, and 운송장정정 is offered instead', async () => {
    const { product, lines } = await releasedEach(stack, ['10', '10'], [...released, 'ship']);
    const [one, two] = lines as [PlacedLine, PlacedLine];
    const before = (await listedLine(stack, one))?.waybillNo;
    const page = await operator(listOf(product, 'deliver'));
    const right = uniqueWaybill();
    await typeOver(page, one, right);
    await selectRow(page, idOf(one));
    await selectRow(page, idOf(two));
    await page.locator('.actions [data-command="deliver"]').click();
    await dialogOf(page).getByText('다음 1건을 배송완료 처리합니다.').waitFor();
    await dialogOf(page).getByText('고친 운송장을 아직 보내지 않은 1건은 배송완료하지 않습니다.').waitFor();
    await dialogOf(page)
      .getByText(`${idOf(one)} · ${before} → ${right}`)
      .waitFor();
    await dialogOf(page).getByRole('button', { name: '1건 운송장정정 먼저' }).click();
    await dialogOf(page).getByText('다음 1건을 운송장정정 처리합니다.').waitFor();
    await dialogOf(page).locator('[name=reason]').fill('오타');
    await dialogOf(page).locator('[type=submit]').click();
    await eventually(async () => (await listedLine(stack, one))?.waybillNo === right);
    expect([await stateOf(stack, one), await stateOf(stack, two)]).toEqual(['shipped', 'shipped']);
    await page.getByText('입력 1건 지우기').waitFor({ state: 'detached' });
    // The row that was sent is chosen no more.
    await page.getByText('1건 선택', { exact: true }).waitFor();
    // Now nothing holds it, and the row is delivered under the corrected waybill.
    await rowOf(page, idOf(one)).first().waitFor();
    await selectRow(page, idOf(one));
    await page.locator('.actions [data-command="deliver"]').click();
    await dialogOf(page).locator('[type=submit]').click();
    await eventually(async () => (await stateOf(stack, one)) === 'delivered');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('it holds 배송완료 in the panel too, which shows the same input', async () => {
    const { product, lines } = await releasedEach(stack, ['10'], [...released, 'ship']);
    const [line] = lines as [PlacedLine];
    const page = await operator(`${listOf(product, 'deliver')}&delivery=${line.deliveryNo}`);
    const right = uniqueWaybill();
    await typeOver(page, line, right);
    const card = page.locator(`.panel [data-line="${line.lineNo}"]`);
    await eventually(async () => (await card.getByLabel('운송장번호').inputValue()) === right);
    await card.locator('[data-command="deliver"]').click();
    await dialogOf(page).locator('[data-note="held"]').waitFor();
    expect(await dialogOf(page).locator('[type=submit]').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    // Somebody else moves the row on: the input is still there, and said to be unsendable now.
    expect(await commandLine(stack, 'deliver', line)).toMatchObject({ ok: true });
    await page.reload();
    await page.getByText('그중 1건은 지금 상태에서 보낼 수 없습니다').waitFor();
    await page.getByRole('button', { name: '입력한 것만 보기 1' }).click();
    expect(await waybillOf(page, line)).toBe(right);
    await page.context().close();
  });

  test('another command on the row, and another tab, leave it and say so', async () => {
    const { product, lines } = await releasedEach(stack, ['10']);
    const [line] = lines as [PlacedLine];
    const waybill = uniqueWaybill();
    const page = await operator(listOf(product));
    await typeOver(page, line, waybill);
    // Chosen by typing alone, the row is offered nothing that would not send its waybill.
    expect(
      await page.locator('.actions [data-command]').evaluateAll((all) => all.map((each) => each.getAttribute('data-command'))),
    ).toEqual(['ship']);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="report-stockout"]').click();
    await dialogOf(page).getByText('입력한 운송장 1건은 이 처리로 보내지 않고 그대로 남겨 둡니다.').waitFor();
    await dialogOf(page).locator('[name=reason]').fill('입고 지연');
    await dialogOf(page).locator('[type=submit]').click();
    expect(await resultOf(page)).toMatch(/1건 완료/);
    await page.getByText('보내지 않은 운송장 1건은 입력한 그대로 남아 있습니다').waitFor();
    await page.getByText('그중 1건은 지금 상태에서 보낼 수 없습니다').waitFor();
    await openTab(page, 5);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="clear-stockout"]').click();
    await dialogOf(page).locator('[type=submit]').click();
    await eventually(async () => (await stateOf(stack, line)) === 'released');
    await openTab(page, 2);
    await rowOf(page, idOf(line)).first().waitFor();
    expect(await waybillOf(page, line)).toBe(waybill);
    await page.locator('.actions [data-command="ship"]').click();
    await dialogOf(page).locator('[type=submit]').click();
    await eventually(async () => (await listedLine(stack, line))?.waybillNo === waybill);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
