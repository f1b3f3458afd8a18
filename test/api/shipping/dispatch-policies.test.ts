import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { unique } from '../../support/scenes/orders.ts';
import { dispatchPolicyBody, failure, placeBody } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const path = '/item/v1/shipping/dispatch-policies';
const create = async (more: object = {}): Promise<number> =>
  (await stack.post(path, dispatchPolicyBody(more))).body.dispatchPolicyNo;
const defaults = async () =>
  (await stack.get(path)).body.dispatchPolicies.filter((each: any) => each.isDefault).map((each: any) => each.dispatchPolicyNo);
const someText = expect.stringMatching(/[가-힣]/);

test.each([
  ['A', { dispatchCloseTime: '14:30' }],
  ['B', { readyDurationDay: 1 }],
  ['C', { readyDurationDay: 30 }],
  ['D', {}],
  ['E', { readyDurationDay: 7 }],
  ['F', { readyDurationDay: null, dispatchCloseTime: null }],
])('type %s: registered, read, changed', async (dispatchType, terms) => {
  const body = { dispatchPolicyName: unique('정책'), dispatchType, ...terms, isDefault: false };
  const posted = await stack.post(path, body);
  expect([posted.status, posted.body]).toEqual([200, { dispatchPolicyNo: expect.any(Number) }]);
  const { dispatchPolicyNo } = posted.body;
  const whole = { dispatchPolicyNo, readyDurationDay: null, dispatchCloseTime: null, ...body };
  expect((await stack.get(`${path}/${dispatchPolicyNo}`)).body).toEqual(whole);
  const put = await stack.put(`${path}/${dispatchPolicyNo}`, { ...body, dispatchPolicyName: '바꾼 이름' });
  expect([put.status, put.body]).toEqual([200, { dispatchPolicyNo }]);
  expect((await stack.get(path)).body.dispatchPolicies).toContainEqual({ ...whole, dispatchPolicyName: '바꾼 이름' });
});

describe('failures, in the shape of the wire', () => {
  test.each<[string, object]>([
    ['A without a cut-off', { dispatchType: 'A', dispatchCloseTime: null }],
    ['B without days', { dispatchType: 'B', dispatchCloseTime: undefined }],
    ['no name', { dispatchPolicyName: undefined }],
    ['no type', { dispatchType: null }],
    ['no isDefault', { isDefault: undefined }],
  ])('3000: %s', async (_, more) => {
    const { status, body } = await stack.post(path, dispatchPolicyBody(more));
    expect([status, body]).toEqual([400, failure(3000, 'Null 허용 개체에는 값이 있어야 합니다.')]);
  });

  test.each<[string, object]>([
    ['G', { dispatchType: 'G' }],
    ['a cut-off that is no half hour', { dispatchCloseTime: '14:15' }],
    ['a cut-off beyond the day', { dispatchCloseTime: '24:00' }],
    ['0 days', { dispatchType: 'B', readyDurationDay: 0, dispatchCloseTime: null }],
    ['31 days', { dispatchType: 'E', readyDurationDay: 31, dispatchCloseTime: null }],
    ['half a day', { dispatchType: 'C', readyDurationDay: 1.5, dispatchCloseTime: null }],
    ['days for A', { readyDurationDay: 1 }],
    ['a cut-off for B', { dispatchType: 'B', readyDurationDay: 1 }],
    ['a cut-off for D', { dispatchType: 'D' }],
    ['days for F', { dispatchType: 'F', dispatchCloseTime: null, readyDurationDay: 1 }],
    ['a flag as a text', { isDefault: 'true' }],
  ])('1000: %s', async (_, more) => {
    const before = (await stack.get(path)).body;
    const { status, body } = await stack.post(path, dispatchPolicyBody(more));
    expect([status, body]).toEqual([400, failure(1000, someText)]);
    expect((await stack.get(path)).body).toEqual(before);
  });

  test('an unknown number: 404', async () => {
    const answer = [404, failure(1000, '발송정책번호를 확인해 주세요')];
    for (const no of ['999999999', 'abc', '0', '1.5', '99999999999999999999']) {
      const at = `${path}/${no}`;
      for (const { status, body } of [
        await stack.get(at),
        await stack.put(at, dispatchPolicyBody()),
        await stack.post(`${at}/default`, undefined),
      ])
        expect([no, status, body]).toEqual([no, ...answer]);
    }
  });

  test('a place that names an unknown policy: 1000, naming the field; a known one is shown', async () => {
    const places = '/item/v1/shipping/places';
    const refused = await stack.post(places, placeBody({ dispatchPolicyNo: 999_999_999 }));
    expect([refused.status, refused.body]).toEqual([400, failure(1000, expect.stringContaining('dispatchPolicyNo'))]);
    const dispatchPolicyNo = await create();
    const posted = await stack.post(places, placeBody({ dispatchPolicyNo }));
    expect([posted.status, posted.body.dispatchPolicyNo]).toEqual([201, dispatchPolicyNo]);
    const put = await stack.put(`${places}/${posted.body.placeNo}`, placeBody({ dispatchPolicyNo: 999_999_999 }));
    expect(put.status).toBe(400);
    expect((await stack.get(`${places}/${posted.body.placeNo}`)).body.dispatchPolicyNo).toBe(dispatchPolicyNo);
  });
});

describe('a new default takes over', () => {
  test('by POST, by PUT and by …/default', async () => {
    const a = await create({ isDefault: true });
    const b = await create({ isDefault: true });
    expect(await defaults()).toEqual([b]);
    await stack.put(`${path}/${a}`, dispatchPolicyBody({ isDefault: true }));
    expect(await defaults()).toEqual([a]);
    expect((await stack.post(`${path}/${b}/default`, undefined)).body).toEqual({ dispatchPolicyNo: b });
    expect(await defaults()).toEqual([b]);
  });

  test('asked for by many at once: all answer, one is the default', async () => {
    const known = await create();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => stack.post(path, dispatchPolicyBody({ isDefault: true }))),
      ...Array.from({ length: 4 }, () => stack.put(`${path}/${known}`, dispatchPolicyBody({ isDefault: true }))),
      ...Array.from({ length: 4 }, () => stack.post(`${path}/${known}/default`, undefined)),
    ]);
    // A change of the same policy that was asked for before another one and came after it has no effect, and says so.
    for (const { status, body } of answers) if (status !== 200) expect([status, body]).toEqual([409, failure(1000, someText)]);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await defaults()).toHaveLength(1);
  });

  test('killed before the change: executed late, it undoes nothing that was asked for after it', async () => {
    const policyNo = await create();
    const headers = { 'idempotency-key': unique('dispatch') };
    await stack.put(`${path}/${policyNo}`, dispatchPolicyBody({ dispatchPolicyName: '먼저', isDefault: true }), { headers });
    const key = headers['idempotency-key'];
    await stack.db.query(sql`delete from shipping_changes where request_id = (select id from requests where key = ${key})`);
    await stack.put(`${path}/${policyNo}`, dispatchPolicyBody({ dispatchPolicyName: '나중' }));
    const second = await create({ isDefault: true });
    await stack.db.query(
      sql`update requests set answered_at = null, status = null, answer = null, locked_until = null, sweep_at = now() - interval '1 minute' where key = ${key}`,
    );
    await stack.requests.sweep();
    expect((await stack.get(`${path}/${policyNo}`)).body).toMatchObject({ dispatchPolicyName: '나중' });
    expect(await defaults()).toEqual([second]);
  });

  test('the same key registers one policy', async () => {
    const headers = { 'idempotency-key': unique('dispatch') };
    const [one, two] = [
      await stack.post(path, dispatchPolicyBody(), { headers }),
      await stack.post(path, dispatchPolicyBody(), { headers }),
    ];
    expect(two.body).toEqual(one.body);
    const changes = await stack.db.query(
      sql`select by from shipping_changes where dispatch_policy_no = ${one.body.dispatchPolicyNo}`,
    );
    expect(changes).toEqual([{ by: 'kim' }]);
  });
});
