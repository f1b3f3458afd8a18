import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, type PlacedLine, placeIn, placeOrder, receiver, take, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack, withoutPii } from '../../support/stack.ts';
import { type OpenedPage, print } from './opened-pdf.ts';

let stack: Stack;
let masked: string;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  masked = await stack.token(withoutPii);
  token = await stack.token(['delivery.read', 'pii.read', 'audit.read']);
});
afterAll(() => stack.stop());

const picking = (body: object, headers = {}) => print(stack.url, masked, 'picking-list', body, headers);
const packing = (body: object, by = token, headers = {}) => print(stack.url, by, 'packing-list', body, headers);
const textOf = (pages: OpenedPage[]) => pages.map(({ text }) => text).join('');
/** How often a text stands there. */
const times = (text: string, part: string) => text.split(part).length - 1;
const released = (lines: PlacedLine[]) => Promise.all(lines.map((line) => take(stack, line, ['instruct', 'release'])));

describe('a picking list', () => {
  test('sums each product with its option, in order, and says for which lines', async () => {
    const own = unique('상품');
    const first = await placeOrder(stack, [
      { productName: `${own} 나`, quantity: 2 },
      { productName: `${own} 가`, quantity: 3 },
    ]);
    const second = await placeOrder(stack, [{ productName: `${own} 나`, quantity: 5 }]);
    const lines = [...first, ...second];
    await released(lines);
    const { status, pages } = await picking({ deliveryNos: [...new Set(lines.map(({ deliveryNo }) => deliveryNo))] });
    expect(status).toBe(200);
    expect(pages).toHaveLength(1);
    const text = textOf(pages);
    const name = own.replace(/\s/g, '');
    expect(text).toContain('배송2건·주문내역3줄·수량10개');
    // One row of 7 for the product in two deliveries, one of 3; by name.
    expect(text).toMatch(new RegExp(`3${name}가카키.*7${name}나카키`));
    expect(times(text, `${name}나`)).toBe(1);
    for (const [at, quantity] of [2, 3, 5].entries())
      expect(text).toContain(`${lines[at]?.deliveryNo}-${lines[at]?.lineNo}×${quantity}`);
    expect(text).not.toContain(receiver.name);
  });

  test('of lines alone leaves the delivery’s other lines where they are', async () => {
    const [one, other] = await placeOrder(stack, [{ productName: '이것' }, { productName: '저것' }]);
    if (!one || !other) throw new Error('no lines');
    await released([one, other]);
    const { deliveryNo, lineNo } = one;
    const text = textOf(
      (
        await picking({
          lines: [
            { deliveryNo, lineNo },
            { deliveryNo, lineNo },
          ],
        })
      ).pages,
    );
    expect([text.includes('이것'), text.includes('저것'), text.includes('수량2개')]).toEqual([true, false, true]);
  });

  test('names what is not picked, and why; with nothing to pick there is no list', async () => {
    const states = ['released', 'canceled', 'awaitingShipment', 'instructed', 'shipped'] as const;
    const lines = await Promise.all(states.map((state) => placeIn(stack, state, { productName: `것 ${state}` })));
    const [good, ...bad] = lines.map(({ deliveryNo }) => deliveryNo);
    const { pages } = await picking({ deliveryNos: [good, ...bad] });
    const [list, left] = [pages[0]?.text ?? '', pages[1]?.text ?? ''];
    expect(list).toContain('수량2개');
    expect(left).toContain('피킹하지않는주문내역4건');
    for (const [at, reason] of ['취소·반품', '결품(출고대기)', '출고지시전', '이미출고'].entries())
      expect(left).toContain(`${bad[at]}-1[${reason}]것${states[at + 1]}`);
    const refused = await picking({ deliveryNos: bad });
    expect(refused).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_PRINT' } });
    expect(refused.body.errors).toHaveLength(4);
  });

  test('of a number with an x between digits, or any letters that a font joins, shows each as it is', async () => {
    const numbers = ['6x79', '1X2', '3->4', '5<-6', '7-->8', '9=>1', '2<=3', '4!=5', '6:7', 'fi-fl-ffi'].map(
      (part) => `${unique('LIG')}-${part}`,
    );
    await insertRows(
      stack.db,
      numbers.map((deliveryNo) => ({ deliveryNo, state: 'released' })),
    );
    const { pages } = await picking({ deliveryNos: numbers });
    const text = textOf(pages);
    expect(numbers.filter((deliveryNo) => times(text, `${deliveryNo}-1×2`) !== 1)).toEqual([]);
  });

  test('begins each place on a page of its own, and loses no line over many pages', async () => {
    const own = unique('PK');
    const rows = Array.from({ length: 400 }, (_, at) => ({
      deliveryNo: `${own}-${String(at).padStart(3, '0')}`,
      state: 'released',
      placeNo: at < 399 ? 176_042 : null,
    }));
    await insertRows(stack.db, rows);
    const { pages } = await picking({ deliveryNos: rows.map(({ deliveryNo }) => deliveryNo) });
    expect(pages.length).toBeGreaterThan(3);
    const text = textOf(pages);
    expect(rows.filter(({ deliveryNo }) => times(text, `${deliveryNo}-1×2`) !== 1)).toEqual([]);
    for (const { pieces, width, height } of pages)
      expect(pieces.filter((piece) => piece.x + piece.width > width || piece.y + piece.height > height)).toEqual([]);
    expect(pages.at(-1)?.text).toContain('출하지없음');
  });
});

describe('a packing list', () => {
  test('is one for each delivery, masked without pii.read, with its lines and what is not in the box', async () => {
    const lines = await placeOrder(stack, [{ productName: '담는 것', quantity: 3 }, { productName: '취소한 것' }]);
    const [kept, gone] = lines;
    if (!kept || !gone) throw new Error('no lines');
    await cancel(stack, [gone]);
    const other = await placeIn(stack, 'shipped');
    const { pages } = await packing({ deliveryNos: [kept.deliveryNo, other.deliveryNo] }, masked);
    expect(pages).toHaveLength(2);
    const [first, second] = [pages[0]?.text ?? '', pages[1]?.text ?? ''];
    expect(await pages[0]?.scan()).toEqual([kept.deliveryNo]);
    for (const text of [
      kept.orderNo,
      '홍*동',
      '010-****-5678',
      '담는것',
      '상품1줄·모두3개',
      '이상자에넣지않는주문내역1건',
      '[취소·반품]취소한것',
    ])
      expect(first).toContain(text);
    expect(first + second).not.toMatch(/홍길동|1234|401호|놓아주세요/);
    expect(second).toContain(`CJ대한통운${String(other.waybillNo).replace(/(\d{4})(?=\d)/g, '$1-')}`);
  });

  test('is unmasked with pii.read and leaves one access row; masked: true leaves none', async () => {
    const { deliveryNo } = await placeIn(stack, 'released');
    const body = { deliveryNos: [deliveryNo] };
    expect(textOf((await packing({ ...body, masked: true })).pages)).toContain('홍*동');
    const accesses = async () =>
      (await stack.get(`/api/bo/v1/personal-data-accesses?subject=${deliveryNo}`, { token })).body.items;
    expect(await accesses()).toEqual([]);
    const text = textOf((await packing({ ...body, reason: '포장' })).pages);
    for (const part of ['홍길동', '010-1234-5678', '401호', '재출력1']) expect(text).toContain(part);
    expect(await accesses()).toMatchObject([{ subject: deliveryNo, subjects: [deliveryNo], reason: '포장' }]);
    const { prints } = (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
    expect(prints).toMatchObject([
      { kind: 'packing-list', copy: 2, waybillNo: null },
      { kind: 'packing-list', copy: 1, waybillNo: null },
    ]);
  });

  test('needs delivery.read, as all prints do', async () => {
    const { deliveryNo } = await placeIn(stack, 'released');
    const other = await stack.token(['pickup.read', 'pii.read']);
    for (const what of ['picking-list', 'packing-list', 'labels'])
      expect((await print(stack.url, other, what, { deliveryNos: [deliveryNo] })).status).toBe(403);
  });
});
