import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { command, commandLine, listedLine, type PlacedLine, placeIn, storedRow } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack, withoutPii } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** The tracker saw the parcel: what its callback will send. */
const track = async ({ deliveryNo, lineNo }: PlacedLine, waybillNo: string | null, level: number) => {
  await stack.temporal.workflow
    .getHandle(deliveryWorkflowId(deliveryNo, lineNo))
    .signal('track', { requestId: `scan-${deliveryNo}-${level}`, carrierCode: '04', waybillNo, level });
};
const reason = '고객 요청';

describe('처리취소: one step back', () => {
  test('배송지시 → 주문완료, and the step can be taken again', async () => {
    const line = await placeIn(stack, 'instructed');
    expect(await commandLine(stack, 'undo', line, {}, { reason })).toMatchObject({ ok: true, state: 'ordered', revision: 3 });
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'ordered',
      instructedAt: null,
      allowedCommands: ['instruct', 'split', 'notify-delay'],
    });
    expect(await commandLine(stack, 'instruct', line)).toMatchObject({ ok: true, revision: 4 });
  });

  test('출고완료 → 출고지시 takes waybill and shippedAt back, in the row too', async () => {
    const line = await placeIn(stack, 'shipped');
    expect(await commandLine(stack, 'undo', line, {}, { reason })).toMatchObject({ ok: true, state: 'released' });
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'released',
      carrierCode: null,
      waybillNo: null,
      shippedAt: null,
      trackingLevel: null,
    });
  });

  test('only while the tracker has seen no movement (level < 2), else ALREADY_MOVING', async () => {
    const line = await placeIn(stack, 'shipped');
    await track(line, line.waybillNo, 2);
    await eventually(async () => (await storedRow(stack, line)).tracking_level === 2);
    expect(await listedLine(stack, line)).toMatchObject({ trackingLevel: 2, allowedCommands: ['deliver', 'correct-waybill'] });
    expect(await commandLine(stack, 'undo', line, {}, { reason })).toMatchObject({
      ok: false,
      error: { code: 'ALREADY_MOVING' },
    });
    expect((await storedRow(stack, line)).state).toBe('shipped');
  });

  test('배송준비 (level 1) is no movement', async () => {
    const line = await placeIn(stack, 'shipped');
    await track(line, line.waybillNo, 1);
    await eventually(async () => (await storedRow(stack, line)).tracking_level === 1);
    expect(await commandLine(stack, 'undo', line, {}, { reason })).toMatchObject({ ok: true, state: 'released' });
  });

  test('a scan of a waybill the line does not carry is nothing to it', async () => {
    const line = await placeIn(stack, 'shipped');
    await track(line, '000000000000', 6);
    await track(line, line.waybillNo, 1);
    await eventually(async () => (await storedRow(stack, line)).tracking_level === 1);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped' });
  });
});

describe('배송완료취소 (delivered → shipped)', () => {
  test('the waybill stays, deliveredAt goes', async () => {
    const line = await placeIn(stack, 'delivered');
    expect(await commandLine(stack, 'reopen', line, {}, { reason })).toMatchObject({ ok: true, state: 'shipped', revision: 6 });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', waybillNo: line.waybillNo, deliveredAt: null });
    expect(await commandLine(stack, 'deliver', line)).toMatchObject({ ok: true, state: 'delivered' });
  });

  test('also after the tracker had delivered it: its level stays, so no undo follows', async () => {
    const line = await placeIn(stack, 'shipped');
    await track(line, line.waybillNo, 6);
    await eventually(async () => (await storedRow(stack, line)).state === 'delivered');
    expect(await commandLine(stack, 'reopen', line, {}, { reason })).toMatchObject({ ok: true, state: 'shipped' });
    expect(await listedLine(stack, line)).toMatchObject({ trackingLevel: 6, allowedCommands: ['deliver', 'correct-waybill'] });
  });
});

describe('who and why', () => {
  test.each(['undo', 'reopen'])('%s needs delivery.undo; delivery.write alone is 403 and changes nothing', async (name) => {
    const line = await placeIn(stack, name === 'undo' ? 'instructed' : 'delivered');
    const before = await storedRow(stack, line);
    const token = await stack.token(withoutPii.filter((permission) => permission !== 'delivery.undo'));
    const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }], reason };
    const refused = await stack.post(`/api/bo/v1/delivery-lines/${name}`, body, { token });
    expect(refused).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    expect(await storedRow(stack, line)).toEqual(before);
    const undoOnly = await stack.token(['delivery.undo']);
    expect((await stack.post(`/api/bo/v1/delivery-lines/${name}`, body, { token: undoOnly })).body).toMatchObject({
      succeeded: 1,
    });
  });

  test.each([
    ['undo', 'released'],
    ['reopen', 'delivered'],
    ['correct-waybill', 'shipped'],
  ] as const)('%s without a reason is REASON_REQUIRED', async (name, state) => {
    const line = await placeIn(stack, state);
    const before = await storedRow(stack, line);
    const fields = { carrierCode: '05', waybillNo: '999988887777' };
    expect(await commandLine(stack, name, line, fields)).toMatchObject({ ok: false, error: { code: 'REASON_REQUIRED' } });
    expect(await storedRow(stack, line)).toEqual(before);
  });

  test('the reason stands in the history, with who', async () => {
    const line = await placeIn(stack, 'instructed');
    const token = await stack.token(['delivery.undo'], { sub: 'lee' });
    await stack.post('/api/bo/v1/delivery-lines/undo', { lines: [{ deliveryNo: line.deliveryNo }], reason }, { token });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.history.at(-1)).toMatchObject({
      lineNo: 1,
      command: 'undo',
      from: 'instructed',
      to: 'ordered',
      by: 'lee',
      reason,
    });
  });

  test('many lines at once: each is judged by itself', async () => {
    const [moved, still] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    await track(moved, moved.waybillNo, 3);
    await eventually(async () => (await storedRow(stack, moved)).tracking_level === 3);
    const { body } = await command(stack, 'undo', [{ deliveryNo: moved.deliveryNo }, { deliveryNo: still.deliveryNo }], {
      reason,
    });
    expect(body).toMatchObject({
      succeeded: 1,
      failed: 1,
      results: [{ error: { code: 'ALREADY_MOVING' } }, { ok: true, state: 'released' }],
    });
  });
});
