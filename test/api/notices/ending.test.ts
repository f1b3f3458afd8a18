import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { MOST_ATTEMPTS } from '../../../domain/notices/notice.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import { noticeMetrics } from '../../../worker/notices/metrics.ts';
import {
  NOTICES,
  noticeEnvironment,
  noticeIn,
  noticesOf,
  orderFor,
  ruleFor,
  setRule,
  startTelling,
  uniquePhone,
} from '../../support/notices/telling.ts';
import { secretPeople, tablesWith } from '../../support/scenes/personal-data.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let simulator: Simulator;
let telling: ReturnType<typeof startTelling>;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
  stack = await startStack({}, { hasWorker: false });
  await setRule(stack, ruleFor());
  telling = startTelling(stack.db, noticeEnvironment(simulator.url, 'aligo', { NOTICE_TIMEOUT_MS: '500' }));
  await eventually(async () => (await stack.db.query(sql`select from notice_head where event_id is not null`)).length > 0);
});
afterEach(() => void simulator.control.unbehave());
afterAll(async () => {
  await telling.stop();
  await stack.stop();
  await simulator.stop();
});

const sentTo = (digits: string) => simulator.control.notices({ to: digits });
const resend = (...ids: number[]) => stack.post(`${NOTICES}/resend`, { ids });

describe('a provider', () => {
  test('that is busy is asked again, and takes it', async () => {
    simulator.control.behave({ on: 'aligo', kind: 'status', status: 503, times: 2 });
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written);
    expect(await noticeIn(stack, orderNo, 'sent')).toMatchObject({ attempts: 3, reason: null });
    expect(sentTo(digits)).toEqual([expect.objectContaining({ text: `홍길동님, ${orderNo} 주문의 캠핑 의자 소식입니다.` })]);
  });

  test('that stays busy is left after some attempts, and a person sends again', async () => {
    simulator.control.behave({ on: 'aligo', kind: 'status', status: 429 });
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written);
    const { id } = await eventually(async () => {
      // The last pauses are long.
      await stack.db.query(sql`update notices set due_at = now() where order_no = ${orderNo} and state = 'waiting'`);
      return (await noticesOf(stack, orderNo)).find(({ state }) => state === 'failed');
    });
    expect(await noticesOf(stack, orderNo)).toMatchObject([{ reason: 'aligo:429', attempts: MOST_ATTEMPTS }]);
    simulator.control.unbehave();
    expect((await resend(id)).body).toEqual({ succeeded: 1, failed: 0, results: [{ id, ok: true }] });
    expect(await noticeIn(stack, orderNo, 'sent')).toMatchObject({ attempts: MOST_ATTEMPTS + 1 });
    expect(sentTo(digits)).toHaveLength(1);
  });

  test('that refuses is not asked again', async () => {
    simulator.control.behave({ on: 'aligo', kind: 'code', code: '-99', times: 1 });
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written);
    expect(await noticeIn(stack, orderNo, 'failed')).toMatchObject({ reason: 'aligo:-99', attempts: 1 });
    expect(sentTo(digits)).toEqual([]);
  });

  test.each(['slow', 'drop'] as const)(
    'that took it and did not say so (%s): nobody tells twice, a person looks',
    async (kind) => {
      simulator.control.behave({ on: 'aligo', acts: true, times: 1, ...(kind === 'slow' ? { kind, ms: 3_000 } : { kind }) });
      const { written, digits } = uniquePhone();
      const orderNo = await orderFor(stack, written);
      expect(await noticeIn(stack, orderNo, 'unknown')).toMatchObject({ reason: 'NO_ANSWER', attempts: 1 });
      expect(sentTo(digits)).toHaveLength(1);
      // It stays so while others are told.
      await noticeIn(stack, await orderFor(stack, uniquePhone().written), 'sent');
      expect(await noticesOf(stack, orderNo)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
    },
  );

  test('that hangs for one holds up no other', async () => {
    const [stuck, free] = [uniquePhone(), uniquePhone()];
    simulator.control.behave({ on: 'aligo', kind: 'hang', waybill: { num: stuck.digits } });
    const [first, second] = await Promise.all([orderFor(stack, stuck.written), orderFor(stack, free.written)]);
    await noticeIn(stack, second, 'sent');
    await noticeIn(stack, first, 'unknown');
  });
});

test('a variable without a value is a matter of the rule: a person mends it and sends again', async () => {
  await setRule(stack, ruleFor('delivery.ordered', { text: '#{송장}', variables: { 송장: 'waybillNo' } }));
  const orderNo = await orderFor(stack, uniquePhone().written);
  const { id } = await noticeIn(stack, orderNo, 'failed');
  expect(await noticesOf(stack, orderNo)).toMatchObject([{ reason: 'VALUE_MISSING', provider: null }]);
  await setRule(stack, ruleFor());
  await resend(id);
  await noticeIn(stack, orderNo, 'sent');
});

describe('sending again', () => {
  test('is for what was not sent; each says why not', async () => {
    const orderNo = await orderFor(stack, uniquePhone().written);
    const { id } = await noticeIn(stack, orderNo, 'sent');
    const { status, body } = await resend(id, 999_999_999, id);
    expect([status, body]).toEqual([
      200,
      {
        succeeded: 0,
        failed: 2,
        results: [
          { id, ok: false, error: { code: 'NOTICE_NOT_RESENDABLE', title: expect.any(String) } },
          { id: 999_999_999, ok: false, error: { code: 'NOTICE_NOT_FOUND', title: expect.any(String) } },
        ],
      },
    ]);
  });

  test('twice with one key is once', async () => {
    const { written, digits } = uniquePhone();
    const orderNo = await orderFor(stack, written, { notices: false });
    const { id } = await noticeIn(stack, orderNo, 'skipped');
    await stack.put(`/api/order/v1/orders/${orderNo}/notices`, { enabled: true });
    const headers = { 'idempotency-key': `again-${orderNo}` };
    const first = await stack.post(`${NOTICES}/resend`, { ids: [id] }, { headers });
    await noticeIn(stack, orderNo, 'sent');
    expect((await stack.post(`${NOTICES}/resend`, { ids: [id] }, { headers })).body).toEqual(first.body);
    expect(sentTo(digits)).toHaveLength(1);
  });

  test('needs event.write', async () => {
    const token = await stack.token(['event.read']);
    expect((await stack.post(`${NOTICES}/resend`, { ids: [1] }, { token })).status).toBe(403);
  });
});

test('the list goes back page by page, by state, by order', async () => {
  for (let each = 0; each < 3; each++) await noticeIn(stack, await orderFor(stack, uniquePhone().written), 'sent');
  const all = (await stack.get(`${NOTICES}?state=sent&limit=500`)).body.items.map(({ id }: { id: number }) => id);
  const paged: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: any } = await stack.get(`${NOTICES}?state=sent&limit=2${cursor && `&cursor=${cursor}`}`);
    paged.push(...body.items.map(({ id }: { id: number }) => id));
    cursor = body.nextCursor;
  }
  expect(paged).toEqual(all);
  expect(paged).toEqual(paged.toSorted((a, b) => b - a));
  for (const query of ['state=gone', 'type=webhook.test', 'cursor=x', 'phone=010'])
    expect((await stack.get(`${NOTICES}?${query}`)).status).toBe(400);
});

test('name and phone stand with the order alone: not with the notice, nor in logs, metrics or answers', async () => {
  const { orderer, receiver } = secretPeople;
  simulator.control.behave({ on: 'aligo', kind: 'code', code: '01039394747', message: receiver.phone, times: 1 });
  const failed = await orderFor(stack, receiver.phone, { orderer, receiver });
  await noticeIn(stack, failed, 'failed');
  simulator.control.behave({ on: 'aligo', kind: 'status', status: 400, body: `{"code":"${receiver.phone}"}`, times: 1 });
  const refused = await orderFor(stack, receiver.phone, { orderer, receiver });
  await noticeIn(stack, refused, 'failed');
  const told = await orderFor(stack, receiver.phone, { orderer, receiver });
  await noticeIn(stack, told, 'sent');

  const registry = new Registry();
  noticeMetrics(stack.db, registry, stack.deps.log);
  const answers = await Promise.all([failed, refused, told].map((orderNo) => noticesOf(stack, orderNo)));
  const said = [JSON.stringify(answers), telling.lines.join('\n'), await registry.metrics()].join('\n');
  for (const secret of [receiver.phone, receiver.phone.replaceAll('-', ''), receiver.name, orderer.name]) {
    expect(said).not.toContain(secret);
    // The intake's stored request goes with the order's people.
    const places = (await tablesWith(stack, secret)).filter((name) => name !== 'orders' && name !== 'requests');
    expect(places).toEqual([]);
  }
  expect(telling.lines.length).toBeGreaterThan(0);
});
