import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { permissions } from '../../../api/http/auth.ts';
import { createPlace, createPolicy, failure, policiesAt, policyBody } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
/** The first place of a new database. */
let first: number;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  first = await createPlace(stack);
});
afterAll(() => stack.stop());

const path = '/item/v1/shipping/policies';
const policiesOf = (placeNo: number) => policiesAt(stack, placeNo);
const someText = expect.stringMatching(/[가-힣]/);

describe('Error Code', () => {
  test('1000 출하지 번호는 변경할 수 없습니다', async () => {
    const [placeNo, other] = [await createPlace(stack), await createPlace(stack)];
    const policyNo = await createPolicy(stack, placeNo);
    for (const wanted of [other, 999_999_999]) {
      const { status, body, headers } = await stack.put(`${path}/${policyNo}`, policyBody(wanted));
      expect([status, body]).toEqual([400, failure(1000, '출하지 번호는 변경할 수 없습니다')]);
      expect(headers.get('content-type')).toBe('application/json');
    }
    expect((await policiesOf(placeNo)).policies).toHaveLength(1);
    expect((await policiesOf(other)).policies).toEqual([]);
  });

  test.each(['1', '999999999', 'abc', '0', '-1', '1.5', '99999999999999999999'])(
    '1000 배송비정책번호를 확인해 주세요: %s',
    async (policyNo) => {
      const { status, body } = await stack.put(`${path}/${policyNo}`, policyBody(first, { isDefault: false }));
      expect([status, body]).toEqual([404, failure(1000, '배송비정책번호를 확인해 주세요')]);
    },
  );

  test.each([2, 3])(
    '1000 유료 배송비 선결제 여부(IsPrepay)와 착불 여부(IsCod)가 모두 false일 수 없습니다: feeType %i',
    async (feeType) => {
      const body = policyBody(first, { feeType, isPrepayment: false, shippingFee: [{ condition: 20_000 }] });
      const answer = await stack.post(path, body);
      const message = '유료 배송비 선결제 여부(IsPrepay)와 착불 여부(IsCod)가 모두 false일 수 없습니다.';
      expect([answer.status, answer.body]).toEqual([400, failure(1000, message)]);
    },
  );

  test.each(['feeType', 'fee', 'isPrepayment', 'isCashOnDelivery', 'placeNo', 'isDefault'])(
    '3000 Null 허용 개체에는 값이 있어야 합니다: %s null or missing',
    async (field) => {
      for (const value of [null, undefined]) {
        const { status, body } = await stack.post(path, policyBody(first, { [field]: value }));
        expect([value, status, body]).toEqual([value, 400, failure(3000, 'Null 허용 개체에는 값이 있어야 합니다.')]);
      }
    },
  );

  test('3000 for a body of null, also when something else is wrong with it', async () => {
    expect(await stack.post(path, 'null')).toMatchObject({ status: 400, body: { resultCode: 3000 } });
    expect(await stack.post(path, { ...policyBody(first), feeType: 9, fee: null })).toMatchObject({ body: { resultCode: 3000 } });
  });
});

describe('1000 for what else does not fit, and nothing is written', () => {
  test.each<[string, object]>([
    ['feeType 0', { feeType: 0 }],
    ['feeType 4', { feeType: 4 }],
    ['feeType as a string', { feeType: '2' }],
    ['fee as a string', { fee: '2500' }],
    ['placeNo as a string', { placeNo: '176042' }],
    ['a flag as a string', { isPrepayment: 'true' }],
    ['a flag as a number', { isDefault: 1 }],
    ['a negative fee', { fee: -1 }],
    ['half a won', { fee: 2_500.5 }],
    ['a fee without bound', { fee: 1e15 }],
    ['유료 with fee 0', { fee: 0 }],
    ['조건부 with fee 0', { feeType: 3, fee: 0, shippingFee: [{ condition: 20_000 }] }],
    ['조건부 without shippingFee', { feeType: 3, shippingFee: undefined }],
    ['조건부 with shippingFee null', { feeType: 3, shippingFee: null }],
    ['조건부 with no condition', { feeType: 3, shippingFee: [] }],
    ['조건부 with an empty condition', { feeType: 3, shippingFee: [{}] }],
    ['조건부 with condition null', { feeType: 3, shippingFee: [{ condition: null }] }],
    ['조건부 with 999', { feeType: 3, shippingFee: [{ condition: 999 }] }],
    ['조건부 with 10,000,000', { feeType: 3, shippingFee: [{ condition: 10_000_000 }] }],
    ['조건부 with a string', { feeType: 3, shippingFee: [{ condition: '20000' }] }],
    ['two conditions', { feeType: 3, shippingFee: [{ condition: 20_000 }, { condition: 30_000 }] }],
    ['shippingFee no list', { shippingFee: 'x' }],
  ])('%s', async (_, more) => {
    const placeNo = await createPlace(stack);
    const { status, body } = await stack.post(path, policyBody(placeNo, more));
    expect([status, body]).toEqual([400, failure(1000, someText)]);
    expect((await policiesOf(placeNo)).policies).toEqual([]);
  });

  test.each([
    [1_000, 200],
    [9_999_999, 200],
  ])('조건부 with %i is within', async (condition, status) => {
    const body = policyBody(first, { feeType: 3, isDefault: false, shippingFee: [{ condition }] });
    expect((await stack.post(path, body)).status).toBe(status);
  });

  test('a body that is no JSON, a list, no body, another type', async () => {
    expect(await stack.post(path, '{')).toMatchObject({ status: 400, body: failure(1000, someText) });
    expect(await stack.post(path, '[]')).toMatchObject({ status: 400, body: failure(1000, someText) });
    expect(await stack.post(path, '')).toMatchObject({ status: 400, body: failure(1000, someText) });
    const headers = { 'content-type': 'text/plain' };
    expect(await stack.post(path, '{}', { headers })).toMatchObject({ status: 415, body: failure(1000, someText) });
  });

  test('an unknown place: 404', async () => {
    const message = '출하지 번호를 확인해 주세요';
    expect(await stack.post(path, policyBody(999_999_999))).toMatchObject({ status: 404, body: failure(1000, message) });
    for (const placeNo of ['999999999', 'abc', '0'])
      expect(await stack.get(`/item/v1/shipping/places/${placeNo}/policies`)).toMatchObject({
        status: 404,
        body: failure(1000, message),
      });
  });

  test.each([
    ['POST', '/item/v1/shipping/policies', 'policy.write'],
    ['PUT', '/item/v1/shipping/policies/1', 'policy.write'],
    ['GET', '/item/v1/shipping/places/1/policies', 'policy.read'],
    ['POST', '/item/v1/shipping/places', 'policy.write'],
    ['PUT', '/item/v1/shipping/places/1', 'policy.write'],
    ['GET', '/item/v1/shipping/places', 'policy.read'],
    ['GET', '/item/v1/shipping/places/1', 'policy.read'],
  ])('%s %s asks for %s', async (method, route, permission) => {
    const call = async (token: string | null) => {
      const answer =
        method === 'GET' ? stack.get(route, { token }) : (method === 'PUT' ? stack.put : stack.post)(route, {}, { token });
      return (await answer).status;
    };
    expect(await call(null)).toBe(401);
    expect(await call(await stack.token(permissions.filter((name) => name !== permission)))).toBe(403);
    expect([401, 403, 500]).not.toContain(await call(await stack.token([permission])));
  });

  test('401 and 403 answer the same shape, an unknown address too', async () => {
    const noToken = await stack.post(path, policyBody(first), { token: null });
    expect([noToken.status, noToken.body]).toEqual([401, failure(1000, someText)]);
    expect(noToken.headers.get('www-authenticate')).toBe('Bearer');
    const reader = await stack.token(['policy.read']);
    const forbidden = await stack.post(path, policyBody(first), { token: reader });
    expect([forbidden.status, forbidden.body]).toEqual([403, failure(1000, someText)]);
    const writer = await stack.token(['policy.write']);
    const unread = await stack.get(`/item/v1/shipping/places/${first}/policies`, { token: writer });
    expect([unread.status, unread.body]).toEqual([403, failure(1000, someText)]);
    const nowhere = await stack.get('/item/v1/shipping/nowhere');
    expect([nowhere.status, nowhere.body]).toEqual([404, failure(1000, someText)]);
  });
});

// Last: the server ends the connection of such a body.
test('a body over 1 MiB: 413', async () => {
  const body = JSON.stringify(policyBody(first)).padEnd(1_048_577);
  expect(await stack.post(path, body)).toMatchObject({ status: 413, body: failure(1000, someText) });
});
