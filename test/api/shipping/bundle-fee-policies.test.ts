import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { unique } from '../../support/scenes/orders.ts';
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
const defaultsOf = (placeNo: number) =>
  stack.db.query(sql<{ policy_no: number }>`select policy_no from shipping_policies where place_no = ${placeNo} and is_default`);
const someText = expect.stringMatching(/[가-힣]/);

describe("an official client's sample bodies from the specification work unchanged", () => {
  const sample = (feeType: number, fee: number, condition: number) => ({
    feeType,
    fee,
    isPrepayment: true,
    isCashOnDelivery: false,
    placeNo: 176042,
    isDefault: false,
    shippingFee: [{ condition }],
  });
  test.each([
    ['무료', sample(1, 0, 0)],
    ['유료', sample(2, 2_500, 0)],
    ['조건부무료', sample(3, 2_500, 20_000)],
  ])('Sample - %s: registered, changed and read, with the fields of the specification and no others', async (_, body) => {
    expect(first).toBe(176_042);
    const posted = await stack.post(path, body);
    expect([posted.status, posted.body]).toEqual([200, { placeNo: 176_042, policyNo: expect.any(Number) }]);
    const { policyNo } = posted.body;
    const put = await stack.put(`${path}/${policyNo}`, { ...body, fee: body.fee * 2 });
    expect([put.status, put.body]).toEqual([200, { placeNo: 176_042, policyNo }]);
    const { placeNo, policies, ...others } = await policiesOf(176_042);
    expect([placeNo, others]).toEqual([176_042, {}]);
    expect(policies.find((each: any) => each.policyNo === policyNo)).toEqual({
      policyNo,
      feeType: body.feeType,
      fee: body.fee * 2,
      isPrepayment: true,
      isCashOnDelivery: false,
      shippingFee: body.shippingFee,
    });
  });

  test('both 선결제 and 착불, as the request of the specification has it', async () => {
    const placeNo = await createPlace(stack);
    expect((await stack.post(path, { ...sample(1, 0, 0), placeNo, isCashOnDelivery: true, isDefault: true })).status).toBe(200);
  });

  test('shippingFee may be missing where it means nothing', async () => {
    const placeNo = await createPlace(stack);
    const { shippingFee: _, ...body } = policyBody(placeNo);
    expect((await stack.post(path, body)).status).toBe(200);
    expect((await policiesOf(placeNo)).policies).toMatchObject([{ shippingFee: [{ condition: 0 }] }]);
  });
});

describe('one default per place: a new default takes over', () => {
  test('by POST and by PUT', async () => {
    const placeNo = await createPlace(stack);
    const a = await createPolicy(stack, placeNo);
    const b = await createPolicy(stack, placeNo);
    expect(await defaultsOf(placeNo)).toEqual([{ policy_no: b }]);
    await stack.put(`${path}/${a}`, policyBody(placeNo));
    expect(await defaultsOf(placeNo)).toEqual([{ policy_no: a }]);
    await stack.put(`${path}/${a}`, policyBody(placeNo, { isDefault: false }));
    expect(await defaultsOf(placeNo)).toEqual([]);
  });

  test('set at once by many callers: all answer, but for a change that a newer one overtook, and one is the default', async () => {
    const placeNo = await createPlace(stack);
    const known = await createPolicy(stack, placeNo, { isDefault: false });
    const six = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 6 }, call));
    const [added, changed] = await Promise.all([
      six(() => stack.post(path, policyBody(placeNo))),
      six(() => stack.put(`${path}/${known}`, policyBody(placeNo))),
    ]);
    expect(added.map(({ status }) => status)).toEqual(added.map(() => 200));
    // SUPERSEDED in the wire's own shape: which of the six is asked last is up to the machine.
    const overtaken = changed.filter(({ status }) => status !== 200);
    expect(overtaken.map(({ status, body }) => [status, body])).toEqual(overtaken.map(() => [409, failure(1000, someText)]));
    expect(overtaken.length).toBeLessThan(6);
    expect(await defaultsOf(placeNo)).toHaveLength(1);
    expect((await policiesOf(placeNo)).policies).toHaveLength(7);
  });
});

describe('what if it dies here, twice, late', () => {
  test('the same key again registers one policy and answers the same; another body 409 in the same shape', async () => {
    const placeNo = await createPlace(stack);
    const headers = { 'idempotency-key': unique('policy') };
    const posted = await stack.post(path, policyBody(placeNo), { headers });
    const again = await stack.post(path, policyBody(placeNo), { headers });
    expect([again.status, again.body]).toEqual([200, posted.body]);
    expect((await policiesOf(placeNo)).policies).toHaveLength(1);
    const other = await stack.post(path, policyBody(placeNo, { fee: 3_000 }), { headers });
    expect([other.status, other.body]).toEqual([409, failure(1000, someText)]);
    const refused = { 'idempotency-key': unique('policy') };
    const bad = await stack.post(path, policyBody(999_999_999), { headers: refused });
    expect((await stack.post(path, policyBody(999_999_999), { headers: refused })).body).toEqual(bad.body);
  });

  /** As after a kill -9 between the change and its answer, or between the store and the change. */
  const unanswered = (key: string) =>
    stack.db.query(
      sql`update requests set answered_at = null, status = null, answer = null, locked_until = null, sweep_at = now() - interval '1 minute' where key = ${key}`,
    );

  test('killed after the change: the sweep answers with what was done, and registers no second policy', async () => {
    const placeNo = await createPlace(stack);
    const headers = { 'idempotency-key': unique('policy') };
    const { body } = await stack.post(path, policyBody(placeNo), { headers });
    await unanswered(headers['idempotency-key']);
    await stack.requests.sweep();
    expect((await stack.post(path, policyBody(placeNo), { headers })).body).toEqual(body);
    expect((await policiesOf(placeNo)).policies).toHaveLength(1);
  });

  test('killed before the change: executed late it undoes nothing that was asked for after it', async () => {
    const placeNo = await createPlace(stack);
    const policyNo = await createPolicy(stack, placeNo);
    const headers = { 'idempotency-key': unique('policy') };
    await stack.put(`${path}/${policyNo}`, policyBody(placeNo, { fee: 1_111 }), { headers });
    await stack.db.query(
      sql`delete from shipping_changes where request_id = (select id from requests where key = ${headers['idempotency-key']})`,
    );
    await stack.put(`${path}/${policyNo}`, policyBody(placeNo, { fee: 2_222 }));
    const second = await createPolicy(stack, placeNo);
    await unanswered(headers['idempotency-key']);
    await stack.requests.sweep();
    expect((await policiesOf(placeNo)).policies).toMatchObject([{ policyNo, fee: 2_222 }, { policyNo: second }]);
    expect(await defaultsOf(placeNo)).toEqual([{ policy_no: second }]);
  });

  test('who changed what is noted', async () => {
    const placeNo = await createPlace(stack);
    const policyNo = await createPolicy(stack, placeNo);
    const changes = await stack.db.query(sql`select by, policy_no from shipping_changes where place_no = ${placeNo} order by at`);
    expect(changes).toEqual([
      { by: 'kim', policy_no: null },
      { by: 'kim', policy_no: policyNo },
    ]);
  });
});
