import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { command, commandLine, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { openParcel, outcome, releasedParcel, scan, scanAll, VERIFICATIONS } from './scanning.ts';

let stack: Stack;
let lee: { token: string };
beforeAll(async () => {
  stack = await startStack();
  lee = { token: await stack.token(undefined, { sub: 'lee' }) };
});
afterAll(() => stack.stop());

const verified = async (deliveryNo: string) =>
  (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body.history
    .filter(({ command }: any) => command === 'verify')
    .map(({ lineNo, by, from, to, revision }: any) => [lineNo, by, from, to, revision]);

describe('a parcel', () => {
  test('of three goods is four scans, then shipped by its caller, and its history says who verified it', async () => {
    const { deliveryNo, lines } = await releasedParcel(stack, [
      { productId: 7_001, quantity: 2 },
      { productId: 7_002, quantity: 1 },
    ]);
    const opened = await openParcel(stack, deliveryNo.toLowerCase());
    expect(opened).toMatchObject({ by: 'delivery', number: deliveryNo, owner: 'kim', blocked: null, completedAt: null });
    const id = opened.verificationId;
    expect(outcome((await scan(stack, id, '7001')).body)).toEqual([true, '1/2', '0/1']);
    expect(outcome((await scan(stack, id, '7002')).body)).toEqual([true, '1/2', '1/1']);
    expect(await verified(deliveryNo)).toEqual([]);
    const last = (await scan(stack, id, '7001')).body;
    expect(outcome(last)).toEqual([true, '2/2', '1/1']);
    expect(last.verification).toMatchObject({ completedAt: expect.any(String), closedAt: null, blocked: null });
    expect(await verified(deliveryNo)).toEqual(lines.map(({ lineNo }) => [lineNo, 'kim', 'released', 'released', null]));
    const waybill = { carrierCode: '04', waybillNo: uniqueWaybill() };
    const shipped = await command(stack, 'ship', [{ deliveryNo, ...waybill }]);
    expect(shipped.body).toMatchObject({ succeeded: 2, failed: 0 });
    expect((await scan(stack, id, '7001')).body.code).toBe('VERIFICATION_COMPLETED');
    await stack.post(`${VERIFICATIONS}/${id}/close`, {});
    // The label that comes out afterwards is no second parcel.
    expect((await openParcel(stack, waybill.waybillNo)).blocked).toMatchObject({ code: 'PARCEL_VERIFIED' });
    expect((await openParcel(stack, deliveryNo)).blocked).toMatchObject({ code: 'PARCEL_SHIPPED' });
    expect(await verified(deliveryNo)).toHaveLength(2);
  });

  test('that was shipped before it was packed is confirmed by its waybill', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_003, quantity: 1 }]);
    const waybillNo = uniqueWaybill();
    await command(stack, 'ship', [{ deliveryNo, carrierCode: '04', waybillNo }]);
    const opened = await openParcel(stack, waybillNo.replace(/^(.{4})/, '$1-'));
    expect(opened).toMatchObject({ by: 'waybill', number: waybillNo, blocked: null });
    const { verification } = await scanAll(stack, opened.verificationId, ['7003']);
    expect(verification).toMatchObject({ completedAt: expect.any(String), closedAt: expect.any(String) });
    expect(await verified(deliveryNo)).toEqual([[1, 'kim', 'shipped', 'shipped', null]]);
  });

  test('says what is wrong with a scan, and what was expected', async () => {
    const { deliveryNo } = await releasedParcel(stack, [
      { productId: 7_010, quantity: 1 },
      { productId: 7_011, quantity: 1 },
    ]);
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    expect(outcome((await scan(stack, id, '9999')).body)).toEqual(['SCAN_WRONG_PRODUCT', '0/1', '0/1']);
    expect(outcome((await scan(stack, id, '7010')).body)).toEqual([true, '1/1', '0/1']);
    expect(outcome((await scan(stack, id, '7010')).body)).toEqual(['SCAN_TOO_MANY', '1/1', '0/1']);
    expect((await openParcel(stack, deliveryNo)).completedAt).toBeNull();
  });

  test('counts a scan once, however often the scanner sends it', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_020, quantity: 5 }]);
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    const scanId = randomUUID();
    const wrong = randomUUID();
    await scan(stack, id, '1', wrong);
    await Promise.all(Array.from({ length: 6 }, () => scan(stack, id, '7020', scanId)));
    expect(outcome((await scan(stack, id, '7020', scanId)).body)).toEqual([true, '1/5']);
    expect(outcome((await scan(stack, id, '7020', wrong)).body)).toEqual(['SCAN_WRONG_PRODUCT', '1/5']);
    const many = await Promise.all(Array.from({ length: 6 }, () => scan(stack, id, '7020')));
    expect(many.filter(({ body }) => body.ok)).toHaveLength(4);
    expect(await verified(deliveryNo)).toHaveLength(1);
  });

  test('is verified by one person at a time, until another takes it over', async () => {
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_030, quantity: 2 }]);
    const both = await Promise.all([openParcel(stack, deliveryNo), openParcel(stack, deliveryNo, {}, lee)]);
    expect(new Set(both.map(({ verificationId }) => verificationId)).size).toBe(1);
    expect(both.filter(({ blocked }) => blocked?.code === 'VERIFICATION_OWNED')).toHaveLength(1);
    const id = both[0].verificationId;
    const [owner, other] = both[0].owner === 'kim' ? [{}, lee] : [lee, {}];
    await scan(stack, id, '7030', undefined, owner);
    expect((await scan(stack, id, '7030', undefined, other)).body.code).toBe('VERIFICATION_OWNED');
    const taken = await openParcel(stack, deliveryNo, { takeOver: true }, other);
    expect([taken.blocked, taken.lines[0].counted]).toEqual([null, 1]);
    expect((await scan(stack, id, '7030', undefined, owner)).body.code).toBe('VERIFICATION_OWNED');
    expect((await scan(stack, id, '7030', undefined, other)).body.verification.completedAt).not.toBeNull();
  });

  test('survives a reload, also between its last scan and its shipment', async () => {
    const token = { token: await stack.token(undefined, { sub: 'choi' }) };
    const mine = async () => (await stack.get(`${VERIFICATIONS}/mine`, token)).body.verification;
    expect(await mine()).toBeNull();
    const { deliveryNo } = await releasedParcel(stack, [{ productId: 7_040, quantity: 2 }]);
    const { verificationId: id } = await openParcel(stack, deliveryNo, {}, token);
    await scan(stack, id, '7040', undefined, token);
    expect(await mine()).toMatchObject({ verificationId: id, lines: [{ counted: 1, needed: 2 }] });
    await scan(stack, id, '7040', undefined, token);
    expect(await mine()).toMatchObject({ verificationId: id, completedAt: expect.any(String), blocked: null });
    await stack.post(`${VERIFICATIONS}/${id}/close`, {}, token);
    expect(await mine()).toBeNull();
  });
});

describe('what is in the way stops it', () => {
  const parcel = () =>
    releasedParcel(stack, [
      { productId: 7_050, quantity: 1 },
      { productId: 7_051, quantity: 1 },
    ]);
  const blockOf = async (deliveryNo: string) => (await openParcel(stack, deliveryNo)).blocked?.code ?? null;

  test('all canceled, one out of stock, not released', async () => {
    const canceled = await parcel();
    await canceled.cancel();
    expect(await blockOf(canceled.deliveryNo)).toBe('PARCEL_CANCELED');
    const missing = await parcel();
    if (missing.lines[1]) await commandLine(stack, 'report-stockout', missing.lines[1], {}, { reason: '결품' });
    expect(await blockOf(missing.deliveryNo)).toBe('PARCEL_STOCKOUT');
    const undone = await parcel();
    if (undone.lines[0]) await take(stack, undone.lines[0], ['undo']);
    expect(await blockOf(undone.deliveryNo)).toBe('PARCEL_UNRELEASED');
    expect((await stack.post(`${VERIFICATIONS}/open`, { number: `none-${randomUUID()}` })).body.code).toBe('PARCEL_NOT_FOUND');
  });

  test('a waybill number that two carriers have moving means neither parcel; of one that has left, the other', async () => {
    const [one, two] = [await parcel(), await parcel()];
    const waybillNo = uniqueWaybill();
    const ship = ({ lines }: typeof one, carrierCode: string) =>
      command(
        stack,
        'ship',
        lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, carrierCode, waybillNo })),
      );
    await ship(one, '04');
    await ship(two, '05');
    const asked = () => stack.post(`${VERIFICATIONS}/open`, { number: waybillNo });
    expect((await asked()).body).toMatchObject({ status: 409, code: 'PARCEL_AMBIGUOUS' });
    for (const line of one.lines) await commandLine(stack, 'deliver', line);
    const { status, body } = await asked();
    expect([status, body.blocked]).toEqual([200, null]);
    expect(body.lines.filter(({ needed }: { needed: number }) => needed > 0).map(({ deliveryNo }: any) => deliveryNo)).toEqual([
      two.deliveryNo,
      two.deliveryNo,
    ]);
  });

  test('a line that is canceled while it is scanned has to come out', async () => {
    const { deliveryNo, lines, cancel } = await parcel();
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    await scan(stack, id, '7050');
    await cancel(1);
    expect(outcome((await scan(stack, id, '7050')).body)).toEqual(['SCAN_NOT_NEEDED', '1/0', '0/1']);
    const { verification } = await scanAll(stack, id, ['7051']);
    expect(verification.completedAt).toBeNull();
    await stack.post(`${VERIFICATIONS}/${id}/close`, {});
    const again = await openParcel(stack, deliveryNo);
    expect((await scanAll(stack, again.verificationId, ['7051'])).verification.completedAt).not.toBeNull();
    expect((await verified(deliveryNo)).map(([lineNo]: any) => lineNo)).toEqual([lines[1]?.lineNo]);
  });

  test('shipped by somebody else in between', async () => {
    const { deliveryNo } = await parcel();
    const { verificationId: id } = await openParcel(stack, deliveryNo);
    await command(stack, 'ship', [{ deliveryNo, carrierCode: '04', waybillNo: uniqueWaybill() }]);
    expect((await scan(stack, id, '7050')).body).toMatchObject({ ok: false, error: { code: 'PARCEL_SHIPPED' } });
  });
});

describe('what is wrong is refused', () => {
  test.each([
    ['open', { number: '' }],
    ['open', {}],
    ['1/scan', { scanId: '한글', barcode: '1' }],
    ['1/scan', { scanId: 'a', barcode: '' }],
    ['1/scan', { scanId: 'a', barcode: 'x'.repeat(101) }],
    ['x/scan', { scanId: 'a', barcode: '1' }],
  ])('%s %j', async (path, body) => {
    expect(await stack.post(`${VERIFICATIONS}/${path}`, body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  test('a verification that is none', async () => {
    expect((await scan(stack, 999_999_999, '1')).body.code).toBe('VERIFICATION_NOT_FOUND');
    expect((await stack.post(`${VERIFICATIONS}/999999999/close`, {})).body.code).toBe('VERIFICATION_NOT_FOUND');
  });
});
