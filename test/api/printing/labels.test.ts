import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { commandLine, placeIn, placeOrder, receiver, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { print } from './opened-pdf.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token(['delivery.read', 'pii.read', 'audit.read']);
});
afterAll(() => stack.stop());

const labels = (body: object, headers: Record<string, string> = {}, by = token) => print(stack.url, by, 'labels', body, headers);
const printsOf = async (deliveryNo: string) =>
  (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}?masked=true`, { token })).body.prints as { copy: number }[];
const accessesOf = async (deliveryNo: string) =>
  (await stack.get(`/api/bo/v1/personal-data-accesses?subject=${deliveryNo}`, { token })).body.items;

describe('a label', () => {
  test('has waybill and delivery as bars that a scanner reads, the receiver unmasked, and says 미정제', async () => {
    const line = await placeIn(stack, 'shipped', { productName: '캠핑 의자', quantity: 2 });
    const { status, pages, headers } = await labels({ deliveryNos: [line.deliveryNo], reason: '출고' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(pages).toHaveLength(1);
    const [page] = pages;
    expect([Math.round(page?.width ?? 0), Math.round(page?.height ?? 0)]).toEqual([100, 150]);
    for (const text of [
      'CJ대한통운',
      '미정제',
      receiver.name,
      receiver.phone,
      receiver.zipCode,
      receiver.memo,
      '캠핑 의자',
      '2개',
      line.deliveryNo,
    ])
      expect(page?.text).toContain(text.replace(/\s/g, ''));
    expect(page?.text).toContain(`${receiver.address1}${receiver.address2}`.replace(/\s/g, ''));
    expect(page?.text).not.toContain('재출력');
    expect(await page?.scan()).toEqual([String(line.waybillNo), line.deliveryNo].sort());
  });

  test('of A4 paper stands four on a sheet, each readable', async () => {
    const lines = await Promise.all(Array.from({ length: 5 }, () => placeIn(stack, 'shipped')));
    const { pages } = await labels({ deliveryNos: lines.map(({ deliveryNo }) => deliveryNo), paper: 'A4' });
    expect(pages.map(({ width, height }) => [Math.round(width), Math.round(height)])).toEqual([
      [210, 297],
      [210, 297],
    ]);
    const bars = lines.map(({ deliveryNo, waybillNo }) => [deliveryNo, String(waybillNo)]);
    // Office printers have 300 dpi and more.
    expect(await pages[0]?.scan(300)).toEqual(bars.slice(0, 4).flat().sort());
    expect(await pages[1]?.scan(300)).toEqual(bars.slice(4).flat().sort());
  });

  test('is one for deliveries that share a waybill (합포장), with the goods of all', async () => {
    const waybillNo = uniqueWaybill();
    const [first] = await placeOrder(stack, [{ productName: '의자' }]);
    const [second] = await placeOrder(stack, [{ productName: '랜턴' }]);
    if (!first || !second) throw new Error('no lines');
    for (const line of [first, second]) {
      await take(stack, line, ['instruct', 'release']);
      const shipped = await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo }, { combine: true });
      expect(shipped).toMatchObject({ ok: true });
    }
    const { pages } = await labels({ deliveryNos: [first.deliveryNo, second.deliveryNo] });
    expect(pages).toHaveLength(1);
    for (const text of ['의자', '랜턴', '외1건합포장', '모두4개']) expect(pages[0]?.text).toContain(text);
    // The same parcel by the other delivery alone: its label is there already.
    expect((await labels({ deliveryNos: [second.deliveryNo] })).pages[0]?.text).toContain('재출력1');
  });

  test('says what is to be paid on arrival', async () => {
    const line = await placeIn(stack, 'shipped');
    await stack.db.query(sql`update deliveries set payment = 'collect', fee = 3500 where delivery_no = ${line.deliveryNo}`);
    expect((await labels({ deliveryNos: [line.deliveryNo] })).pages[0]?.text).toContain('착불3,500원');
  });
});

describe('a reprint', () => {
  test('is counted, shown on the label and in the detail; a repeat of the request is none', async () => {
    const { deliveryNo } = await placeIn(stack, 'shipped');
    const key = { 'idempotency-key': unique('print') };
    const body = { deliveryNos: [deliveryNo] };
    for (const _ of [1, 2]) expect((await labels(body, key)).pages[0]?.text).not.toContain('재출력');
    expect(await printsOf(deliveryNo)).toMatchObject([{ kind: 'label', copy: 1, by: 'kim', carrierCode: '04' }]);
    expect((await labels(body)).pages[0]?.text).toContain('재출력1');
    expect((await labels(body)).pages[0]?.text).toContain('재출력2');
    expect((await labels(body, key)).pages[0]?.text).not.toContain('재출력');
    expect((await printsOf(deliveryNo)).map(({ copy }) => copy)).toEqual([3, 2, 1]);
    expect(await labels({ ...body, paper: 'A4' }, key)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test('of two at once, one is the second', async () => {
    const { deliveryNo } = await placeIn(stack, 'shipped');
    const both = await Promise.all([1, 2].map(() => labels({ deliveryNos: [deliveryNo] })));
    const again = both.map(({ pages }) => pages[0]?.text.includes('재출력1'));
    expect(again.sort()).toEqual([false, true]);
  });

  test('of a corrected waybill is none: it is another label', async () => {
    const line = await placeIn(stack, 'shipped');
    await labels({ deliveryNos: [line.deliveryNo] });
    await take(stack, line, ['correct-waybill']);
    const { pages } = await labels({ deliveryNos: [line.deliveryNo] });
    expect(pages[0]?.text).not.toContain('재출력');
    expect(await printsOf(line.deliveryNo)).toHaveLength(2);
  });
});

describe('the receiver of a label', () => {
  test('needs pii.read', async () => {
    const { deliveryNo } = await placeIn(stack, 'shipped');
    const refused = await labels({ deliveryNos: [deliveryNo] }, {}, await stack.token(['delivery.read']));
    expect(refused).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED', permission: 'pii.read' } });
    expect(await printsOf(deliveryNo)).toEqual([]);
  });

  test('leaves one access row for the whole print, with all its numbers', async () => {
    const [one, other] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    await labels({ deliveryNos: [one.deliveryNo, other.deliveryNo], reason: '오전 출고' });
    const rows = await accessesOf(one.deliveryNo);
    expect(rows).toMatchObject([
      { sub: 'kim', route: 'POST /api/bo/v1/prints/labels', subjects: [one.deliveryNo, other.deliveryNo], reason: '오전 출고' },
    ]);
    expect(await accessesOf(other.deliveryNo)).toEqual(rows);
  });

  test('is not printed when the access row cannot be written', async () => {
    const { deliveryNo } = await placeIn(stack, 'shipped');
    await stack.db.query(sql`alter table personal_data_accesses add constraint none check (subject <> ${sql.lit(deliveryNo)})`);
    const { status, pages } = await labels({ deliveryNos: [deliveryNo] });
    await stack.db.query(sql`alter table personal_data_accesses drop constraint none`);
    expect([status >= 400, pages]).toEqual([true, []]);
  });
});
