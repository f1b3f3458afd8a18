import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPlace, createPolicy, placeBody } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const path = '/item/v1/shipping/places';
const someText = expect.stringMatching(/[가-힣]/);

describe('출하지: POST, PUT, GET one, GET list', () => {
  test('the server gives the number and answers the whole place', async () => {
    const body = placeBody();
    const posted = await stack.post(path, body);
    expect([posted.status, posted.body]).toEqual([201, { placeNo: expect.any(Number), ...body }]);
    const { placeNo } = posted.body;
    expect((await stack.get(`${path}/${placeNo}`)).body).toEqual({ placeNo, ...body, policies: [] });
    const policyNo = await createPolicy(stack, placeNo);
    expect((await stack.get(`${path}/${placeNo}`)).body.policies).toEqual([
      {
        policyNo,
        feeType: 2,
        fee: 2_500,
        isPrepayment: true,
        isCashOnDelivery: false,
        shippingFee: [{ condition: 0 }],
      },
    ]);
  });

  test('a PUT replaces the whole place; what GET answers may be put again', async () => {
    const placeNo = await createPlace(stack);
    const changed = placeBody({ placeName: '새 이름', imposeType: 2, isSetAdditionalShippingFee: false, addr2: null });
    const put = await stack.put(`${path}/${placeNo}`, changed);
    expect([put.status, put.body]).toEqual([200, { placeNo, ...changed }]);
    const shown = (await stack.get(`${path}/${placeNo}`)).body;
    expect((await stack.put(`${path}/${placeNo}`, shown)).body).toEqual(put.body);
  });

  test('pages of places with their count', async () => {
    const made = [await createPlace(stack), await createPlace(stack), await createPlace(stack)];
    const { body } = await stack.get(`${path}?pageIndex=1&pageSize=500`);
    expect(body).toMatchObject({ pageIndex: 1, pageSize: 500 });
    expect(body.places).toHaveLength(body.totalCount);
    const seen: number[] = [];
    for (let pageIndex = 1; seen.length < body.totalCount; pageIndex++) {
      const page = (await stack.get(`${path}?pageIndex=${pageIndex}&pageSize=2`)).body;
      expect(page.places.length).toBeGreaterThan(0);
      seen.push(...page.places.map((place: { placeNo: number }) => place.placeNo));
    }
    expect(seen).toEqual(body.places.map((place: { placeNo: number }) => place.placeNo));
    expect(seen).toEqual(expect.arrayContaining(made));
    expect((await stack.get(`${path}?pageIndex=9999`)).body.places).toEqual([]);
  });

  test('one default place: a new one takes over, also when set at once', async () => {
    const defaults = async () =>
      (await stack.get(`${path}?pageSize=500`)).body.places.filter((place: any) => place.isDefaultShippingPlace);
    const first = await createPlace(stack, { isDefaultShippingPlace: true });
    expect(await defaults()).toMatchObject([{ placeNo: first }]);
    const made = await Promise.all(Array.from({ length: 6 }, () => createPlace(stack, { isDefaultShippingPlace: true })));
    const left = await defaults();
    expect(left).toHaveLength(1);
    expect(made).toContain(left[0].placeNo);
    await stack.put(`${path}/${left[0].placeNo}`, placeBody());
    expect(await defaults()).toEqual([]);
  });
});

describe('bad input', () => {
  test.each(['placeName', 'zipCode', 'addr1', 'isDefaultShippingPlace', 'isSetAdditionalShippingFee', 'imposeType'])(
    '%s null or missing: 3000',
    async (field) => {
      for (const value of [null, undefined]) {
        const { status, body } = await stack.post(path, placeBody({ [field]: value }));
        expect([value, status, body]).toEqual([
          value,
          400,
          { resultCode: 3000, message: 'Null 허용 개체에는 값이 있어야 합니다.' },
        ]);
      }
    },
  );

  test.each<[string, object]>([
    ['imposeType 0', { imposeType: 0 }],
    ['imposeType 3', { imposeType: 3 }],
    ['imposeType as a string', { imposeType: '1' }],
    ['a negative surcharge', { jejuAdditionalShippingFee: -1 }],
    ['half a won', { backwoodsAdditionalShippingFee: 0.5 }],
    ['a surcharge as a string', { jejuAdditionalShippingFee: '3000' }],
    ['a zip code of four digits', { zipCode: '1737' }],
    ['an empty name', { placeName: ' ' }],
    ['a flag as a string', { isDefaultShippingPlace: 'false' }],
  ])('%s: 1000', async (_, more) => {
    const { status, body } = await stack.post(path, placeBody(more));
    expect([status, body]).toEqual([400, { resultCode: 1000, message: someText }]);
  });

  test('another number in the body of a PUT, an unknown place', async () => {
    const placeNo = await createPlace(stack);
    const moved = await stack.put(`${path}/${placeNo}`, placeBody({ placeNo: placeNo + 1 }));
    expect([moved.status, moved.body]).toEqual([400, { resultCode: 1000, message: '출하지 번호는 변경할 수 없습니다' }]);
    const unknown = { resultCode: 1000, message: '출하지 번호를 확인해 주세요' };
    for (const number of ['999999999', 'abc', '0']) {
      expect(await stack.put(`${path}/${number}`, placeBody())).toMatchObject({ status: 404, body: unknown });
      expect(await stack.get(`${path}/${number}`)).toMatchObject({ status: 404, body: unknown });
    }
  });

  test.each(['pageIndex=0', 'pageSize=0', 'pageSize=501', 'pageIndex=x', 'page=1'])('%s: 1000', async (query) => {
    const { status, body } = await stack.get(`${path}?${query}`);
    expect([status, body]).toEqual([400, { resultCode: 1000, message: someText }]);
  });
});
