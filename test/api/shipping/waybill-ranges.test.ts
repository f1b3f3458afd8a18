import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unique } from '../../support/scenes/orders.ts';
import { createPlace, newRange, RANGES, rangeBody } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let placeNo: number;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  placeNo = await createPlace(stack);
});
afterAll(() => stack.stop());

const put = (rangeNo: number, body: object) => stack.put(`${RANGES}/${rangeNo}`, body);
const listed = async (query = '') => (await stack.get(`${RANGES}${query}`)).body.items;
const pathsOf = (body: any) => body.errors?.map(({ path }: { path: string }) => path);

test('a range is registered, listed and changed as a whole', async () => {
  const { status, body } = await stack.post(
    RANGES,
    rangeBody(placeNo, { rule: 'lotte', carrierCode: '08', from: '4012-3450-000', to: '40123450999' }),
  );
  expect([status, body]).toEqual([
    201,
    {
      rangeNo: expect.any(Number),
      ...{ placeNo, carrierCode: '08', rule: 'lotte', from: '40123450000', to: '40123450999' },
      ...{ nextWaybillNo: '401234500004', used: 0, left: 1_000, state: 'active', stateName: '사용 중', lowAt: 50, low: false },
      ...{ paused: false, autoWaybill: false, by: 'kim', updatedAt: expect.any(String) },
    },
  ]);
  const changed = {
    ...rangeBody(placeNo),
    carrierCode: '08',
    rule: 'lotte',
    from: '40123450000',
    to: '40123451999',
    lowAt: 7,
    paused: true,
  };
  const answer = await put(body.rangeNo, changed);
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ left: 2_000, lowAt: 7, state: 'paused' })]);
  expect(await listed(`?placeNo=${placeNo}&carrierCode=08`)).toEqual([answer.body]);
  expect(await listed('?carrierCode=13')).toEqual([]);
});

test('a repeat under its key registers no second one', async () => {
  const headers = { 'idempotency-key': unique('key') };
  const body = rangeBody(placeNo);
  const [first, second] = [await stack.post(RANGES, body, { headers }), await stack.post(RANGES, body, { headers })];
  expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
});

describe('refused', () => {
  test.each<[string, object, string]>([
    ['no place', { placeNo: 999_999 }, 'placeNo'],
    ['a carrier that is none', { carrierCode: '77' }, 'carrierCode'],
    ['a rule that is none', { rule: 'luhn' }, 'rule'],
    ['the rule of another carrier', { rule: 'lotte' }, 'rule'],
    ['no number', { from: 'first' }, 'from'],
    ['an end before its beginning', { to: '100000000000' }, 'to'],
    ['an end of other length', { to: '9999999999999' }, 'to'],
    ['a threshold of nothing', { lowAt: 0 }, 'lowAt'],
  ])('%s, by its field', async (_, more, path) => {
    const { status, body } = await stack.post(RANGES, rangeBody(placeNo, more));
    expect([status, pathsOf(body)]).toEqual([400, expect.arrayContaining([path])]);
    expect(body.detail).toContain(path);
  });

  test('numbers of another range of the carrier, also under another rule, also by a change', async () => {
    const { from, to } = await newRange(stack, placeNo);
    const other = await newRange(stack, placeNo);
    const over = { from: String(Number(to)), to: String(Number(to) + 5) };
    const posted = await stack.post(RANGES, rangeBody(placeNo, over));
    expect([posted.status, posted.body.code, pathsOf(posted.body)]).toEqual([409, 'WAYBILL_RANGE_OVERLAP', ['from']]);
    const changed = await put(other.rangeNo, rangeBody(placeNo, { from, to: from }));
    expect([changed.status, changed.body.code]).toEqual([409, 'WAYBILL_RANGE_OVERLAP']);
    // The same numbers of another carrier are others.
    expect((await stack.post(RANGES, rangeBody(placeNo, { carrierCode: '05', from, to }))).status).toBe(201);
    await stack.post(RANGES, rangeBody(placeNo, { carrierCode: '08', rule: 'lotte', from: '50000000000', to: '50000000009' }));
    const plain = rangeBody(placeNo, { carrierCode: '08', from: '500000000050', to: '500000000060' });
    expect((await stack.post(RANGES, plain)).body.code).toBe('WAYBILL_RANGE_OVERLAP');
  });

  test('of two that overlap at one moment, one', async () => {
    const body = rangeBody(placeNo);
    const answers = await Promise.all(Array.from({ length: 5 }, () => stack.post(RANGES, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test('a second carrier that the place would use by itself', async () => {
    const place = await createPlace(stack);
    const { rangeNo } = await newRange(stack, place, { autoWaybill: true });
    await newRange(stack, place, { autoWaybill: true });
    const other = rangeBody(place, { carrierCode: '05', autoWaybill: true });
    const { status, body } = await stack.post(RANGES, other);
    expect([status, pathsOf(body)]).toEqual([400, ['autoWaybill']]);
    expect(body.detail).toContain(String(rangeNo));
    expect((await stack.post(RANGES, { ...other, autoWaybill: false })).status).toBe(201);
  });

  test('a range that there is not', async () => {
    expect((await put(999_999, rangeBody(placeNo))).body.code).toBe('WAYBILL_RANGE_NOT_FOUND');
    expect((await stack.put(`${RANGES}/x`, rangeBody(placeNo))).status).toBe(400);
  });
});
