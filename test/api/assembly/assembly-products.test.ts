import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { namedProducts, productId, registerAssembly, registerSamples } from '../../support/scenes/assembly.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let member: string;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  member = await stack.token(['assembly.read', 'assembly.write'], { member_id: 70 });
});
afterAll(() => stack.stop());

const products = (...names: string[]) => namedProducts(stack, names);
const get = (path: string, token?: string) => stack.get(path, token === undefined ? {} : { token });

describe('the samples of the Sabangnet wire work unchanged, name by name', () => {
  beforeAll(() => registerSamples(stack));
  let uids: string[];

  test('등록(단일) and 등록(벌크): ids come back as strings, the count as a number', async () => {
    const one = await stack.post('/v2/assembly/product', {
      member_id: '70',
      product_id: '43897',
      comment: ' 코멘트0^^0 ',
      item_list: [
        { shipping_product_id: '43838', quantity: 2 },
        { shipping_product_id: '43839', quantity: 1 },
      ],
    });
    const uid = expect.stringMatching(/^\d+$/);
    expect(one).toMatchObject({ status: 200 });
    expect(one.body).toEqual({ code: '9999', message: 'ok', response: { product_id: '43897', assembly_product_uid: uid } });
    const item_list = [
      { shipping_product_id: '43838', quantity: 1 },
      { shipping_product_id: '43839', quantity: 1 },
    ];
    const many = await stack.post('/v2/assembly/products', {
      member_id: '70',
      request_data_list: [
        { product_id: '43898', comment: ' 코멘트 - 1 ', item_list },
        { product_id: '43899', comment: ' 코멘트 - 2 ', item_list },
      ],
    });
    expect(many.body).toEqual({
      code: '9999',
      message: 'ok',
      response: {
        processed_count: 2,
        processed_data_list: [
          { product_id: '43898', assembly_product_uid: uid },
          { product_id: '43899', assembly_product_uid: uid },
        ],
      },
    });
    uids = [one.body.response, ...many.body.response.processed_data_list].map((row: any) => row.assembly_product_uid);
  });

  test('조회(단일) and 조회(벌크): names of the products, quantities as strings, pages as numbers', async () => {
    const one = {
      assembly_product_uid: uids[1],
      member_id: '70',
      shipping_product_id: '43898',
      product_name: '완성 가공품 - 03',
      comment: '코멘트 - 1',
      item_list: [
        { shipping_product_id: '43838', product_name: '가공품재료1', quantity: '1' },
        { shipping_product_id: '43839', product_name: '가공품재료2', quantity: '1' },
      ],
    };
    expect((await stack.get(`/v2/assembly/product/${uids[1]}`)).body).toEqual({ code: '9999', message: 'ok', response: one });
    const asked = `member_id=70&assembly_product_uids=${uids[1]}&assembly_product_uids=${uids[2]}&page=1`;
    const many = await stack.get(`/v2/assembly/products?${asked}`);
    const other = {
      ...one,
      assembly_product_uid: uids[2],
      shipping_product_id: '43899',
      product_name: '그릇 세트',
      comment: '코멘트 - 2',
    };
    expect(many.body).toEqual({
      code: '9999',
      message: 'ok',
      response: { total_count: 2, total_page: 1, current_page: 1, data_list: [one, other] },
    });
  });

  test('수정(단일): the bare code and message; the materials are those of the change, in its order', async () => {
    const path = `/v2/assembly/product/${uids[1]}`;
    const body = {
      member_id: '70',
      comment: ' 코멘트0^^0 ',
      item_list: [
        { shipping_product_id: '43839', quantity: '3' },
        { shipping_product_id: '43838', quantity: 2 },
      ],
    };
    expect((await stack.put(path, body)).body).toEqual({ code: '9999', message: 'ok' });
    const { response } = (await stack.get(path)).body;
    expect(response.comment).toBe('코멘트0^^0');
    expect(response.item_list.map((item: any) => [item.shipping_product_id, item.quantity])).toEqual([
      ['43839', '3'],
      ['43838', '2'],
    ]);
  });

  test('a page past the end is empty and says so', async () => {
    const { body } = await stack.get('/v2/assembly/products?member_id=70&page=99');
    expect(body.response).toMatchObject({ current_page: 99, data_list: [] });
    expect(body.response.total_count).toBeGreaterThan(0);
  });
});

describe('고객사 sees and changes only its own products, 물류사 must name the member', () => {
  test('a member needs no member_id, and its product is its own', async () => {
    const [product, material] = await products('완성품', '재료');
    const body = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const made = await stack.post('/v2/assembly/product', body, { token: member });
    expect(made.status).toBe(200);
    const path = `/v2/assembly/product/${made.body.response.assembly_product_uid}`;
    expect((await get(path, member)).body.response.member_id).toBe('70');
    const other = await stack.token(['assembly.read', 'assembly.write'], { member_id: '71' });
    expect(await get(path, other)).toMatchObject({ status: 404, body: { code: '4040' } });
    expect(await stack.put(path, body, { token: other })).toMatchObject({ status: 404, body: { code: '4040' } });
    expect((await get('/v2/assembly/products', other)).body.response).toMatchObject({
      total_count: 0,
      total_page: 0,
      data_list: [],
    });
    expect((await get('/v2/assembly/products', member)).body.response.data_list.length).toBeGreaterThan(0);
  });

  test('a member that names another member is refused', async () => {
    const answer = await get('/v2/assembly/products?member_id=71', member);
    expect(answer).toMatchObject({ status: 403, body: { code: '4030' } });
    const body = { member_id: 71, product_id: productId(), item_list: [{ shipping_product_id: productId(), quantity: 1 }] };
    expect(await stack.post('/v2/assembly/product', body, { token: member })).toMatchObject({
      status: 403,
      body: { code: '4030' },
    });
  });

  test('the logistics company without member_id: 4000 where the specification marks it', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const { body } = await registerAssembly(stack, row);
    for (const answer of [
      await stack.post('/v2/assembly/product', row),
      await stack.post('/v2/assembly/products', { request_data_list: [row] }),
      await stack.put(`/v2/assembly/product/${body.response.assembly_product_uid}`, row),
      await stack.get('/v2/assembly/products'),
    ])
      expect(answer).toMatchObject({ status: 400, body: { code: '4000', message: expect.stringContaining('member_id') } });
  });

  test('the member of a change must be the product’s', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const { body } = await registerAssembly(stack, row);
    const path = `/v2/assembly/product/${body.response.assembly_product_uid}`;
    expect(await stack.put(path, { member_id: 71, ...row })).toMatchObject({ status: 404, body: { code: '4040' } });
  });
});

describe('a finished product cannot be registered twice (중복으로 등록할 수 없습니다)', () => {
  test('the second is 4090', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    expect((await registerAssembly(stack, row)).status).toBe(200);
    expect(await registerAssembly(stack, row)).toMatchObject({ status: 409, body: { code: '4090' } });
  });

  test('also not by concurrent requests: one of ten wins', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => registerAssembly(stack, row)));
    expect(answers.map(({ body }) => body.code).sort()).toEqual([...Array(9).fill('4090'), '9999']);
  });

  test('the same Idempotency-Key again is the same answer', async () => {
    const [product, material] = await products('완성품', '재료');
    const row = { product_id: product, item_list: [{ shipping_product_id: material, quantity: 1 }] };
    const options = { headers: { 'idempotency-key': `assembly-${product}` } };
    const first = await registerAssembly(stack, row, options);
    expect((await registerAssembly(stack, row, options)).body).toEqual(first.body);
    expect(await registerAssembly(stack, { ...row, comment: '다른 내용' }, options)).toMatchObject({
      status: 409,
      body: { code: '4090', message: expect.stringContaining('Idempotency-Key') },
    });
  });
});
