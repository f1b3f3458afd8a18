import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../process/log.ts';
import { callbackToken } from '../../tracker/callback-token.ts';
import { conflicts, data, NAME, whileFailing, whileRefusing } from '../support/refusing.ts';
import { orderBody, placeIn } from '../support/scenes/orders.ts';
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
  // A line to be looked at.
  await stack.post(ORDERS, orderBody());
});
beforeEach(() => {
  logged = '';
});
afterAll(() => stack.stop());

const ORDERS = '/api/order/v1/orders';

/** What `data_refused_total` counts while `work` runs, by operation. */
async function countedBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts = async () =>
    new Map((await stack.deps.metrics.refused.get()).values.map(({ labels, value }) => [String(labels.operation), value]));
  const before = await counts();
  await work();
  const grown = [...(await counts())].map(([operation, n]): [string, number] => [operation, n - (before.get(operation) ?? 0)]);
  return Object.fromEntries(grown.filter(([, n]) => n > 0));
}

describe('what PostgreSQL refuses is counted by operation', () => {
  const LINE = '/api/bo/v1/delivery-lines';
  const read = (name: string) => whileFailing(stack, name, () => stack.get(`${LINE}?limit=1`));

  test('of a stored request: executed, or its own row; of a callback', async () => {
    const order = () => stack.post(ORDERS, orderBody());
    expect(await countedBy(() => whileRefusing(stack, 'orders', '22003', order))).toEqual({ order: 1 });
    // Twice refused, as a second look is taken; told once.
    expect(await countedBy(() => whileRefusing(stack, 'orders', '23505', order))).toEqual({ order: 1 });
    expect(await countedBy(() => whileRefusing(stack, 'requests', '23514', order))).toEqual({ order: 1 });
    expect(await countedBy(() => whileRefusing(stack, 'orders', '40001', order))).toEqual({});
    const path = `${stack.deps.tracker.DELIVERY_CALLBACK_PATH}?token=${callbackToken(CALLBACK_SECRET, 'D2')}`;
    const scan = { fid: 'D2', invoice_no: '681234567891', level: '2', time_trans: '2026-11-23 14:05:00' };
    const call = () => stack.post(path, scan, { token: null });
    expect(await countedBy(() => whileRefusing(stack, 'tracking_journal', '22P05', call))).toEqual({ 'tracker-callback': 1 });
  });

  test.each([...data, ...conflicts])(
    'of a read, SQLSTATE %s: INTERNAL, because a value that a schema took is ours',
    async (state) => {
      const counted = await countedBy(async () => {
        const answer = await read(state);
        expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
        expect(answer.body.errors).toBeUndefined();
      });
      expect(counted).toEqual({ [`GET ${LINE}`]: 1 });
      expect(logged).toContain('PostgreSQL refuses a value of ours');
      expect(logged).not.toContain(NAME);
    },
  );

  test('of a search by POST, which stores nothing either', async () => {
    const search = () =>
      whileRefusing(stack, 'personal_data_accesses', '22003', () =>
        stack.post('/api/bo/v1/deliveries/search', { receiverName: NAME }),
      );
    expect(await countedBy(async () => expect(await search()).toMatchObject({ status: 500 }))).toEqual({
      'POST /api/bo/v1/deliveries/search': 1,
    });
  });

  test('of a worker’s activity', async () => {
    const line = await placeIn(stack, 'ordered');
    const from = stack.dataRefused.length;
    await whileRefusing(stack, 'delivery_lines', '22003', () =>
      stack.post(`${LINE}/instruct`, { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] }),
    );
    expect(stack.dataRefused.slice(from)).toEqual(['record']);
  });
});
