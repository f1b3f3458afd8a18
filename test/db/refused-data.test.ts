import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createLog } from '../../process/log.ts';
import { callbackToken } from '../../tracker/callback-token.ts';
import { conflicts, data, NAME, whileRefusing } from '../support/refusing.ts';
import { orderBody, placeIn, unique } from '../support/scenes/orders.ts';
import { createPlace, placeBody } from '../support/scenes/shipping.ts';
import { CALLBACK_SECRET, type Stack, startStack } from '../support/stack.ts';

let logged = '';
let stack: Stack;
beforeAll(async () => {
  const into = new Writable({
    write: (chunk, _encoding, done) => {
      logged += chunk;
      done();
    },
  });
  stack = await startStack({}, { log: createLog('test', { LOG_LEVEL: 'info' }, into) });
});
beforeEach(() => {
  logged = '';
});
afterAll(() => stack.stop());

const ORDERS = '/api/order/v1/orders';

const storedAs = async (key: string) => {
  const rows = await stack.db.query(sql<{ status: number | null; attempts: number }>`
    select status, attempts from requests where key = ${key}`);
  return rows[0];
};
const sweep = async () => {
  await stack.db.query(sql`update requests set sweep_at = now() where answered_at is null`);
  await stack.requests.sweep();
  await stack.requests.answersStored();
};

const passing = ['40001', '40P01', '57014', '57P01', '53300', '08006', '55P03', '25P04'];

describe('data that PostgreSQL refuses is a final 400 or 409, tried once, with no value in answer or log', () => {
  test.each([...data.map((state) => [state, 400, 'BAD_REQUEST']), ...conflicts.map((state) => [state, 409, 'DATA_CONFLICT'])])(
    'SQLSTATE %s while a stored request is executed: %s %s',
    async (state, status, code) => {
      const [key, body] = [unique('key'), orderBody([{}], { orderer: { name: NAME, phone: '010-0000-0000' } })];
      const headers = { 'idempotency-key': key };
      const answer = await whileRefusing(stack, 'orders', String(state), () => stack.post(ORDERS, body, { headers }));
      expect(answer).toMatchObject({ status, body: { status, code } });
      expect(await storedAs(key)).toEqual({ status, attempts: 1 });
      await sweep();
      expect(await stack.post(ORDERS, body, { headers })).toMatchObject({ status, body: { code } });
      expect(JSON.stringify(answer.body) + logged).not.toContain(NAME);
      expect(logged).toContain('"constraint":"a_constraint"');
      expect(logged).toContain(`"code":"${state}"`);
    },
  );

  test.each(data)('SQLSTATE %s of the request’s own row: 400, and nothing is stored', async (state) => {
    const [key, body] = [unique('key'), orderBody()];
    const headers = { 'idempotency-key': key };
    const answer = await whileRefusing(stack, 'requests', state, () => stack.post(ORDERS, body, { headers }));
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await storedAs(key)).toBeUndefined();
    expect((await stack.post(ORDERS, body, { headers })).status).toBe(201);
  });

  test.each(passing)('SQLSTATE %s may pass: pending, and the sweep finishes it', async (state) => {
    const [key, body] = [unique('key'), orderBody()];
    const headers = { 'idempotency-key': key };
    const answer = await whileRefusing(stack, 'orders', state, () => stack.post(ORDERS, body, { headers }));
    expect(answer).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
    expect(await storedAs(key)).toMatchObject({ status: null });
    await sweep();
    expect(await storedAs(key)).toMatchObject({ status: 201 });
  });

  test('what a faster one wrote in between is seen at a second look, and answered as what it is', async () => {
    await stack.db.query(sql`create sequence once`);
    await stack.db.query(
      sql`create function refuse_once() returns trigger language plpgsql as ${sql.lit(
        `begin if nextval('once') = 1 then raise exception using errcode = '23505'; end if; return new; end`,
      )}`,
    );
    await stack.db.query(
      sql`create trigger refuse_once before insert on shipping_changes for each row execute function refuse_once()`,
    );
    expect((await stack.post('/item/v1/shipping/places', placeBody())).status).toBe(201);
    await stack.db.query(sql`drop trigger refuse_once on shipping_changes`);
  });
});

describe('the same on every way in', () => {
  test('on the two foreign wires, in their form', async () => {
    const place = await createPlace(stack);
    const changed = () => stack.put(`/item/v1/shipping/places/${place}`, placeBody());
    expect(await whileRefusing(stack, 'shipping_places', '22003', changed)).toMatchObject({
      status: 400,
      body: { resultCode: 1000 },
    });
    expect(await whileRefusing(stack, 'shipping_places', '23503', changed)).toMatchObject({
      status: 409,
      body: { resultCode: 1000 },
    });
    const registered = () =>
      stack.post('/v2/shipping/product', { member_id: 70, shipping_product_id: 4_711, product_name: NAME });
    expect(await whileRefusing(stack, 'shipping_products', '22021', registered)).toMatchObject({
      status: 400,
      body: { code: '4000' },
    });
    expect(await whileRefusing(stack, 'shipping_products', '23505', registered)).toMatchObject({
      status: 409,
      body: { code: '4090' },
    });
    expect(await changed()).toMatchObject({ status: 200 });
    expect(await registered()).toMatchObject({ status: 200 });
  });

  test('of a look at personal data, whose row of access is refused: our fault, because the reader stores nothing', async () => {
    const [line, token] = [await placeIn(stack, 'ordered'), await stack.token(['delivery.read', 'pii.read'])];
    const look = () => stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`, { token });
    const refused = await whileRefusing(stack, 'personal_data_accesses', '22021', look);
    expect(refused).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(refused.body) + logged).not.toContain(NAME);
    expect(await whileRefusing(stack, 'personal_data_accesses', '57014', look)).toMatchObject({ status: 503 });
    expect(await look()).toMatchObject({ status: 200 });
  });

  test('at the tracker’s callback: 400, so that it does not call again for ever; an outage is 503', async () => {
    const path = `${stack.deps.tracker.DELIVERY_CALLBACK_PATH}?token=${callbackToken(CALLBACK_SECRET, 'D1')}`;
    const scan = { fid: 'D1', invoice_no: '681234567890', level: '2', time_trans: '2026-11-23 14:05:00' };
    const call = () => stack.post(path, scan, { token: null });
    expect(await whileRefusing(stack, 'tracking_journal', '22P05', call)).toMatchObject({ status: 400, body: { code: false } });
    expect(await whileRefusing(stack, 'tracking_journal', '57014', call)).toMatchObject({ status: 503, body: { code: false } });
    expect(await call()).toMatchObject({ status: 200, body: { code: true } });
  });

  test('of a line’s own row: that line’s error, the workflow goes on', async () => {
    const line = await placeIn(stack, 'ordered');
    const instruct = () =>
      stack.post('/api/bo/v1/delivery-lines/instruct', { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] });
    expect((await whileRefusing(stack, 'delivery_lines', '22003', instruct)).body.results).toMatchObject([
      { ok: false, error: { code: 'BAD_REQUEST' } },
    ]);
    expect((await instruct()).body).toMatchObject({ succeeded: 1 });
  });
});
