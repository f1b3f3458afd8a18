import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { placeIn, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { BULK, downloaded, HEADER, upload, workbook } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const listed = (count: number, more: object = {}) => releasedRows(stack.db, count, more);
const codes = (body: any) => body.errors.map(({ row, code }: any) => `${row} ${code}`);

describe('유효성 체크, row by row before anything moves', () => {
  test('unknown delivery and line, wrong state, waybill used elsewhere, twice in the sheet, line named twice', async () => {
    const [a = '', b = '', c = '', d = '', e = ''] = await listed(5);
    const [stockout = ''] = await listed(1, { state: 'awaitingShipment' });
    const shipped = await placeIn(stack, 'shipped');
    const [free, shared] = [uniqueWaybill(), uniqueWaybill()];
    const { body } = await upload(
      stack,
      await workbook([
        [a, 1, '04', free],
        [b, 7, '04', uniqueWaybill()],
        ['D-unknown', 1, '04', uniqueWaybill()],
        [stockout, 1, '04', uniqueWaybill()],
        [b, 1, '04', shipped.waybillNo],
        [c, 1, '04', shared],
        [d, 1, '04', shared],
        [e, null, '04', uniqueWaybill()],
        [e, 1, '04', uniqueWaybill()],
      ]),
    );
    expect(body).toMatchObject({ total: 9, valid: 1, invalid: 8, skipped: 0 });
    expect(codes(body)).toEqual([
      '3 LINE_NOT_FOUND',
      '4 DELIVERY_NOT_FOUND',
      '5 TRANSITION_NOT_ALLOWED',
      '6 WAYBILL_IN_USE',
      '7 WAYBILL_IN_USE',
      '8 WAYBILL_IN_USE',
      '9 LINE_REPEATED',
      '10 LINE_REPEATED',
    ]);
    expect(body.errors[2].title).toContain('출고대기');
  });

  test('a delivery by another method needs no waybill, a parcel does', async () => {
    const [parcel = ''] = await listed(1);
    const [direct = ''] = await listed(1, { methodCode: '20' });
    const { body } = await upload(stack, await workbook([[parcel], [direct]]), { query: '?others=include' });
    expect(body).toMatchObject({ valid: 1, invalid: 1 });
    expect(codes(body)).toEqual(['2 WAYBILL_REQUIRED']);
  });

  test('the same key again is the same job, with another file a conflict; two at once are two jobs', async () => {
    const [deliveryNo = ''] = await listed(1);
    const sheet = await workbook([[deliveryNo, 1, '04', uniqueWaybill()]]);
    const headers = { 'idempotency-key': unique('key') };
    const first = await upload(stack, sheet, { headers });
    expect((await upload(stack, sheet, { headers })).body.id).toBe(first.body.id);
    expect(await upload(stack, await workbook([[deliveryNo]]), { headers })).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const both = await Promise.all([upload(stack, sheet), upload(stack, sheet)]);
    expect(new Set(both.map(({ body }) => body.id)).size).toBe(2);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
  });

  test('an upload that the API died over is finished by the sweep: one job', async () => {
    const [deliveryNo = ''] = await listed(1);
    const key = unique('key');
    const sheet = await workbook([[deliveryNo, 1, '04', uniqueWaybill()]]);
    const { body } = await upload(stack, sheet, { headers: { 'idempotency-key': key } });
    await stack.db.query(sql`delete from bulk_shipments where id = ${body.id}`);
    await stack.db.query(
      sql`update requests set status = null, answer = null, answered_at = null, locked_until = null, sweep_at = now() where key = ${key}`,
    );
    await stack.requests.sweep();
    const again = await upload(stack, sheet, { headers: { 'idempotency-key': key } });
    expect(again).toMatchObject({ status: 201, body: { total: 1, valid: 1 } });
    expect(again.body.id).not.toBe(body.id);
  });

  test('formula injection neutralised in the result sheet', async () => {
    const sheet = await workbook(
      [['D-unknown', 1, '04', uniqueWaybill(), '=HYPERLINK("http://x","y")', '+1', '@a']],
      [...HEADER, '=1+1', '비고', '메모'],
    );
    const { body } = await upload(stack, sheet);
    const rows = await downloaded(stack, `${BULK}/${body.id}/result.xlsx`);
    for (const cell of rows.flat()) expect(String(cell ?? '')).not.toMatch(/^[=+\-@|]/);
    expect(rows[1]?.[4]).toBe(`'=HYPERLINK("http://x","y")`);
  });
});
