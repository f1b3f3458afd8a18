import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  command,
  listedLine,
  type PlacedLine,
  placeIn,
  placeOrder,
  storedHistory,
  take,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { BULK, downloaded, ended, HEADER, start, upload, workbook } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** An order of so many lines, one delivery, all 출고지시. */
async function released(lines = 1): Promise<PlacedLine[]> {
  const placed = await placeOrder(stack, Array(lines).fill({}));
  for (const name of ['instruct', 'release']) await command(stack, name, [{ deliveryNo: placed[0]?.deliveryNo }]);
  return placed;
}

describe('관리자는 엑셀 대량 데이터 일괄 출고완료 처리를 위해 데이터 조회 후 유효성 체크를 진행합니다', () => {
  test('출고완료일괄등록정보조회: deliveries with their lines, and the numbers that are none', async () => {
    const [line] = await released(2);
    const { status, body } = await stack.get(`${BULK}/lookup?deliveryNo=${line?.deliveryNo}&deliveryNo=D-none`);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { deliveryNo: line?.deliveryNo, lines: [{ lineNo: 1, state: 'released' }, { lineNo: 2 }] },
    ]);
    expect(body.notFound).toEqual(['D-none']);
    const written = encodeURIComponent(` ${line?.deliveryNo.toLowerCase().slice(0, 7)}-${line?.deliveryNo.slice(7)}`);
    const again = (await stack.get(`${BULK}/lookup?deliveryNo=${written}&deliveryNo=${line?.deliveryNo}`)).body;
    expect([again.items.map(({ deliveryNo }: any) => deliveryNo), again.notFound]).toEqual([[line?.deliveryNo], []]);
    const many = Array.from({ length: 101 }, (_, at) => `deliveryNo=D${at}`).join('&');
    expect((await stack.get(`${BULK}/lookup?${many}`)).status).toBe(400);
    expect((await stack.get(`${BULK}/lookup`)).status).toBe(400);
  });

  test('the whole way: upload, validation, start, result, and the same file once more', async () => {
    const [one] = await released();
    const whole = await released(2);
    const ordered = await placeIn(stack, 'ordered');
    const shipped = await placeIn(stack, 'shipped');
    const [waybill, second] = [uniqueWaybill(), uniqueWaybill()];
    const sheet = await workbook([
      [one?.deliveryNo ?? '', 1, '04', `${waybill.slice(0, 4)}-${waybill.slice(4)}`],
      [whole[0]?.deliveryNo ?? '', null, 'CJ대한통운', Number(second)],
      [ordered.deliveryNo, 1, '04', uniqueWaybill()],
      [shipped.deliveryNo, 1, '04', shipped.waybillNo],
      ['D000000', 1, '04', '12'],
    ]);
    const uploaded = await upload(stack, sheet, { name: '11월 23일.xlsx' });
    expect(uploaded.status).toBe(201);
    expect(uploaded.body).toMatchObject({
      fileName: '11월 23일.xlsx',
      state: 'validated',
      total: 5,
      valid: 2,
      invalid: 2,
      skipped: 1,
      processed: 0,
      by: 'kim',
    });
    expect(uploaded.body.errors).toEqual([
      { row: 4, deliveryNo: ordered.deliveryNo, code: 'TRANSITION_NOT_ALLOWED', title: expect.stringContaining('주문완료') },
      { row: 6, deliveryNo: 'D000000', code: 'WAYBILL_INVALID', title: expect.any(String) },
      { row: 6, deliveryNo: 'D000000', code: 'DELIVERY_NOT_FOUND', title: expect.any(String) },
    ]);
    expect(await listedLine(stack, one as PlacedLine)).toMatchObject({ state: 'released' });

    const { id } = uploaded.body;
    expect(await start(stack, id)).toMatchObject({ status: 202, body: { id, state: 'running' } });
    expect(await ended(stack, id)).toMatchObject({
      state: 'completed',
      processed: 2,
      succeeded: 2,
      failed: 0,
      secondsLeft: null,
    });
    expect(await listedLine(stack, one as PlacedLine)).toMatchObject({ state: 'shipped', carrierCode: '04', waybillNo: waybill });
    for (const line of whole) expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', waybillNo: second });
    expect((await storedHistory(stack, one as PlacedLine)).at(-1)).toMatchObject({ command: 'ship', by: 'kim' });

    const result = await downloaded(stack, `${BULK}/${id}/result.xlsx`);
    expect(result[0]).toEqual([...HEADER, '결과', '사유']);
    expect(result.slice(1).map((row) => row[4])).toEqual(['성공', '성공', '오류', '건너뜀', '오류']);
    expect(result[3]?.[5]).toContain('주문완료');
    expect(result[2]?.slice(0, 4)).toEqual([whole[0]?.deliveryNo, '', 'CJ대한통운', second]);

    // The same file again is a new job in which done rows are skipped.
    const again = await upload(stack, sheet);
    expect(again.body).toMatchObject({ state: 'validated', total: 5, valid: 0, invalid: 2, skipped: 3 });
    expect(again.body.id).not.toBe(id);
    expect((await start(stack, again.body.id)).status).toBe(202);
    expect(await ended(stack, again.body.id)).toMatchObject({ state: 'completed', processed: 0 });
    const jobs = await stack.get(`${BULK}?limit=1`);
    expect(jobs.body).toMatchObject({ items: [{ id: again.body.id }], nextCursor: expect.any(String) });
    // The list says of a job what the job says of itself, its rate included.
    const { body: listed } = await stack.get(BULK);
    expect(listed.items.some(({ ratePerSecond }: any) => ratePerSecond !== null)).toBe(true);
    for (const job of listed.items) expect((await stack.get(`${BULK}/${job.id}`)).body).toMatchObject(job);
    expect((await stack.get(`${BULK}?cursor=${jobs.body.nextCursor}`)).body.items).toMatchObject([{ id }]);
  });

  test('failed rows are easy to fix: the result sheet, corrected, is uploaded again', async () => {
    const line = await placeIn(stack, 'instructed');
    const [other] = await released();
    const waybillNo = uniqueWaybill();
    const first = await upload(
      stack,
      await workbook([
        [line.deliveryNo, 1, '04', waybillNo],
        [other?.deliveryNo ?? '', 1, '04', uniqueWaybill()],
      ]),
    );
    const failed = await downloaded(stack, `${BULK}/${first.body.id}/result.xlsx?only=failed`);
    expect(failed).toEqual([
      [...HEADER, '결과', '사유'],
      [line.deliveryNo, '1', '04', waybillNo, '오류', expect.stringContaining('배송지시')],
    ]);
    await take(stack, line, ['release']);
    const second = await upload(stack, await workbook(failed.slice(1), failed[0] as string[]));
    expect(second.body).toMatchObject({ total: 1, valid: 1, invalid: 0 });
    const again = await downloaded(stack, `${BULK}/${second.body.id}/result.xlsx`);
    expect(again[0]).toEqual([...HEADER, '결과', '사유']);
  });
});

describe('the job', () => {
  test('its events tell counts, rate and time left, and end with it', async () => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => released()));
    const rows = lines.map(([line]) => [line?.deliveryNo ?? '', 1, '04', uniqueWaybill()]);
    const { id } = (await upload(stack, await workbook(rows))).body;
    const headers = { authorization: `Bearer ${await stack.token()}` };
    const response = await fetch(`${stack.url}${BULK}/${id}/events`, { headers });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await start(stack, id);
    const events = (await response.text()).match(/^data: (.*)$/gm)?.map((line) => JSON.parse(line.slice(6))) ?? [];
    expect(events[0]).toMatchObject({ state: 'validated', processed: 0 });
    expect(events.at(-1)).toMatchObject({
      id,
      state: 'completed',
      valid: 6,
      processed: 6,
      succeeded: 6,
      ratePerSecond: expect.any(Number),
    });
  });

  test('cancel before the start: nothing is shipped and it cannot be started', async () => {
    const [line] = await released();
    const { id } = (await upload(stack, await workbook([[line?.deliveryNo ?? '', 1, '04', uniqueWaybill()]]))).body;
    expect(await stack.post(`${BULK}/${id}/cancel`, undefined)).toMatchObject({ status: 202, body: { state: 'canceled' } });
    expect(await start(stack, id)).toMatchObject({ status: 409, body: { code: 'BULK_FINISHED' } });
    expect((await stack.post(`${BULK}/${id}/cancel`, undefined)).status).toBe(202);
    expect(await listedLine(stack, line as PlacedLine)).toMatchObject({ state: 'released' });
  });

  test('a line canceled or shipped by hand between validation and start fails, or is skipped, alone', async () => {
    const [canceled, shipped, same, fine] = (await Promise.all([released(), released(), released(), released()])).flat();
    const waybillNo = uniqueWaybill();
    const rows = [canceled, shipped, same, fine].map((line) => [
      line?.deliveryNo ?? '',
      1,
      '04',
      line === same ? waybillNo : uniqueWaybill(),
    ]);
    const { body } = await upload(stack, await workbook(rows));
    expect(body).toMatchObject({ valid: 4 });
    await stack.post(`/api/order/v1/orders/${canceled?.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] });
    await take(stack, shipped as PlacedLine, ['ship']);
    await command(stack, 'ship', [{ deliveryNo: same?.deliveryNo, lineNo: 1, carrierCode: '04', waybillNo }]);
    await start(stack, body.id);
    expect(await ended(stack, body.id)).toMatchObject({ total: 4, valid: 3, skipped: 1, succeeded: 1, failed: 2, processed: 3 });
    const result = await downloaded(stack, `${BULK}/${body.id}/result.xlsx`);
    expect(result.slice(1).map((row) => row[4])).toEqual(['실패', '실패', '건너뜀', '성공']);
    expect(result[2]?.[5]).toContain('출고완료');
  });

  test('unknown, or asked without the permission', async () => {
    for (const path of ['', '/events', '/result.xlsx'])
      expect(await stack.get(`${BULK}/none${path}`)).toMatchObject({ status: 404, body: { code: 'BULK_NOT_FOUND' } });
    for (const act of ['start', 'cancel'])
      expect(await stack.post(`${BULK}/none/${act}`, undefined)).toMatchObject({ status: 404, body: { code: 'BULK_NOT_FOUND' } });
    const token = await stack.token(['delivery.read']);
    expect((await stack.post(`${BULK}/none/start`, undefined, { token })).status).toBe(403);
  });
});
