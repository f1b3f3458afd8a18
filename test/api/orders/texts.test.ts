import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { commandLine, orderBody, placeIn, placeOrder, receiver, unique } from '../../support/scenes/orders.ts';
import { DELIVERED, placedLine } from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const ORDERS = '/api/order/v1/orders';
const nfd = (text: string) => text.normalize('NFD');
/** With letters that nobody sees, as they come out of chats and web pages. */
const marked = (text: string) => `\u202a${[...text].join('\u200b')}\u202c\u3164`;
const found = async (body: object): Promise<string[]> => {
  const answer = await stack.post('/api/bo/v1/deliveries/search', { ...body, sort: 'deliveryNo', limit: 500 });
  expect(answer.status).toBe(200);
  return answer.body.items.map(({ orderNo }: { orderNo: string }) => orderNo);
};
const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('a name is the same however it is written', () => {
  test.each<[string, (text: string) => string, (text: string) => string]>([
    ['NFD, found by NFC', nfd, (text) => text],
    ['NFC, found by NFD', (text) => text, nfd],
    ['with invisible letters, found without', marked, (text) => text],
    ['without, found with invisible letters', (text) => text, marked],
  ])('%s', async (_, written, asked) => {
    const name = `길${unique('동')}`;
    const orderer = { name: written(`주${name}`), phone: '010-2345-6789' };
    const [line] = await placeOrder(stack, [{ productName: written(`의자 ${name}`) }], {
      orderer,
      receiver: { ...receiver, name: written(name) },
    });
    const own = [line?.orderNo];
    expect(await found({ receiverName: asked(name) })).toEqual(own);
    expect(await found({ ordererName: asked(`주${name}`) })).toEqual(own);
    expect(await found({ productName: asked(name) })).toEqual(own);
    const listed = await stack.get(`/api/bo/v1/delivery-lines?productName=${encodeURIComponent(asked(name))}`);
    expect(listed.body.items).toMatchObject([{ productName: `의자 ${name}` }]);
  });

  test('홍길동 in parts is masked 홍*동, and may be combined with the whole one', async () => {
    const first = await placeIn(stack, 'shipped');
    const parts = { ...receiver, name: nfd('홍길동'), phone: '+82 10-1234-5678', address1: marked(receiver.address1) };
    const second = await placeIn(stack, 'released', {}, { receiver: parts });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${second.deliveryNo}`);
    expect(body).toMatchObject({ receiverName: '홍*동', receiver: { name: '홍*동', address1: receiver.address1 } });
    const ship = { carrierCode: '04', waybillNo: first.waybillNo };
    expect(await commandLine(stack, 'ship', second, ship, { combine: true })).toMatchObject({ ok: true });
  });

  test('a new receiver, reasons and places are cleaned too', async () => {
    const line = await placedLine(stack, []);
    const changed = { ...receiver, name: nfd('성춘향'), memo: '\u200b' };
    expect((await stack.put(`${ORDERS}/${line.orderNo}/receiver`, changed)).status).toBe(200);
    const [row] = await stack.db.query(sql`select receiver_name, receiver_memo from orders where order_no = ${line.orderNo}`);
    expect(row).toEqual({ receiver_name: '성춘향', receiver_memo: null });
    await commandLine(stack, 'instruct', line);
    await commandLine(stack, 'undo', line, {}, { reason: nfd('잘못 눌렀음') });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.history.at(-1)).toMatchObject({ command: 'undo', reason: '잘못 눌렀음' });
  });

  test('letters are counted after they are cleaned', async () => {
    const name = '가'.repeat(100);
    await placeOrder(stack, [{}], { receiver: { ...receiver, name: marked(nfd(name)) } });
    const tooLong = orderBody([{}], { receiver: { ...receiver, name: nfd(`${name}가`) } });
    expect(await stack.post(ORDERS, tooLong)).toMatchObject({ status: 400, body: { errors: [{ path: 'receiver.name' }] } });
  });
});

describe('a phone is found by each of its numbers, however they are written', () => {
  test.each<[string, string, string[]]>([
    ['with the country code', '+82 10-7{n}-4321', ['010-7{n}-4321', '0107{n}4321', '+82107{n}4321', '82 (0)10 7{n} 4321']],
    ['without it', '0107{n}4321', ['+82 10-7{n}-4321']],
    ['full width', '０１０－7{n}－４３２１', ['010-7{n}-4321', '０１０7{n}４３２１']],
    ['two of them', '010-7{n}-4321,01099998888', ['010-7{n}-4321', '+82 10 7{n} 4321']],
    ['two between blanks', '010 9999 8888 +82 10 7{n} 4321', ['010-7{n}-4321']],
    ['with an extension', '0107{n}4321 내선 12', ['010-7{n}-4321']],
  ])('%s', async (_, written, asked) => {
    const n = String((Date.now() + Math.floor(Math.random() * 1_000)) % 1_000).padStart(3, '0');
    const of = (text: string) => text.replace('{n}', n);
    const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, phone: of(written) } });
    for (const phone of asked) expect(await found({ phone: of(phone) })).toContain(line?.orderNo);
    expect(await found({ phone: '4321' })).toContain(line?.orderNo);
  });

  test('and by the last four digits of each; neither is left in what is masked', async () => {
    const phone = '010-1357-2468 또는 01086427531 (집) / 0507-1479-3698,1234';
    const [line] = await placeOrder(stack, [{}], { orderer: { name: '김주문', phone } });
    for (const end of ['2468', '7531', '3698', '050714793698']) expect(await found({ phone: end })).toContain(line?.orderNo);
    const { body } = await stack.get(`${ORDERS}/${line?.orderNo}`);
    expect(body.order.orderer.phone).toBe('010-****-2468 또는 010****7531 (집) / 0507-****-3698,****');
  });
});

describe('an empty text in an optional field counts as absent', () => {
  test.each(['', ' ', '\u200b'])('%j', async (empty) => {
    const body = orderBody([{ placeNo: empty }], { channel: empty, orderer: { name: '김주문', phone: '1', email: empty } });
    const order = { ...body, lines: body.lines.map((line) => ({ ...line, optionName: empty, policyNo: empty })) };
    expect((await stack.post(ORDERS, order)).status).toBe(201);
    const { body: shown } = await stack.get(`${ORDERS}/${body.orderNo}`);
    expect(shown.order).toMatchObject({ channel: null, orderer: { email: null } });
    expect(shown.deliveries[0].lines[0]).toMatchObject({ optionName: null });
    expect((await stack.post(ORDERS, order)).status).toBe(200);
  });
});

describe('the same body again is the same order or claim', () => {
  test('in parts, and then whole', async () => {
    const whole = orderBody([{}], { receiver: { ...receiver, name: '이몽룡' } });
    const parts = { ...whole, receiver: { ...whole.receiver, name: nfd('이몽룡') } };
    expect((await stack.post(ORDERS, parts)).status).toBe(201);
    expect((await stack.post(ORDERS, whole)).status).toBe(200);
    expect((await stack.post(ORDERS, parts)).status).toBe(200);
    const other = { ...whole, receiver: { ...whole.receiver, name: '이몽용' } };
    expect(await stack.post(ORDERS, other)).toMatchObject({ status: 409, body: { code: 'ORDER_EXISTS' } });
  });

  test('an order that was taken before texts were cleaned, sent again as it was', async () => {
    const body = orderBody([{}], { receiver: { ...receiver, name: nfd('변학도'), memo: '\u200b' } });
    expect((await stack.post(ORDERS, body)).status).toBe(201);
    const then = hashOf({ ...body, orderedAt: new Date(body.orderedAt).toISOString() });
    await stack.db.query(sql`update orders set body_hash = ${then} where order_no = ${body.orderNo}`);
    expect((await stack.post(ORDERS, body)).status).toBe(200);
    const other = { ...body, channel: '다른 몰' };
    expect(await stack.post(ORDERS, other)).toMatchObject({ status: 409, body: { code: 'ORDER_EXISTS' } });
  });

  test('a claim too', async () => {
    const line = await placedLine(stack, DELIVERED);
    const items = [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT', reason: nfd('다리가 휘어 있음') }];
    const body = { claimNo: unique('C'), kind: 'return', orderNo: line.orderNo, items };
    const first = await stack.post('/api/order/v1/claims', body);
    expect(first.status).toBe(201);
    await stack.db.query(sql`update claims set body_hash = ${hashOf(body)} where claim_no = ${body.claimNo}`);
    expect(await stack.post('/api/order/v1/claims', body)).toMatchObject({ status: 200, body: first.body });
    const [item] = await stack.db.query(sql`select reason from pickup_items where pickup_no = ${first.body.pickups[0].pickupNo}`);
    expect(item).toEqual({ reason: '다리가 휘어 있음' });
  });

  test.each<[string, (text: string) => string, (text: string) => string]>([
    ['in parts, then whole', nfd, (text) => text],
    ['whole, then in parts', (text) => text, nfd],
    ['with invisible letters, then without', marked, (text) => text],
  ])('under one key, however it is written: %s', async (_, before, after) => {
    const body = orderBody();
    const written = (write: (text: string) => string) => ({ ...body, receiver: { ...receiver, name: write('변사또') } });
    const headers = { 'idempotency-key': unique('key') };
    const first = await stack.post(ORDERS, written(before), { headers });
    expect(first.status).toBe(201);
    expect(await stack.post(ORDERS, written(after), { headers })).toMatchObject({ status: 201, body: first.body });
    const other = { ...body, receiver: { ...receiver, name: '변사도' } };
    expect(await stack.post(ORDERS, other, { headers })).toMatchObject({ body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test('under one key, the first answer', async () => {
    const body = orderBody([{}], { receiver: { ...receiver, name: nfd('월매') } });
    const headers = { 'idempotency-key': unique('key') };
    const first = await stack.post(ORDERS, body, { headers });
    expect(await stack.post(ORDERS, body, { headers })).toMatchObject({ status: 201, body: first.body });
  });
});
