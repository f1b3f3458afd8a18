import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assembly, namedProducts, productId, registerAssembly, shippingProduct } from '../../support/scenes/assembly.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let product: number;
let material: number;
let theirs: number;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  [product, material] = await Promise.all([shippingProduct(stack), shippingProduct(stack)]);
  theirs = await shippingProduct(stack, undefined, { member_id: 71 });
});
afterAll(() => stack.stop());

const products = (...names: string[]) => namedProducts(stack, names);
const items = (...list: object[]) => ({ item_list: list });
const one = (quantity: unknown = 1) => ({ shipping_product_id: material, quantity });

describe('bad input', () => {
  test.each<[string, () => object, string, string]>([
    ['product_id missing', () => items(one()), '4000', 'product_id'],
    ['product_id null', () => ({ product_id: null, ...items(one()) }), '4000', 'product_id'],
    ['product_id of no product', () => ({ product_id: productId(), ...items(one()) }), '4040', 'product_id'],
    ['product_id of another member', () => ({ product_id: theirs, ...items(one()) }), '4040', 'product_id'],
    ['item_list missing', () => ({ product_id: product }), '4000', 'item_list'],
    ['item_list empty', () => ({ product_id: product, ...items() }), '4000', 'item_list'],
    ['quantity 0', () => ({ product_id: product, ...items(one(0)) }), '4000', 'quantity'],
    ['quantity −1', () => ({ product_id: product, ...items(one(-1)) }), '4000', 'quantity'],
    ['quantity 1.5', () => ({ product_id: product, ...items(one(1.5)) }), '4000', 'quantity'],
    ['quantity "2a"', () => ({ product_id: product, ...items(one('2a')) }), '4000', 'quantity'],
    ['quantity missing', () => ({ product_id: product, ...items({ shipping_product_id: material }) }), '4000', 'quantity'],
    [
      'a material of no product',
      () => ({ product_id: product, ...items({ ...one(), shipping_product_id: productId() }) }),
      '4040',
      'item_list.0',
    ],
    [
      'a material of another member',
      () => ({ product_id: product, ...items(one(), { shipping_product_id: theirs, quantity: 1 }) }),
      '4040',
      'item_list.1',
    ],
    [
      'material = product',
      () => ({ product_id: product, ...items(one(), { shipping_product_id: product, quantity: 1 }) }),
      '4000',
      'item_list.1',
    ],
    ['the same material twice', () => ({ product_id: product, ...items(one(), one(2)) }), '4000', 'item_list.1'],
    [
      'a comment of 2,001 letters',
      () => ({ product_id: product, comment: '가'.repeat(2_001), ...items(one()) }),
      '4000',
      'comment',
    ],
    [
      'a comment that no database holds',
      () => ({ product_id: product, comment: 'a\u0000b', ...items(one()) }),
      '4000',
      'comment',
    ],
  ])('%s', async (_name, body, code, path) => {
    const answer = await registerAssembly(stack, body());
    expect(answer).toMatchObject({ status: code === '4040' ? 404 : 400, body: { code, message: expect.stringContaining(path) } });
    expect(answer.body.message.length).toBeLessThanOrEqual(100);
    expect(Object.keys(answer.body)).toEqual(['code', 'message']);
    expect(
      (await stack.get('/v2/assembly/products?member_id=70')).body.response.data_list.map((row: any) => row.shipping_product_id),
    ).not.toContain(String(product));
  });

  test('a comment of 2,000 letters and blanks around is kept', async () => {
    const product_id = await shippingProduct(stack);
    const { status, body } = await registerAssembly(stack, { product_id, comment: ` ${'가'.repeat(2_000)} `, ...items(one()) });
    expect(status).toBe(200);
    const { response } = (await stack.get(`/v2/assembly/product/${body.response.assembly_product_uid}`)).body;
    expect(response.comment).toBe('가'.repeat(2_000));
  });

  test('a cycle over two products, by a change and by a bulk', async () => {
    const inner = await assembly(stack, [[material, 1]]);
    const outer = await assembly(stack, [[inner.product, 1]]);
    const change = { member_id: 70, item_list: [{ shipping_product_id: outer.product, quantity: 1 }] };
    const path = `/v2/assembly/product/${inner.uid}`;
    expect(await stack.put(path, change)).toMatchObject({
      status: 400,
      body: { code: '4000', message: expect.stringContaining('item_list') },
    });
    expect((await stack.get(path)).body.response.item_list[0].shipping_product_id).toBe(String(material));
    const [a, b] = [await shippingProduct(stack), await shippingProduct(stack)];
    const request_data_list = [
      { product_id: a, item_list: [{ shipping_product_id: b, quantity: 1 }] },
      { product_id: b, item_list: [{ shipping_product_id: a, quantity: 1 }] },
    ];
    const bulk = await stack.post('/v2/assembly/products', { member_id: 70, request_data_list });
    expect(bulk).toMatchObject({ status: 400, body: { code: '4000', message: expect.stringContaining('request_data_list.') } });
  });

  test('a cycle is not made by two changes at once either', async () => {
    const [a, b] = [await assembly(stack, [[material, 1]]), await assembly(stack, [[material, 1]])];
    const change = (uid: number, id: number) =>
      stack.put(`/v2/assembly/product/${uid}`, { member_id: 70, item_list: [{ shipping_product_id: id, quantity: 1 }] });
    const answers = await Promise.all([change(a.uid, b.product), change(b.uid, a.product)]);
    expect(answers.map(({ body }) => body.code).sort()).toEqual(['4000', '9999']);
  });

  test.each(['0', '-1', 'a', '1.5'])('page %s', async (page) => {
    const answer = await stack.get(`/v2/assembly/products?member_id=70&page=${page}`);
    expect(answer).toMatchObject({ status: 400, body: { code: '4000', message: expect.stringContaining('page') } });
  });

  test('an unknown uid is 4040, one that is no number 4000', async () => {
    expect(await stack.get('/v2/assembly/product/999999999')).toMatchObject({ status: 404, body: { code: '4040' } });
    expect(await stack.put('/v2/assembly/product/999999999', { member_id: 70, ...items(one()) })).toMatchObject({
      status: 404,
      body: { code: '4040' },
    });
    expect(await stack.get('/v2/assembly/product/90a')).toMatchObject({ status: 400, body: { code: '4000' } });
    expect(
      (await stack.get('/v2/assembly/products?member_id=70&assembly_product_uids=999999999')).body.response.data_list,
    ).toEqual([]);
  });
});

describe('its own envelope for every error', () => {
  const path = '/v2/assembly/products?member_id=70';

  test('no token, a wrong one: 401 4010', async () => {
    for (const token of [null, 'nonsense']) {
      const { status, body, headers } = await stack.get(path, { token });
      expect([status, body.code, Object.keys(body)]).toEqual([401, '4010', ['code', 'message']]);
      expect(headers.get('content-type')).toContain('application/json');
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('a wrong role: 403 4030', async () => {
    const token = await stack.token(['assembly.read']);
    expect((await stack.get(path, { token })).status).toBe(200);
    const answer = await stack.post('/v2/assembly/product', { member_id: 70, product_id: product, ...items(one()) }, { token });
    expect(answer).toMatchObject({ status: 403, body: { code: '4030' } });
    const stranger = await stack.token(['delivery.read']);
    expect(await stack.get(path, { token: stranger })).toMatchObject({ status: 403, body: { code: '4030' } });
  });

  test('JSON that is none, another Content-Type, an address that is none', async () => {
    expect(await stack.post('/v2/assembly/product', '{')).toMatchObject({ status: 400, body: { code: '4000' } });
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect(await stack.post('/v2/assembly/product', 'product_id=1', form)).toMatchObject({ status: 415, body: { code: '4000' } });
    expect(await stack.get('/v2/nowhere')).toMatchObject({ status: 404, body: { code: '4040' } });
    expect(await stack.get(`${path}&unknown=1`)).toMatchObject({ status: 400, body: { code: '4000' } });
    expect(await stack.post('/v2/assembly/product', `{"comment":"${'a'.repeat(1_100_000)}"}`)).toMatchObject({
      status: 413,
      body: { code: '4000' },
    });
  });
});

describe('a bulk is all or nothing, and names the failing row', () => {
  test('one row that is registered already: none of the others is', async () => {
    const [one, two, material] = await products('완성품1', '완성품2', '재료');
    const item_list = [{ shipping_product_id: material, quantity: 1 }];
    await registerAssembly(stack, { product_id: two, item_list });
    const request_data_list = [one, two].map((product_id) => ({ product_id, item_list }));
    const answer = await stack.post('/v2/assembly/products', { member_id: 70, request_data_list });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: '4090', message: expect.stringContaining('request_data_list.1') },
    });
    expect((await registerAssembly(stack, { product_id: one, item_list })).status).toBe(200);
  });

  test('the same product twice in one bulk', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const answer = await stack.post('/v2/assembly/products', { member_id: 70, request_data_list: [row, row] });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: '4090', message: expect.stringContaining('request_data_list.1') },
    });
  });

  test('100 rows are registered, 101 are 4000', async () => {
    const material = await shippingProduct(stack);
    const made = Array.from({ length: 101 }, () => productId());
    for (const ids of [made.slice(0, 100), made.slice(100)])
      await stack.post('/v2/shipping/products', {
        member_id: 70,
        request_data_list: ids.map((id) => ({ shipping_product_id: id, product_name: `세트 ${id}` })),
      });
    const rows = made.map((product_id) => ({ product_id, item_list: [{ shipping_product_id: material, quantity: 1 }] }));
    const body = (request_data_list: object[]) => ({ member_id: 70, request_data_list });
    expect(await stack.post('/v2/assembly/products', body(rows))).toMatchObject({ status: 400, body: { code: '4000' } });
    const answer = await stack.post('/v2/assembly/products', body(rows.slice(0, 100)));
    expect(answer.body.response.processed_count).toBe(100);
    expect(answer.body.response.processed_data_list.map((row: any) => row.product_id)).toEqual(made.slice(0, 100).map(String));
  });
});
