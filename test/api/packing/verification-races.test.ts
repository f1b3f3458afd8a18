import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { recordsWaiting } from '../../support/scenes/faults.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { openParcel, outcome, releasedParcel, scan, scanAll, VERIFICATIONS } from './scanning.ts';

let stack: Stack;
let lee: { token: string };
beforeAll(async () => {
  stack = await startStack();
  lee = { token: await stack.token(undefined, { sub: 'lee' }) };
});
afterAll(() => stack.stop());

/** Changes something, and commits it once `meanwhile` waits for it. */
async function changing<T>(statement: string, values: unknown[], meanwhile: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(statement, values);
    const answer = meanwhile();
    answer.catch(() => {});
    await recordsWaiting(stack, 1);
    await client.query('commit');
    return await answer;
  } finally {
    await client.end();
  }
}

describe('while a parcel is verified', () => {
  test('a piece that is canceled at the last scan is still in the box: not complete', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_201, quantity: 2 }]);
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    await scan(stack, id, '7201');
    const { body } = await changing('update delivery_lines set canceled = 1 where delivery_no = $1', [deliveryNo], () =>
      scan(stack, id, '7201'),
    );
    expect(outcome(body)).toEqual([true, '2/1']);
    expect(body.verification.completedAt).toBeNull();
  });

  test('one that is closed while another person begins it is begun anew', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_202, quantity: 2 }]);
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    await scan(stack, id, '7202');
    const opened = await changing('update verifications set closed_at = now() where verification_id = $1', [id], () =>
      openParcel(stack, deliveryNo, {}, lee),
    );
    expect(opened).toMatchObject({ owner: 'lee', blocked: null, lines: [{ counted: 0, needed: 2 }] });
    expect(opened.verificationId).not.toBe(id);
  });

  test('two people scan at once: each product counts once, and one of them completes it', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_203, quantity: 3 }]);
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    const scans = Array.from({ length: 8 }, () => scan(stack, id, '7203'));
    const taken = openParcel(stack, deliveryNo, { takeOver: true }, lee);
    const others = Array.from({ length: 8 }, () => scan(stack, id, '7203', undefined, lee));
    const all = await Promise.all([...scans, ...others]);
    await taken;
    const rest = [await scan(stack, id, '7203', undefined, lee), await scan(stack, id, '7203', undefined, lee)];
    expect([...all, ...rest].filter(({ body }) => body.ok === true).length).toBe(3);
    const { history } = (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
    expect(history.filter(({ command }: any) => command === 'verify')).toHaveLength(1);
  });
});

test('a parcel that was complete, and of which a piece was canceled before it left, is scanned again', async () => {
  const { deliveryNo, cancel } = await releasedParcel(stack, [
    { productId: 7_204, quantity: 1 },
    { productId: 7_205, quantity: 1 },
  ]);
  const first = await openParcel(stack, deliveryNo);
  expect((await scanAll(stack, first.verificationId, ['7204', '7205'])).verification.completedAt).not.toBeNull();
  await cancel(1);
  const again = await openParcel(stack, deliveryNo);
  expect(again).toMatchObject({ completedAt: null, blocked: null });
  expect(again.lines.map(({ counted, needed }: any) => [counted, needed])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  expect((await scanAll(stack, again.verificationId, ['7205'])).verification.completedAt).not.toBeNull();
  // What is still as it was scanned goes on where it was.
  expect((await openParcel(stack, deliveryNo)).verificationId).toBe(again.verificationId);
  await stack.post(`${VERIFICATIONS}/${again.verificationId}/close`, {});
});
