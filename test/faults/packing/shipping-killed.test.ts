import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { openParcel, releasedParcel, scanAll, VERIFICATIONS } from '../../api/packing/scanning.ts';
import { told as benchTold, loadedAgain, wedge } from '../../console/work/reader.ts';
import { openBrowser, windowOf } from '../../support/browser/browser.ts';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import {
  answeredRequest,
  expectSame,
  historyOf,
  holdRows,
  recordsWaiting,
  requestOf,
  rowOf,
  sweepNow,
} from '../../support/scenes/faults.ts';
import { command } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { eventually } from '../../support/stack.ts';

/** A killed API's requests are locked for this long and 5 s more. No sweep but where a test asks for one. */
const environment = { COMMAND_TIMEOUT_MS: '2000', REQUEST_SWEEP_AFTER_MS: '3600000', LOCAL_STACK: '1' };
let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment });
  await stack.startWorker();
  api = await stack.startApi();
});
afterAll(() => stack.stop());

/** A parcel of two goods at a place that has a range of numbers. */
async function parcelAt(first: number) {
  const placeNo = await createPlace(api);
  const range = await newRange(api, placeNo);
  const parcel = await releasedParcel(
    api,
    [first, first + 1].map((productId) => ({ placeNo, productId, quantity: 1 })),
  );
  return { ...parcel, range, barcodes: [String(first), String(first + 1)] };
}
type Parcel = Awaited<ReturnType<typeof parcelAt>>;

/** The same with its last product scanned; `ship` is what the bench sends then, always under the parcel's key. */
async function completeParcel(first: number) {
  const parcel = await parcelAt(first);
  const { verificationId: id } = await openParcel(api, parcel.deliveryNo);
  expect((await scanAll(api, id, parcel.barcodes)).verification.completedAt).not.toBeNull();
  const key = keyOf(id);
  const lines = parcel.lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, carrierCode: '04', autoWaybill: true }));
  const ship = (by: ApiProcess) => command(by, 'ship', lines, {}, { 'idempotency-key': key });
  return { ...parcel, id, key, ship };
}
const keyOf = (id: number) => `verification-ship-${id}-04`;

/** Asks again under the same key, as the bench does, until it is told. */
const told = (ship: (by: ApiProcess) => ReturnType<typeof command>) =>
  eventually(async () => {
    const { status, body } = await ship(api);
    if (status === 409) expect(body.code).toBe('IDEMPOTENCY_KEY_BUSY');
    return status === 200 && body;
  });

/** What the bench does then. */
const close = async ({ id }: { id: number }) => expect((await api.post(`${VERIFICATIONS}/${id}/close`, {})).status).toBe(200);

/** Both lines have left once, together, under the first number of the range; no other was taken. */
async function expectShippedOnce({ lines, range }: Pick<Parcel, 'lines' | 'range'>): Promise<void> {
  const waybillNo = numberAt(range, 0);
  for (const line of lines) {
    expect(await rowOf(stack, line)).toMatchObject({ state: 'shipped', waybillNo });
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'verify', 'ship']);
    await expectSame(stack, line);
  }
  expect(await rangeNow(api, range)).toMatchObject({ used: 1 });
  const drawn = await stack.db.query(sql`select waybill_no, delivery_no from waybills where range_no = ${range.rangeNo}`);
  expect(drawn).toEqual([{ waybill_no: waybillNo, delivery_no: lines[0]?.deliveryNo }]);
}

describe('the API killed between the last scan of a parcel and the answer to its shipment', () => {
  test('before anything of it was done: the same key ships it once, under one number', async () => {
    const gate = await openGate(stack.temporalAddress);
    const parcel = await completeParcel(8_101);
    const gated = await stack.startApi({ TEMPORAL_ADDRESS: gate.address });
    gate.shut();
    const sent = parcel.ship(gated).catch(() => {});
    await eventually(async () => (await requestOf(stack, parcel.key)) !== undefined);
    await gated.kill();
    await sent;
    await gate.close();
    expect(await rangeNow(api, parcel.range)).toMatchObject({ used: 0 });
    expect((await api.get(`${VERIFICATIONS}/mine`)).body.verification).toMatchObject({
      verificationId: parcel.id,
      blocked: null,
    });
    const waybillNo = numberAt(parcel.range, 0);
    expect(await told(parcel.ship)).toMatchObject({ succeeded: 2, results: [{ waybillNo }, { waybillNo }] });
    await close(parcel);
    await expectShippedOnce(parcel);
  });

  test('in the middle of it, and nobody asks again: it leaves all the same, and who asks later hears its number', async () => {
    const parcel = await completeParcel(8_111);
    const letGo = await holdRows(stack.databaseUrl, parcel.lines);
    const sent = parcel.ship(api).catch(() => {});
    await recordsWaiting(stack, 2);
    await api.kill();
    await sent;
    await letGo();
    api = await stack.startApi();
    await sweepNow(stack, parcel.key);
    const { answer } = await answeredRequest(stack, parcel.key);
    const waybillNo = numberAt(parcel.range, 0);
    expect(answer).toMatchObject({ succeeded: 2, results: [{ waybillNo }, { waybillNo }] });
    expect(await told(parcel.ship)).toEqual(answer);
    await close(parcel);
    await expectShippedOnce(parcel);
  });
});

describe('the same at the bench', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test('the page that is loaded again ships it once and prints its label once', async () => {
    const parcel = await parcelAt(8_121);
    const page = await windowOf(browser, api.url, 'admin', '/packing');
    await page.locator('[name=packing]').waitFor();
    // What this page asks again never arrives: it is gone before the API is back.
    const held: (() => Promise<void>)[] = [];
    await page.route('**/delivery-lines/ship', async (route) => {
      if (held.length > 0) return;
      held.push(await holdRows(stack.databaseUrl, parcel.lines));
      await route.continue();
    });
    await wedge(page, parcel.deliveryNo, ...parcel.barcodes);
    await recordsWaiting(stack, 2);
    const { verificationId } = (await api.get(`${VERIFICATIONS}/mine`)).body.verification;
    await api.kill();
    for (const letGo of held) await letGo();
    api = await stack.startApi({ PORT: new URL(api.url).port });
    await sweepNow(stack, keyOf(verificationId));
    await answeredRequest(stack, keyOf(verificationId));
    await loadedAgain(page);
    await benchTold(page, `${parcel.deliveryNo} 출고완료, 운송장 ${numberAt(parcel.range, 0)}`);
    await expectShippedOnce(parcel);
    const { prints } = (await api.get(`/api/bo/v1/deliveries/${parcel.deliveryNo}`)).body;
    expect(prints).toMatchObject([{ kind: 'label', copy: 1, waybillNo: numberAt(parcel.range, 0) }]);
  });
});
