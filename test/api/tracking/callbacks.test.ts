import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { placeIn, storedHistory, storedRow, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { instructWithWaybill, openClaim, pickupHistory, pickupOf, placedLine } from '../../support/scenes/pickups.ts';
import {
  CALLBACK_PATH,
  callback,
  callbackFields,
  journalOf,
  outcomesOf,
  postForm,
  postJson,
  success,
  tokenFor,
  wireTime,
} from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ PICKUP_AUTO_CONFIRM: 'on' });
});
afterAll(() => stack.stop());

const refused = (status: number) => ({
  status,
  body: { code: false, message: expect.stringMatching(/^fail - ./) },
});
const journal = (fid: string) => journalOf(stack, fid);
const number = () => ({ fid: unique('N'), waybillNo: uniqueWaybill() });

describe('운송장 트래킹 정보 수신', () => {
  test('a form is stored whole, Korean and all, and answered with success', async () => {
    const { fid, waybillNo } = number();
    const fields = callbackFields(fid, waybillNo, 3);
    expect(await postForm(stack, fields)).toMatchObject(success);
    expect(await journal(fid)).toMatchObject([{ level: 3, waybill_no: waybillNo, body: fields }]);
  });

  test('so is JSON, numbers in it too; hyphens leave the waybill', async () => {
    const { fid, waybillNo } = number();
    const fields = { ...callbackFields(fid, `${waybillNo.slice(0, 4)}-${waybillNo.slice(4)}`, 2), level: 2, estmate: null };
    expect(await postJson(stack, fields)).toMatchObject(success);
    expect(await journal(fid)).toMatchObject([{ level: 2, waybill_no: waybillNo, body: { level: '2', estmate: '' } }]);
  });

  test('the time is Korean, the carrier may be called comcode, place and details may be missing', async () => {
    const { fid, waybillNo } = number();
    const { where: _w, details: _d, courier_code: _c, ...fields } = callbackFields(fid, waybillNo, 1, { comcode: '05' });
    expect(await postForm(stack, { ...fields, time_trans: '2026-11-23 00:30:00' })).toMatchObject(success);
    const rows = await stack.db.query(
      sql`select scanned_at, carrier_code, place, details from tracking_journal where fid = ${fid}`,
    );
    expect(rows).toEqual([{ scanned_at: new Date('2026-11-22T15:30:00Z'), carrier_code: '05', place: '', details: null }]);
  });

  test('without a scan’s own time, the tracker’s counts', async () => {
    const { fid, waybillNo } = number();
    const fields = callbackFields(fid, waybillNo, 1, { time_trans: '', time_sweet: '2026-11-23 10:00:00' });
    expect(await postForm(stack, fields)).toMatchObject(success);
    const rows = await stack.db.query(sql`select scanned_at from tracking_journal where fid = ${fid}`);
    expect(rows).toEqual([{ scanned_at: new Date('2026-11-23T01:00:00Z') }]);
  });

  test('letters that PostgreSQL cannot hold are left out, a place of ten thousand letters is cut for the key', async () => {
    const { fid, waybillNo } = number();
    const fields = callbackFields(fid, waybillNo, 4, { where: '강'.repeat(10_000), man: 'a\u0000b\ud800' });
    expect(await postJson(stack, fields)).toMatchObject(success);
    const [row] = await journal(fid);
    expect(row?.body.where).toHaveLength(10_000);
    expect(row?.body.man).toBe('ab\ufffd');
  });

  test('1,000 duplicates at once are answered success each and stored once', async () => {
    const line = await placeIn(stack, 'shipped');
    const fields = callbackFields(line.deliveryNo, line.waybillNo ?? '', 6);
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, at) => (at % 2 ? postForm : postJson)(stack, fields)));
    expect(answers.filter(({ status, body }) => status !== 200 || body.code !== true)).toEqual([]);
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['applied']);
    await eventually(async () => (await storedRow(stack, line)).state === 'delivered');
    const delivers = (await storedHistory(stack, line)).filter(({ command }) => command === 'deliver');
    expect(delivers).toMatchObject([{ by: 'tracker', refused: null }]);
  });
});

test('PICKUP_AUTO_CONFIRM=on: 회수확인 by the tracker', async () => {
  const pickupNo = await openClaim(stack, 'return', await placedLine(stack), 1);
  await callback(stack, pickupNo, await instructWithWaybill(stack, pickupNo), 6);
  await eventually(async () => (await pickupOf(stack, pickupNo)).state === 'confirmed');
  expect((await pickupHistory(stack, pickupNo)).slice(-3)).toEqual(['instruct', 'track', 'confirm']);
});

describe('own answer shape for every failure, and nothing stored', () => {
  test.each([
    ['without a token', null],
    ['with an empty token', ''],
    ['with another number’s token', tokenFor('D999999999999')],
    ['with a token cut short', 'x'],
    ['with a token of Korean letters', encodeURIComponent('가나다')],
  ])('403 %s', async (_, token) => {
    const { fid, waybillNo } = number();
    expect(await postForm(stack, callbackFields(fid, waybillNo, 6), token)).toMatchObject(refused(403));
    expect(await journal(fid)).toEqual([]);
  });

  test.each([
    ['the number missing', { fid: '' }],
    ['a number of 60 letters', { fid: 'D'.repeat(60) }],
    ['the waybill missing', { invoice_no: '' }],
    ['a waybill of blanks and hyphens', { invoice_no: ' - ' }],
    ['the level missing', { level: '' }],
    ['level "abc"', { level: 'abc' }],
    ['level 2.5', { level: '2.5' }],
    ['a level that is none', { level: '7' }],
    ['a level beyond every integer', { level: '99999999999' }],
    ['both times missing', { time_trans: '', time_sweet: '' }],
    ['a time that is none', { time_trans: 'yesterday' }],
    ['the 30th of February', { time_trans: '2026-02-30 10:00:00' }],
    ['a year no one lives in', { time_trans: '9999-01-01 10:00:00' }],
  ])('400 with %s, as a form and as JSON', async (_, wrong) => {
    const { fid, waybillNo } = number();
    const fields = { ...callbackFields(fid, waybillNo, 2), ...wrong };
    expect(await postForm(stack, fields)).toMatchObject(refused(400));
    expect(await postJson(stack, fields)).toMatchObject(refused(400));
    expect(await journal(fields.fid)).toEqual([]);
  });

  test.each([
    ['plain text', 'text/plain', 'fid=1'],
    ['XML', 'application/xml', '<fid>1</fid>'],
    ['no type at all', '', 'fid=1'],
    ['JSON that ends too early', 'application/json', '{"fid":'],
    ['a JSON array', 'application/json', '[1]'],
    ['a JSON text', 'application/json', '"fid"'],
    ['JSON null', 'application/json', 'null'],
    ['nothing', 'application/json', ''],
    ['problem+json', 'application/problem+json', '{"fid":"1"}'],
  ])('400 for what is neither JSON nor form: %s', async (_, type, body) => {
    const answer = await stack.post(`${CALLBACK_PATH}?token=${tokenFor('1')}`, body, {
      token: null,
      headers: { 'content-type': type },
    });
    expect(answer).toMatchObject(refused(400));
  });

  test('413 for a body of 1 MB', async () => {
    const { fid, waybillNo } = number();
    const fields = callbackFields(fid, waybillNo, 2, { details: 'x'.repeat(1_000_000) });
    expect(await postForm(stack, fields)).toMatchObject(refused(413));
    expect(await postJson(stack, fields)).toMatchObject(refused(413));
    expect(await journal(fid)).toEqual([]);
  });

  test('413 also when it comes in chunks without saying how long it is', async () => {
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (bytes) => (text += bytes)).on('error', () => {});
    socket.write(
      `POST ${CALLBACK_PATH}?token=${tokenFor('1')} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = 'x'.repeat(60_000);
    for (let at = 0; at < 17; at++) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    socket.write('0\r\n\r\n');
    await eventually(async () => text.includes('fail - '));
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).not.toContain('problem');
  });

  test('a refusal names fields, and repeats nothing of what it was sent', async () => {
    const { fid, waybillNo } = number();
    const { body } = await postForm(stack, callbackFields(fid, waybillNo, '독고수령'));
    expect(body.message).toBe('fail - level');
  });

  test('GET is no callback', async () => {
    expect((await stack.get(CALLBACK_PATH, { token: null })).status).toBe(404);
  });

  test('counted by what became of them', async () => {
    const { fid, waybillNo } = number();
    const fields = callbackFields(fid, waybillNo, 2, { time_trans: wireTime(-5) });
    await postForm(stack, fields);
    await postForm(stack, fields);
    await postForm(stack, fields, 'wrong');
    const { body } = await stack.get('/metrics', { token: null });
    for (const outcome of ['stored', 'repeated', 'refused'])
      expect(body).toMatch(new RegExp(`tracker_callbacks_total\\{outcome="${outcome}"\\} [1-9]`));
  });
});
