import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty } from 'fast-check';
import { sql } from 'kysely';
import { openedSheet, shownOf, storableText } from '../../support/opened-sheet.ts';
import { placeIn, unique } from '../../support/scenes/orders.ts';
import { claimBody, postClaim } from '../../support/scenes/pickups.ts';
import { BULK, csv, upload } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const RUNS = 25;
const withPii = ['delivery.read', 'pickup.read', 'pii.read'];

async function exported(path: string) {
  const response = await fetch(stack.url + path, { headers: { authorization: `Bearer ${await stack.token(withPii)}` } });
  expect(response.status).toBe(200);
  const sheet = await openedSheet(new Uint8Array(await response.arrayBuffer()));
  return { ...sheet, disposition: response.headers.get('content-disposition') ?? '' };
}

/** The first row of an export by its titles. */
async function firstRow(path: string): Promise<Record<string, unknown>> {
  const { rows } = await exported(path);
  expect(rows).toHaveLength(2);
  return Object.fromEntries((rows[0] ?? []).map((title, at) => [String(title), rows[1]?.[at] ?? null]));
}

const jobOf = async (name: string) => {
  const sheet = csv([['없는배송', 1, '04', '681234567890']]);
  const { status, body } = await upload(stack, sheet, { name });
  expect(status).toBe(201);
  return body.id as string;
};

describe('texts that an earlier version, or another program, has stored', () => {
  test('lines and pickups, masked and with people, open elsewhere and show all that XML can hold', async () => {
    const line = await placeIn(stack, 'shipped');
    const claim = claimBody('return', line.orderNo, [{ lineNo: line.lineNo, quantity: 1 }]);
    expect((await postClaim(stack, claim)).status).toBe(201);
    const lines = `/api/bo/v1/delivery-lines/export.xlsx?orderNo=${line.orderNo}`;
    const pickups = `/api/bo/v1/pickups/export.xlsx?claimNo=${claim.claimNo}`;
    const open = `&unmasked=true&reason=${encodeURIComponent('송장 출력')}`;
    const texts = array(storableText, { minLength: 6, maxLength: 6 });
    await assert(
      asyncProperty(texts, async ([product = '', option = '', name = '', phone = '', address = '', memo = '']) => {
        await stack.db.query(
          sql`update order_lines set product_name = ${product}, option_name = ${option} where order_no = ${line.orderNo}`,
        );
        await stack.db.query(
          sql`update delivery_lines set stockout_reason = ${memo}, waybill_no = ${phone} where order_no = ${line.orderNo}`,
        );
        await stack.db.query(
          sql`update orders set receiver_name = ${name}, receiver_phone = ${phone}, receiver_address1 = ${address}, receiver_memo = ${memo},
                orderer_name = ${name}, orderer_phone = ${phone} where order_no = ${line.orderNo}`,
        );
        await stack.db.query(
          sql`update pickups set pickup_name = ${name}, pickup_phone = ${phone}, pickup_address1 = ${address}, pickup_memo = ${memo}
              where order_no = ${line.orderNo}`,
        );
        await stack.db.query(
          sql`update pickup_items set product_name = ${product}, option_name = ${option}
              where pickup_no in (select pickup_no from pickups where order_no = ${line.orderNo})`,
        );
        const bought = { 상품명: shownOf(product), 옵션: shownOf(option), 결품사유: shownOf(memo), 운송장번호: shownOf(phone) };
        const person = { 전화: shownOf(phone), 주소: shownOf(address) };
        expect(await firstRow(lines)).toMatchObject(bought);
        expect(await firstRow(lines + open)).toMatchObject({
          ...bought,
          '받는 분': shownOf(name),
          '받는 분 전화': shownOf(phone),
          주소: shownOf(address),
          배송메모: shownOf(memo),
          주문자: shownOf(name),
          '주문자 전화': shownOf(phone),
        });
        const 상품 = shownOf(`${product} (${option}) × 1`);
        expect(await firstRow(pickups)).toMatchObject({ 상품 });
        expect(await firstRow(pickups + open)).toMatchObject({
          ...person,
          상품,
          '수거할 분': shownOf(name),
          수거메모: shownOf(memo),
        });
      }),
      { numRuns: RUNS },
    );
  });

  test('a job’s result: its file’s name, titles and cells', async () => {
    const id = await jobOf('출고완료.csv');
    await assert(
      asyncProperty(storableText, array(storableText, { minLength: 1, maxLength: 4 }), async (fileName, texts) => {
        const kept = JSON.stringify(texts);
        await stack.db.query(sql`update bulk_shipments set file_name = ${fileName}, titles = ${kept}::jsonb where id = ${id}`);
        await stack.db.query(sql`update bulk_shipment_rows set cells = ${kept}::jsonb where job_id = ${id}`);
        const { rows } = await exported(`${BULK}/${id}/result.xlsx`);
        const own = texts.map(shownOf);
        expect(rows.map((row) => row.slice(0, own.length))).toEqual([own, own]);
        expect(rows[0]?.slice(own.length)).toEqual(['결과', '사유']);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a result is there whatever the uploaded file is called', () => {
  test.each([
    '출고완료[11월].csv',
    '11/27: 출고완료*?\\최종.csv',
    "'출고완료'.csv",
    'History.csv',
    '.csv',
    `${'출고완료'.repeat(40)}.csv`,
    `출고 완료 ${'😀'.repeat(30)}.csv`,
    '출고%0d%0a"완료"; filename=x.csv',
  ])('%s', async (name) => {
    const { rows, disposition } = await exported(`${BULK}/${await jobOf(name)}/result.xlsx`);
    expect(rows[1]).toEqual(['없는배송', '1', '04', '681234567890', expect.any(String), expect.any(String)]);
    expect(disposition).toMatch(/^attachment; filename="export\.xlsx"; filename\*=UTF-8''[\w%.-]+\.xlsx$/);
  });
});

test('names on the wire that no file may have come back as one that every system takes', async () => {
  const { disposition, name } = await exported(`${BULK}/${await jobOf(`${unique('출고')}[11월]:1.csv`)}/result.xlsx`);
  expect(decodeURIComponent(disposition)).toMatch(/출고완료 결과 출고.*\[11월\]_1\.xlsx$/);
  expect(name).not.toMatch(/[[\]:]/);
});
