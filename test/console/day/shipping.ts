import { equal, match } from 'node:assert/strict';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import type { Download } from 'playwright-core';
import { act, resultOf, rowOf, selectRow } from '../../support/browser/browser.ts';
import { cellOf, dialogOf, idOf, scanCode, typeInto } from '../../support/browser/console.ts';
import { HEADER, workbook } from '../../support/scenes/sheets.ts';
import { eventually } from '../../support/stack.ts';
import { paste } from '../paste/deliveries.ts';
import { areAll, type Day, open } from './ordering.ts';

/** Sends what was typed, pasted or scanned. */
async function shipTyped({ page }: Day, count: number): Promise<void> {
  await page.getByText(`입력한 운송장 ${count}건`).waitFor();
  await act(page, 'ship');
  match(await resultOf(page), new RegExp(`^출고완료 ${count}건 완료`));
}

/** A carrier's list in its own order, with rows between that are no parcels, and one waybill twice. */
export async function shipByPaste(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  const [one, two, three, four] = orders.pasted;
  const [coupon, visit] = orders.noParcels;
  await open(day, '/lines/ship');
  await rowOf(page, idOf(four)).first().waitFor();
  const [first, third, fourth] = [meant.parcel([one]), meant.parcel([three], '05'), meant.parcel([four])];
  const shared = meant.parcel(orders.together);
  await paste(page, [
    ['배송번호', '택배사', '운송장번호'],
    [four.deliveryNo, 'CJ대한통운', fourth],
    [coupon.deliveryNo, 'CJ대한통운', meant.wrong()],
    [orders.together[0].deliveryNo, '04', shared],
    [three.deliveryNo, '한진택배', third],
    [visit.deliveryNo, '04', meant.wrong()],
    [two.deliveryNo, '04', first],
    [one.deliveryNo.toLowerCase(), '04', first],
  ]);
  const report = page.locator('.paste-report');
  await report.getByText('6행을 붙여넣었습니다 · 2행은 넣지 못했습니다').waitFor();
  equal(await report.locator('li').count(), 2);
  // The second of the two that have one waybill is typed anew: neither is marked any more.
  await eventually(async () => (await page.locator('.ag-cell.faulty[col-id="typedWaybill"]').count()) === 2);
  await typeInto(page, idOf(two), 'typedWaybill', meant.parcel([two]));
  await eventually(async () => (await page.locator('.ag-cell.faulty').count()) === 0);
  await report.getByRole('button', { name: '붙여넣기 결과 닫기' }).click();
  await shipTyped(day, 6);
  await areAll(day, [...orders.pasted, ...orders.together], 'shipped');
}

/** A barcode reader, which reads the second parcel first. */
export async function shipByScan(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  await page.getByRole('button', { name: '스캔 모드' }).click();
  for (const line of orders.scanned.toReversed()) {
    const waybill = meant.parcel([line]);
    await scanCode(page, line.deliveryNo);
    await page.locator('.scan output').getByText(`${line.deliveryNo} · 내역 1건`, { exact: true }).waitFor();
    await scanCode(page, waybill);
    await page.locator('.scan output').getByText(`${line.deliveryNo} ← ${waybill} (1건)`, { exact: true }).waitFor();
  }
  await page.getByRole('button', { name: '스캔 모드' }).click();
  await shipTyped(day, 2);
  await areAll(day, orders.scanned, 'shipped');
}

/** What is no parcel needs no waybill. */
export async function shipOthers(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  for (const line of orders.noParcels) await selectRow(page, idOf(line));
  await act(page, 'ship');
  match(await resultOf(page), /^출고완료 2건 완료/);
  for (const line of orders.noParcels) meant.state(line, 'shipped');
}

const bytesOf = async (download: Download): Promise<Uint8Array> => {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part));
  return new Uint8Array(Buffer.concat(parts));
};

/** A sheet with one waybill too short: its row is downloaded, mended in the sheet and uploaded again. */
export async function shipBySheet(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  const [one, two, three] = orders.sheet;
  const [first, second, third] = [meant.parcel([one]), meant.parcel([two], '06'), meant.parcel([three])];
  await open(day, '/bulk');
  const choose = async (name: string, bytes: Uint8Array) => {
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
    await page.locator(`.job[aria-label="${name}"]`).waitFor();
  };
  const start = async (rows: number) => {
    await page.getByRole('button', { name: `${rows}행 출고완료 시작` }).click();
    await page.locator('.job[data-state=completed]').waitFor();
  };
  const rows = [
    [three.deliveryNo, three.lineNo, '04', third],
    [one.deliveryNo, one.lineNo, '04', first],
    [two.deliveryNo, two.lineNo, '06', second.slice(0, 5)],
  ];
  await choose('오후.xlsx', await workbook(rows));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '고칠 1행만 받기' }).click(),
  ]);
  await start(2);
  const { sheets } = await readXlsx(await bytesOf(download));
  const at = (sheets[0]?.rows ?? []).find((row) => row.includes(HEADER[3] ?? ''))?.indexOf(HEADER[3] ?? '') ?? -1;
  const mended = (sheets[0]?.rows ?? []).map((row) =>
    row.map((cell, column) => (column === at && cell === second.slice(0, 5) ? second : cell)),
  );
  await choose('고친 것.xlsx', await writeXlsx({ sheets: [{ name: '출고완료', rows: mended }] }));
  await start(1);
  await areAll(day, orders.sheet, 'shipped');
}

/** Not on the shelf, then found, then shipped by typing. */
export async function missingAndFound(day: Day): Promise<void> {
  const { page, orders, meant } = day;
  const id = idOf(orders.missing);
  await open(day, '/lines/stockout');
  await selectRow(page, id);
  await page.locator('.actions [data-command="report-stockout"]').click();
  await dialogOf(page).getByRole('button', { name: '재고 부족' }).click();
  await dialogOf(page).locator('[type=submit]').click();
  match(await resultOf(page), /^결품등록 1건 완료/);
  await areAll(day, [orders.missing], 'awaitingShipment');
  await open(day, '/lines/clear');
  await selectRow(page, id);
  await act(page, 'clear-stockout');
  match(await resultOf(page), /^결품해제 1건 완료/);
  await areAll(day, [orders.missing], 'released');
  await open(day, '/lines/ship');
  await cellOf(page, id, 'typedWaybill').waitFor();
  await typeInto(page, id, 'typedWaybill', meant.parcel([orders.missing]));
  await shipTyped(day, 1);
  await areAll(day, [orders.missing], 'shipped');
}
