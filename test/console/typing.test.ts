import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  complaintsOf,
  failuresOf,
  openBrowser,
  openWindow,
  resultOf,
  rowOf,
  selectRow,
  signInAs,
  windowOf,
} from '../support/browser/browser.ts';
import { cellOf, idOf, idsOf, pasteAt, placed, scanCode } from '../support/browser/console.ts';
import { seoulDay, startOf } from '../support/clock.ts';
import { commandLine, listedLine, uniqueWaybill } from '../support/scenes/orders.ts';
import { placedLine } from '../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

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
const released = ['instruct', 'release'];

describe('운송장 in 출고완료', () => {
  test('pasted from Excel: what is wrong is flagged and not sent, the rest survives a reload and is sent; only what failed is retried', async () => {
    const waybills = [uniqueWaybill(), uniqueWaybill(), uniqueWaybill()] as const;
    const taken = await placedLine(stack, released);
    const takenWaybill = uniqueWaybill();
    const lines = await placed(stack, released, [{}, {}, {}, {}, {}]);
    const page = await operator(`/lines/ship?orderNo=${lines[0].orderNo}`);
    await rowOf(page, idOf(lines[0])).first().waitFor();
    const [one = '', two = '', three = '', four = '', five = ''] = await idsOf(page);
    const wide = waybills[1].replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    await pasteAt(page, one, 'typedCarrier', [
      ['CJ대한통운', `${waybills[0].slice(0, 4)}-${waybills[0].slice(4, 8)}-${waybills[0].slice(8)}`],
      ['한진', ` ${wide.slice(0, 4)} ${wide.slice(4)}`],
      ['4', '1.23E+11'],
      ['04', takenWaybill],
      ['모름택배', waybills[2]],
      ['04', '688264527454'],
      ['04', '688264527455'],
    ]);
    await page
      .getByText('5행을 붙여넣었습니다 · 운송장 2건이 잘못되어 보내지 않습니다 · 목록 끝을 넘은 2행은 넣지 못했습니다')
      .waitFor();
    await page.reload();
    await cellOf(page, two, 'typedWaybill').getByText(waybills[1]).waitFor();
    // The names of the carriers may come after the rows.
    await cellOf(page, two, 'typedCarrier').getByText('한진택배', { exact: true }).waitFor();
    await cellOf(page, three, 'typedWaybill').getByText('⚠ 1.23E+11', { exact: true }).waitFor();
    await eventually(async () => (await page.locator('.ag-cell.faulty[col-id="typedWaybill"]').count()) === 2);
    await cellOf(page, three, 'typedWaybill').hover();
    await page.getByText('엑셀이 숫자를 줄여 썼습니다').waitFor();

    await page.getByText('입력한 운송장 5건').waitFor();
    // Somebody else takes this waybill after the console has asked whether it is free.
    expect(await commandLine(stack, 'ship', taken, { carrierCode: '04', waybillNo: takenWaybill })).toMatchObject({ ok: true });
    await page.locator('.actions [data-command="ship"]').click();
    await page.locator('[role=dialog]').getByText('다음 3건을 출고완료 처리합니다.').waitFor();
    await page.locator('[role=dialog]').getByText('운송장이 잘못된 2건은 보내지 않습니다.').waitFor();
    await page.locator('[role=dialog] [type=submit]').click();
    expect(await resultOf(page)).toMatch(/2건 완료.*1건 실패/);
    const [told, ...others] = await failuresOf(page);
    expect(others).toEqual([]);
    expect(told).toContain(`${four} `);
    expect(told).toContain('WAYBILL_IN_USE');
    for (const id of [one, two]) await rowOf(page, id).first().waitFor({ state: 'detached' });
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?orderNo=${lines[0].orderNo}`);
    const byId = new Map(body.items.map((row: any) => [idOf(row), row]));
    expect(byId.get(one)).toMatchObject({ state: 'shipped', carrierCode: '04', waybillNo: waybills[0] });
    expect(byId.get(two)).toMatchObject({ state: 'shipped', carrierCode: '05', waybillNo: waybills[1] });
    for (const id of [three, four, five]) expect(byId.get(id)).toMatchObject({ state: 'released' });

    // What failed is mended in its cell and sent again, alone.
    await cellOf(page, four, 'typedWaybill').click();
    await page.keyboard.type(waybills[2]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^처리 결과/ }).click();
    await page.getByRole('button', { name: '실패 1건만 다시' }).click();
    await rowOf(page, four).first().waitFor({ state: 'detached' });
    expect(await resultOf(page)).toMatch(/^출고완료 1건 완료/);
    expect(await rowOf(page, five).count()).toBeGreaterThan(0);
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('scan mode: 배송번호, then its waybill from a barcode reader, with sound and colour for right and wrong', async () => {
    const [line, second] = await placed(stack, released, [{}, {}]);
    const [other] = await placed(stack, released);
    const [ordered] = await placed(stack);
    if (!second) throw new Error('one line only');
    const waybill = uniqueWaybill();
    const page = await openWindow(browser, stack.url, '/');
    await page.addInitScript(`{
      window.tones = [];
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (at) { window.tones.push(this.frequency.value); return start.call(this, at); };
    }`);
    // Lines that the list does not show are found too: it is filtered to another order.
    await page.goto(`${stack.url}/lines/ship?orderNo=${other.orderNo}`);
    await signInAs(page, 'operator');
    await rowOf(page, idOf(other)).first().waitFor();
    await page.getByRole('button', { name: '스캔 모드' }).click();
    const scan = page.locator('.scan');
    const told = async (code: string, text: string, tone: 'right' | 'wrong') => {
      await page.evaluate('window.tones.length = 0');
      await scanCode(page, code);
      await scan.locator('output').getByText(text, { exact: true }).waitFor();
      expect([code, await scan.getAttribute('class')]).toEqual([code, `scan ${tone}`]);
      expect(await page.evaluate('window.tones')).toEqual(tone === 'right' ? [1200] : [260, 200]);
    };
    await told('D000', 'D000: 없는 배송번호입니다', 'wrong');
    await told(ordered.deliveryNo, `${ordered.deliveryNo}: 출고지시 상태가 아닙니다 (주문완료)`, 'wrong');
    await told(line.deliveryNo, `${line.deliveryNo} · 내역 2건`, 'right');
    await scan.getByText(`${line.deliveryNo} · 운송장을 스캔하세요`).waitFor();
    await told('12', '12: 운송장번호도 배송번호도 아닙니다', 'wrong');
    await told(waybill, `${line.deliveryNo} ← ${waybill} (2건)`, 'right');
    await told(line.deliveryNo, `${line.deliveryNo} · 내역 2건`, 'right');
    await told(waybill, `${line.deliveryNo} ← ${waybill}: 이미 찍었습니다`, 'right');
    await told(other.deliveryNo, `${other.deliveryNo} · 내역 1건`, 'right');
    await told(waybill, `${waybill}: 이미 ${line.deliveryNo}에 찍은 운송장입니다`, 'wrong');
    // The reader's next code goes to the scan, wherever the focus is; the log and what was scanned survive a reload.
    await page.getByText('입력한 운송장 2건').click();
    // The next pallet is another carrier's; what was scanned before keeps its own.
    await page.locator('[name=defaultCarrier]').selectOption('05');
    await page.locator('[data-command="ship"]').focus();
    const otherWaybill = uniqueWaybill();
    await told(otherWaybill, `${other.deliveryNo} ← ${otherWaybill} (1건)`, 'right');
    expect(await page.evaluate('document.activeElement.name')).toBe('scan');
    await page.reload();
    await page.getByRole('button', { name: '스캔 모드' }).click();
    await eventually(async () => (await scan.locator('.scan-log li').count()) === 7);
    await page.keyboard.press('Control+Enter');
    await page.locator('[role=dialog]').getByText('다음 3건을 출고완료 처리합니다.').waitFor();
    await page.locator('[role=dialog] [type=submit]').click();
    expect(await resultOf(page)).toMatch(/3건 완료/);
    expect(await listedLine(stack, second)).toMatchObject({ state: 'shipped', carrierCode: '04', waybillNo: waybill });
    expect(await listedLine(stack, other)).toMatchObject({ state: 'shipped', carrierCode: '05', waybillNo: otherWaybill });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('nothing is lost on reload half-way through typing: the selection and the reason are there again', async () => {
    const [line] = await placed(stack, released);
    const page = await operator(`/lines/stockout?orderNo=${line.orderNo}`);
    await selectRow(page, idOf(line));
    await page.locator('.actions [data-command="report-stockout"]').click();
    await page.locator('[role=dialog] [name=reason]').fill('입고 지');
    const expected = seoulDay(7);
    await page.locator('[role=dialog] [name=expectedAt]').fill(expected);
    await page.reload();
    await page.locator('.actions [data-command="report-stockout"]').click();
    expect(await page.locator('[role=dialog] [name=reason]').inputValue()).toBe('입고 지');
    await page.locator('[role=dialog] [name=reason]').fill('입고 지연');
    await page.locator('[role=dialog] [type=submit]').click();
    await rowOf(page, idOf(line)).first().waitFor({ state: 'detached' });
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'awaitingShipment',
      stockoutReason: '입고 지연',
      stockoutExpectedAt: startOf(expected),
    });
    await page.context().close();
  });
});
