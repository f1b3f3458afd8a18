import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, placeOrder, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { BULK, downloaded, ended, start, upload, workbook } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const METHODS = ['10', '20', '30', '40'];
/** Released lines, one of each method in its own delivery, and a second pick-up at the counter. */
async function everyMethod() {
  const placed = await placeOrder(
    stack,
    [...METHODS, '30'].map((methodCode) => ({ methodCode })),
  );
  for (const { deliveryNo } of new Map(placed.map((line) => [line.deliveryNo, line])).values())
    for (const command of ['instruct', 'release'])
      await stack.post(`/api/bo/v1/delivery-lines/${command}`, { lines: [{ deliveryNo }] });
  return placed;
}
const stateOf = async (deliveryNo: string): Promise<string[]> =>
  (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}/items`)).body.items.map((line: any) => line.state);

/** The exported list as a person fills it in: a carrier and a waybill in every row, whatever it says beside it. */
async function filledIn(orderNo: string, waybill: (at: number) => string) {
  const [head = [], ...rows] = await downloaded(
    stack,
    `/api/bo/v1/delivery-lines/export.xlsx?orderNo=${orderNo}&sort=deliveryNo`,
  );
  const column = (title: string) => head.indexOf(title);
  for (const [at, row] of rows.entries()) {
    row[column('택배사코드')] = '04';
    row[column('운송장번호')] = waybill(at);
  }
  const note = (row: unknown[]) => [row[column('배송방법')], row[column('비고')] ?? ''];
  return { rows, notes: rows.map(note), bytes: await workbook(rows, head as string[]) };
}

describe('the exported list, filled in and uploaded, ships the parcels alone', () => {
  test('rows that are no parcels are marked in the export, skipped by the upload, and say so in the result', async () => {
    const placed = await everyMethod();
    const { bytes, notes, rows } = await filledIn(placed[0]?.orderNo ?? '', () => uniqueWaybill());
    const marked = '택배 아님 – 올려도 출고되지 않음';
    expect(notes.sort()).toEqual(
      [
        ['택배', ''],
        ['직접배송', marked],
        ['방문수령', marked],
        ['방문수령', marked],
        ['e-쿠폰', marked],
      ].sort(),
    );
    const { status, body: job } = await upload(stack, bytes);
    expect([status, job.errors]).toEqual([201, []]);
    expect(job).toMatchObject({ total: 5, valid: 1, invalid: 0, skipped: 4, notParcels: 4 });
    const others = rows.flatMap((row, at) =>
      placed[0]?.deliveryNo === row[0] ? [] : [{ row: at + 2, deliveryNo: row[0], code: 'NOT_A_PARCEL' }],
    );
    expect(job.skippedRows).toMatchObject(others);
    expect(job.skippedRows).toHaveLength(4);

    await start(stack, job.id);
    expect(await ended(stack, job.id)).toMatchObject({ state: 'completed', succeeded: 1, failed: 0, skipped: 4, notParcels: 4 });
    for (const { deliveryNo, methodCode } of placed.map((line, at) => ({ ...line, methodCode: [...METHODS, '30'][at] })))
      expect([methodCode, new Set(await stateOf(deliveryNo))]).toEqual([
        methodCode,
        new Set([methodCode === '10' ? 'shipped' : 'released']),
      ]);
    const [head = [], ...result] = await downloaded(stack, `${BULK}/${job.id}/result.xlsx`);
    const said = result.map((row) => [
      row[0] === placed[0]?.deliveryNo,
      row[head.indexOf('결과')],
      String(row[head.indexOf('사유')] ?? ''),
    ]);
    expect(said.filter(([isParcel]) => isParcel)).toEqual([[true, '성공', '']]);
    expect(said.filter(([isParcel]) => !isParcel)).toEqual(
      Array.from({ length: 4 }, () => [false, '건너뜀', expect.stringContaining('택배가 아니')]),
    );
    // Nothing is left to be fixed.
    expect(await downloaded(stack, `${BULK}/${job.id}/result.xlsx?only=failed`)).toHaveLength(1);
  });

  test('one waybill filled down over all rows spoils nothing of the parcel’s', async () => {
    const placed = await everyMethod();
    const one = uniqueWaybill();
    const { bytes } = await filledIn(placed[0]?.orderNo ?? '', () => one);
    expect((await upload(stack, bytes)).body).toMatchObject({ total: 5, valid: 1, invalid: 0, skipped: 4, notParcels: 4 });
  });

  test('?others=include ships them as before; another wish under the same key is another body', async () => {
    const placed = await everyMethod();
    const { bytes } = await filledIn(placed[0]?.orderNo ?? '', () => uniqueWaybill());
    const headers = { 'idempotency-key': unique('key') };
    const { body: job } = await upload(stack, bytes, { query: '?others=include', headers });
    expect(job).toMatchObject({ total: 5, valid: 5, invalid: 0, skipped: 0, notParcels: 0, skippedRows: [] });
    expect(await upload(stack, bytes, { headers })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await start(stack, job.id);
    expect(await ended(stack, job.id)).toMatchObject({ succeeded: 5, failed: 0 });
    for (const { deliveryNo } of placed) expect(new Set(await stateOf(deliveryNo))).toEqual(new Set(['shipped']));
    expect(await upload(stack, bytes, { query: '?others=yes' })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });
});

describe('a row that is no parcel', () => {
  test('is left out whatever its cells say, with or without 순번, but not when nobody knows which it is', async () => {
    const placed = await everyMethod();
    const [parcel, direct, counter, coupon] = placed.map(({ deliveryNo }) => deliveryNo);
    const { body } = await upload(
      stack,
      await workbook([
        [parcel ?? '', 1, '04', uniqueWaybill()],
        [counter ?? '', null, null, null],
        [counter ?? '', placed[2]?.lineNo ?? 0, '04', 'abc'],
        [direct ?? '', placed[1]?.lineNo ?? 0, '없는택배', null],
        [coupon ?? '', 99, null, null],
        ['D-nobody', 1, '04', uniqueWaybill()],
      ]),
    );
    expect(body).toMatchObject({ total: 6, valid: 1, invalid: 2, skipped: 3, notParcels: 3 });
    expect(body.skippedRows.map(({ row, code }: any) => `${row} ${code}`)).toEqual([
      '3 NOT_A_PARCEL',
      '4 NOT_A_PARCEL',
      '5 NOT_A_PARCEL',
    ]);
    expect(body.errors.map(({ row, code }: any) => `${row} ${code}`)).toEqual(['6 LINE_NOT_FOUND', '7 DELIVERY_NOT_FOUND']);
    expect((await stack.get(`${BULK}/${body.id}`)).body).toEqual(body);
  });

  test('that has left already is skipped for that; a sheet of nothing else has nothing to do', async () => {
    const [line] = await placeOrder(stack, [{ methodCode: '20' }]);
    const bytes = await workbook([[line?.deliveryNo ?? '', 1, null, null]]);
    expect((await upload(stack, bytes)).body).toMatchObject({ total: 1, valid: 0, invalid: 0, skipped: 1, notParcels: 1 });
    if (line) await take(stack, line, ['instruct', 'release']);
    if (line) expect(await commandLine(stack, 'ship', line)).toMatchObject({ ok: true });
    expect((await upload(stack, bytes)).body).toMatchObject({ total: 1, valid: 0, skipped: 1, notParcels: 0, skippedRows: [] });
  });
});
