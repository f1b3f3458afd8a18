import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import {
  NOTICES,
  noticeEnvironment,
  noticeIn,
  noticesOf,
  orderFor,
  ruleFor,
  setRule,
  uniquePhone,
} from '../../support/notices/telling.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { eventually } from '../../support/stack.ts';

let simulator: Simulator;
let stack: ProcessStack;
let api: ApiProcess;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
  const environment = noticeEnvironment(simulator.url, 'solapi', { NOTICE_TIMEOUT_MS: '2000', NOTICE_LEASE_MS: '4000' });
  stack = await startProcesses({ environment });
  api = await stack.startApi({}, false);
  await setRule(api, ruleFor());
});
afterAll(async () => {
  await stack.stop();
  await simulator.stop();
});

const heard = () =>
  eventually(async () => (await stack.db.query(sql`select from notice_head where event_id is not null`)).length > 0);
const open = async () =>
  (await stack.db.query(sql<{ n: number }>`select count(*) as n from notices where state in ('waiting', 'sending')`))[0]?.n;

describe('two workers, one killed', () => {
  test('while messages are on their way: nobody is told twice by them, and who may not have been told is shown to a person', async () => {
    const [first, second] = await Promise.all([stack.startWorker(), stack.startWorker()]);
    await heard();
    simulator.control.behave({ on: 'solapi', kind: 'slow', ms: 300 });
    const receivers = Array.from({ length: 40 }, () => uniquePhone());
    const orders = await Promise.all(receivers.map(({ written }) => orderFor(api, written)));
    await eventually(async () => simulator.control.notices().length >= 8);
    await first.kill();
    await eventually(async () => (await open()) === 0);
    simulator.control.unbehave();

    const notices = (await Promise.all(orders.map((orderNo) => noticesOf(api, orderNo)))).flat();
    expect(notices).toHaveLength(orders.length);
    const times = receivers.map(({ digits }) => simulator.control.notices({ to: digits }).length);
    expect(Math.max(...times)).toBe(1);
    const states = notices.map(({ state }) => state);
    expect(states.filter((state) => state !== 'sent' && state !== 'unknown')).toEqual([]);
    // Who was not told is among those that a person sees.
    for (const [at, told] of times.entries()) if (told === 0) expect(states[at]).toBe('unknown');

    const unknown = notices.filter(({ state }) => state === 'unknown').map(({ id }) => id);
    if (unknown.length > 0) await api.post(`${NOTICES}/resend`, { ids: unknown });
    for (const orderNo of orders) await noticeIn(api, orderNo, 'sent');
    for (const { digits } of receivers) expect(simulator.control.notices({ to: digits }).length).toBeGreaterThanOrEqual(1);
    await second.stop();
  });

  test('between the provider’s yes and our note of it: it stays untold twice, as unknown', async () => {
    const worker = await stack.startWorker();
    const { written, digits } = uniquePhone();
    simulator.control.behave({ on: 'solapi', kind: 'hang', acts: true, waybill: { num: digits } });
    const orderNo = await orderFor(api, written);
    await eventually(async () => simulator.control.notices({ to: digits }).length === 1);
    await worker.kill();
    expect(await noticesOf(api, orderNo)).toMatchObject([{ state: 'sending' }]);
    const next = await stack.startWorker();
    expect(await noticeIn(api, orderNo, 'unknown')).toMatchObject({ reason: 'NO_ANSWER', attempts: 1 });
    expect(simulator.control.notices({ to: digits })).toHaveLength(1);
    await next.stop();
  });

  test('before it heard of an event: another hears it', async () => {
    const worker = await stack.startWorker();
    await worker.kill();
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(api, written);
    const next = await stack.startWorker();
    await noticeIn(api, orderNo, 'sent');
    expect(simulator.control.notices({ to: digits })).toHaveLength(1);
    await next.stop();
  });
});
