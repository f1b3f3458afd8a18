import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, rowOf, windowOf } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, idsOf, pasteAt, placed, scanCode, stateOf } from '../../support/browser/console.ts';
import { listedLine, type PlacedLine, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { listOf, paste, released, releasedEach, waybillOf } from './deliveries.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** A request's lines are done beside each other: one that is shipped says nothing of the others. */
const allShipped = (lines: PlacedLine[]) =>
  eventually(async () => (await Promise.all(lines.map((line) => stateOf(stack, line)))).every((state) => state === 'shipped'));

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);

describe('waybills pasted in 출고완료', () => {
  test('with 배송번호 they go to its rows, in any order, shown or not; what was not found stays listed until it is closed', async () => {
    const { product, lines } = await releasedEach(stack, ['10', '40', '10', '10']);
    const [one, coupon, two, three] = lines as [PlacedLine, PlacedLine, PlacedLine, PlacedLine];
    const [hidden] = await placed(stack, released);
    const [ordered] = await placed(stack);
    const page = await operator(listOf(product));
    await rowOf(page, idOf(three)).first().waitFor();
    const waybills = [uniqueWaybill(), uniqueWaybill(), uniqueWaybill()] as const;
    const lost = uniqueWaybill();
    // The cursor stands on another row than any of these.
    await pasteAt(page, idOf(three), 'productName', [
      ['받는 분', '배송번호(필수)', '택배사', '운송장번호'],
      ['홍길동', two.deliveryNo, '한진', waybills[0]],
      ['홍길동', coupon.deliveryNo, '', lost],
      ['홍길동', 'D991231999999', '', lost],
      ['홍길동', hidden.deliveryNo, '04', waybills[1]],
      ['홍길동', ordered.deliveryNo, '', lost],
      ['홍길동', `="${one.deliveryNo.toLowerCase()}"`, '', `'${waybills[2].slice(0, 4)}\u2013${waybills[2].slice(4)}`],
    ]);
    const report = page.locator('.paste-report');
    await report.getByText('3행을 붙여넣었습니다 · 3행은 넣지 못했습니다').waitFor();
    // Rows that the list does not hold are shown too, with all that was typed.
    await rowOf(page, idOf(hidden)).first().waitFor();
    expect(await waybillOf(page, hidden)).toBe(waybills[1]);
    expect(await waybillOf(page, two)).toBe(waybills[0]);
    expect(await cellOf(page, idOf(two), 'typedCarrier').textContent()).toBe('한진택배');
    expect(await waybillOf(page, one)).toBe(waybills[2]);
    await page.reload();
    await report.locator('li').first().waitFor();
    const told = await report.locator('li').allTextContents();
    expect(told.map((each) => each.replace(/\s+/g, ' '))).toEqual([
      `3번째 줄 ${coupon.deliveryNo} ${lost} 택배가 아닙니다 (e-쿠폰)`,
      `4번째 줄 D991231999999 ${lost} 찾지 못한 번호입니다 (없거나 취소됨)`,
      `6번째 줄 ${ordered.deliveryNo} ${lost} 지금은 넣을 수 없습니다 (주문완료)`,
    ]);
    await report.getByRole('button', { name: '못 넣은 줄 복사' }).click();
    const copied = `${coupon.deliveryNo}\t\t${lost}\t택배가 아닙니다`;
    await eventually(async () => (await page.evaluate<string>('navigator.clipboard.readText()')).includes(copied));
    await report.getByRole('button', { name: '붙여넣기 결과 닫기' }).click();
    await report.waitFor({ state: 'detached' });
    expect(await page.locator('.ag-row.ag-row-first').count()).toBeGreaterThan(0);
    expect(await waybillOf(page, three)).toBe('');
    await page.locator('.actions [data-command="ship"]').click();
    await dialogOf(page).getByText('다음 3건을 출고완료 처리합니다.').waitFor();
    await dialogOf(page).locator('[type=submit]').click();
    await allShipped([one, two, hidden]);
    expect(await listedLine(stack, two)).toMatchObject({ state: 'shipped', carrierCode: '05', waybillNo: waybills[0] });
    expect(await listedLine(stack, hidden)).toMatchObject({ waybillNo: waybills[1] });
    expect(await listedLine(stack, one)).toMatchObject({ carrierCode: '04', waybillNo: waybills[2] });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('pasted before the names of the carriers have come, it waits for them', async () => {
    const { product, lines } = await releasedEach(stack, ['10', '10']);
    const [one, two] = lines as [PlacedLine, PlacedLine];
    const page = await operator('/');
    const come = Promise.withResolvers<void>();
    await page.route('**/api/bo/v1/carriers', async (route) => {
      await come.promise;
      await route.continue();
    });
    await page.goto(stack.url + listOf(product));
    await rowOf(page, idOf(one)).first().waitFor();
    const waybills = [uniqueWaybill(), uniqueWaybill()] as const;
    await paste(page, [
      [one.deliveryNo, '한진', waybills[0]],
      [two.deliveryNo, 'CJ대한통운', waybills[1]],
    ]);
    await page.locator('.paste-reading span').waitFor();
    come.resolve();
    await page.getByText('입력한 운송장 2건').waitFor();
    await cellOf(page, idOf(one), 'typedCarrier').getByText('한진택배', { exact: true }).waitFor();
    expect(await page.locator('.ag-cell.faulty').count()).toBe(0);
    await page.context().close();
  });

  test('order numbers alone go to the order, and one whose order has two deliveries is listed', async () => {
    const { product, lines } = await releasedEach(stack, ['10', '10']);
    const [one] = lines as [PlacedLine, PlacedLine];
    const [twice] = await placed(stack, released, [{ placeNo: 176_042 }, { placeNo: 176_043 }]);
    const page = await operator(listOf(product));
    await rowOf(page, idOf(one)).first().waitFor();
    const waybills = [uniqueWaybill(), uniqueWaybill()];
    await paste(page, [
      [twice.orderNo, waybills[0] ?? ''],
      [one.orderNo, waybills[1] ?? ''],
    ]);
    await page.locator('.paste-report').getByText('이 주문에 배송이 여럿입니다').waitFor();
    expect(await waybillOf(page, one)).toBe(waybills[1]);
    await page.getByText('입력한 운송장 1건').waitFor();
    // Columns that nobody can tell apart are not entered at all.
    await paste(page, [['A-1234', uniqueWaybill()]]);
    await page.locator('.paste-report').getByText('어느 열이 번호인지 알 수 없어 아무것도 넣지 않았습니다').waitFor();
    expect(await waybillOf(page, one)).toBe(waybills[1]);
    await page.context().close();
  });

  test('without numbers they fill only rows that need one, and never shift', async () => {
    const { product } = await releasedEach(stack, ['10', '40', '10', '30', '20', '10']);
    const page = await operator(listOf(product));
    await eventually(async () => (await idsOf(page)).length === 6);
    const ids = await idsOf(page);
    const waybills = [uniqueWaybill(), uniqueWaybill(), uniqueWaybill()];
    await pasteAt(
      page,
      ids[0] ?? '',
      'typedWaybill',
      waybills.map((each) => [each]),
    );
    await page.getByText('3행을 붙여넣었습니다 · 운송장이 필요 없는 3행은 건너뛰었습니다').waitFor();
    const shown = await Promise.all(ids.map((id) => cellOf(page, id, 'typedWaybill').textContent()));
    expect(shown).toEqual([waybills[0], '', waybills[1], '', '', waybills[2]]);
    // What is pasted over is told, and what is forgotten comes back on request.
    await pasteAt(page, ids[0] ?? '', 'typedWaybill', [[uniqueWaybill()]]);
    await page.getByText('먼저 입력한 운송장 1건을 바꿨습니다').waitFor();
    await page.getByRole('button', { name: '입력 3건 지우기' }).click();
    await page.getByRole('button', { name: '되돌리기' }).click();
    await page.getByText('입력한 운송장 3건').waitFor();
    await page.context().close();
  });

  test('a waybill for two deliveries, or in use, is marked and held before it is sent, unless a person says 합포장', async () => {
    const { product, lines } = await releasedEach(stack, ['10', '10', '10']);
    const [one, two, three] = lines as [PlacedLine, PlacedLine, PlacedLine];
    const [shipped] = await placed(stack, [...released, 'ship']);
    const taken = (await listedLine(stack, shipped))?.waybillNo ?? '';
    const page = await operator(listOf(product));
    await rowOf(page, idOf(three)).first().waitFor();
    const shared = uniqueWaybill();
    await paste(page, [
      [one.deliveryNo, shared],
      [two.deliveryNo, shared],
      [three.deliveryNo, taken],
    ]);
    await eventually(async () => (await page.locator('.ag-cell.faulty[col-id="typedWaybill"]').count()) === 3);
    await cellOf(page, idOf(three), 'typedWaybill').hover();
    await page.getByText(`이미 ${shipped.deliveryNo}에서 쓰는 운송장입니다`).waitFor();
    await page.locator('.actions [data-command="ship"]').click();
    await dialogOf(page).getByText('겹치는 3건은 보내지 않습니다').waitFor();
    expect(await dialogOf(page).locator('[type=submit]').isDisabled()).toBe(true);
    await dialogOf(page).getByText('합포장').last().click();
    await dialogOf(page).getByText('다음 3건을 출고완료 처리합니다.').waitFor();
    await dialogOf(page).locator('[type=submit]').click();
    await allShipped([one, two]);
    expect(await listedLine(stack, one)).toMatchObject({ waybillNo: shared });
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a scan obeys the same rules: no parcel, a waybill in use, and another one in its place', async () => {
    const { product, lines } = await releasedEach(stack, ['40', '10']);
    const [coupon, parcel] = lines as [PlacedLine, PlacedLine];
    const [shipped] = await placed(stack, [...released, 'ship']);
    const taken = (await listedLine(stack, shipped))?.waybillNo ?? '';
    const page = await operator(listOf(product));
    await page.getByRole('button', { name: '스캔 모드' }).click();
    const told = async (code: string, text: string) => {
      await scanCode(page, code);
      await page.locator('.scan output').getByText(text, { exact: true }).waitFor();
    };
    await told(coupon.deliveryNo, `${coupon.deliveryNo}: 택배가 아닙니다 (e-쿠폰)`);
    await told(parcel.deliveryNo.toLowerCase(), `${parcel.deliveryNo} · 내역 1건`);
    await told(taken, `${taken}: 이미 ${shipped.deliveryNo}에서 쓰는 운송장입니다`);
    const [first, second] = [uniqueWaybill(), uniqueWaybill()];
    await told(first, `${parcel.deliveryNo} ← ${first} (1건)`);
    await told(parcel.deliveryNo, `${parcel.deliveryNo} · 내역 1건`);
    await told(second, `${parcel.deliveryNo} ← ${second} (1건) · 먼저 찍은 ${first} 대신`);
    await page.context().close();
  });
});
