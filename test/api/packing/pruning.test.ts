import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { prunePacking } from '../../../requests/sweeps.ts';
import { placeIn } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { openParcel, releasedParcel, scanAll, VERIFICATIONS } from './scanning.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const counted = async (statement: ReturnType<typeof sql>) => (await stack.db.query(statement)).length;
const verificationsOf = (deliveryNo: string) => counted(sql`select from verifications where delivery_no = ${deliveryNo}`);
const scansOf = (id: number) => counted(sql`select from verification_scans where verification_id = ${id}`);
const printsOf = (deliveryNos: string[]) => counted(sql`select from prints where delivery_no = any(${deliveryNos})`);
const printed = (deliveryNos: string[]) => stack.post('/api/bo/v1/prints/packing-list', { deliveryNos, masked: true });
const daysLater = async (deliveryNos: string[]) => {
  const back = sql`interval '31 days'`;
  await stack.db.query(sql`update prints set at = at - ${back} where delivery_no = any(${deliveryNos})`);
  await stack.db.query(
    sql`update verifications set opened_at = opened_at - ${back}, completed_at = completed_at - ${back}, closed_at = closed_at - ${back}
         where delivery_no = any(${deliveryNos})`,
  );
};
const finish = (deliveryNos: string[]) =>
  stack.db.query(sql`update delivery_lines set finished_at = now() where delivery_no = any(${deliveryNos})`);
/** A page of two: each walk has several. */
const prune = () => prunePacking(stack.deps, undefined, 2);

async function verified(): Promise<{ deliveryNo: string; id: number }> {
  const { deliveryNo } = await releasedParcel(stack, [{ productId: 91, quantity: 2, methodCode: '20' }]);
  const { verificationId: id } = await openParcel(stack, deliveryNo);
  await scanAll(stack, id, ['91', '91']);
  return { deliveryNo, id };
}

test('closed verifications go after thirty days with their scans; history keeps who verified', async () => {
  const [old, young] = [await verified(), await verified()];
  for (const { id } of [old, young]) await stack.post(`${VERIFICATIONS}/${id}/close`, {});
  await daysLater([old.deliveryNo]);
  await prune();
  expect([await verificationsOf(old.deliveryNo), await scansOf(old.id)]).toEqual([0, 0]);
  expect([await verificationsOf(young.deliveryNo), await scansOf(young.id)]).toEqual([1, 2]);
  const { history } = (await stack.get(`/api/bo/v1/deliveries/${old.deliveryNo}`)).body;
  expect(history.filter(({ command }: any) => command === 'verify')).toMatchObject([{ by: expect.any(String), lineNo: 1 }]);
});

test('one that was left open goes when its parcel is finished, and not before', async () => {
  const { deliveryNo, id } = await verified();
  await daysLater([deliveryNo]);
  await prune();
  expect([await verificationsOf(deliveryNo), await scansOf(id)]).toEqual([1, 2]);
  await finish([deliveryNo]);
  await prune();
  expect([await verificationsOf(deliveryNo), await scansOf(id)]).toEqual([0, 0]);
});

test('one that somebody holds is left to the next walk', async () => {
  const { deliveryNo, id } = await verified();
  await stack.post(`${VERIFICATIONS}/${id}/close`, {});
  await daysLater([deliveryNo]);
  await stack.db.transaction(async (query) => {
    await query(sql`select from verifications where verification_id = ${id} for update`);
    await prune();
    expect(await scansOf(id)).toBe(2);
  });
  await prune();
  expect(await scansOf(id)).toBe(0);
});

test('prints go when their deliveries are finished, however many stay among them', async () => {
  const all = await releasedRows(stack.db, 7);
  const [gone, stays] = [all.slice(5), all.slice(0, 5)];
  await printed(all);
  await finish(gone);
  await prune();
  expect(await printsOf(all)).toBe(7);
  await daysLater(all);
  expect(await prune()).toBeGreaterThan(0);
  expect([await printsOf(gone), await printsOf(stays)]).toEqual([0, 5]);
});

test('a label that is printed again says so, however old the first is; who saw it stays in the access records', async () => {
  const { deliveryNo } = await placeIn(stack, 'shipped');
  const token = await stack.token(['delivery.read', 'pii.read']);
  const label = () => stack.post('/api/bo/v1/prints/labels', { deliveryNos: [deliveryNo] }, { token });
  await label();
  await daysLater([deliveryNo]);
  await prune();
  await label();
  const { prints } = (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body;
  expect(prints.map(({ copy }: any) => copy)).toEqual([2, 1]);
  await finish([deliveryNo]);
  await daysLater([deliveryNo]);
  await prune();
  expect(await printsOf([deliveryNo])).toBe(0);
  expect((await stack.get(`/api/bo/v1/personal-data-accesses?subject=${deliveryNo}`)).body.items.length).toBe(2);
});
