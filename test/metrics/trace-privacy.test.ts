import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Receiver, startReceiver } from '../support/metrics/otlp-receiver.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { cancel, command, orderBody, uniqueWaybill } from '../support/scenes/orders.ts';
import { callbackFields, postForm } from '../support/scenes/tracking.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';

let receiver: Receiver;
let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startProcesses({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
  [api] = await Promise.all([stack.startApi(), stack.startWorker()]);
});
afterAll(async () => {
  await stack.stop();
  receiver.close();
});

/** In every text that somebody writes below, and nowhere else. */
const MARK = 'Kanarienvogel';
/** Whatever stands around it. */
const written = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 8 }))
  .map(([before, after]) => `${before}${MARK}${after}`);
const plain = fc.stringMatching(/^[a-z]{0,6}$/).map((text) => `${text}${MARK}`);

/** Everything that a span of ours may say. */
const FACTS = [
  ...['http.request.method', 'http.route', 'http.response.status_code', 'error.type', 'status', 'outcome'],
  ...['operation', 'request.id', 'attempts', 'attempt', 'workflow.id', 'command'],
];

/** A day in which every text that a person, a shop, a carrier or a browser sends holds the mark. */
async function day(text: string, word: string): Promise<void> {
  const person = { name: text, phone: '010-1234-5678', zipCode: '06236', address1: text, address2: text, memo: text };
  const headers = {
    'x-request-id': word,
    'user-agent': word,
    'accept-language': word,
    'x-forwarded-for': word,
    tracestate: `a=${word}`,
  };
  const token = await signToken([...withoutPii, 'pii.read'], { sub: word });
  const sent = { headers, token };
  const order = orderBody([{ productName: text }, { productName: text }], {
    orderer: { name: text, phone: '010-2345-6789', email: `${word}@example.com` },
    receiver: person,
  });
  const { body } = await api.post('/api/order/v1/orders', order, {
    ...sent,
    headers: { ...headers, 'idempotency-key': `${word}-${order.orderNo}` },
  });
  const deliveryNo = String(body.deliveries?.[0]?.deliveryNo ?? 'none');
  const line = { orderNo: order.orderNo, deliveryNo, lineNo: 1 };
  const asked = [{ deliveryNo, lineNo: 1 }];
  const more = { reason: text };
  for (const name of ['instruct', 'instruct', 'release', 'report-stockout', 'clear-stockout'])
    await command(api, name, asked, more, headers);
  const waybillNo = uniqueWaybill();
  await command(api, 'ship', [{ ...asked[0], carrierCode: '04', waybillNo: text }], more, {
    ...headers,
    prefer: 'respond-async',
  });
  await command(api, 'ship', [{ ...asked[0], carrierCode: '04', waybillNo }], more, headers);
  await command(api, word, asked, more, headers);
  await postForm(api, {
    ...callbackFields(deliveryNo, waybillNo, 3),
    recv_name: text,
    man: text,
    telno_man: text,
    where: text,
    details: text,
  });
  await cancel(api, [{ ...line, lineNo: 2 }], more);
  await api.put(`/api/order/v1/orders/${order.orderNo}/receiver`, person, sent);
  await api.put(`/api/order/v1/orders/${encodeURIComponent(text)}/receiver`, person, sent);
  await api.post('/api/bo/v1/deliveries/search', { receiverName: text, phone: '010-1234-5678', reason: text }, sent);
  await api.get(`/api/bo/v1/deliveries/${deliveryNo}?reason=${encodeURIComponent(text)}`, sent);
  await api.get(`/api/bo/v1/delivery-lines?productName=${encodeURIComponent(text)}&${word}=1`, sent);
  await api.get(`/${word}/${encodeURIComponent(text)}?${word}`, sent);
  await api.post('/api/order/v1/orders', `{"${word}": "${word}`, sent);
  await api.post(
    '/api/order/v1/claims',
    { claimNo: text, kind: word, orderNo: order.orderNo, items: [{ lineNo: 1, quantity: 1, reason: text }] },
    sent,
  );
  await api.get('/api/bo/v1/deliveries', { ...sent, token: `${word}.${word}.${word}` });
}

test('property: no text that anybody writes anywhere reaches the collector, in no field of what is sent', async () => {
  await fc.assert(
    fc.asyncProperty(written, plain, async (text, word) => {
      const before = receiver.spans.length;
      await day(text, word);
      await eventually(async () => receiver.spans.slice(before).some(({ name }) => name.startsWith('PUT ')));
      expect(receiver.raw()).not.toContain(MARK);
    }),
    { numRuns: 8, endOnFailure: true },
  );
  // The last spans of both processes.
  const records = () => receiver.spans.filter(({ name }) => name === 'record').length;
  await eventually(async () => records() >= 8 * 4);
  expect(receiver.raw()).not.toContain(MARK);
  expect(new Set(receiver.spans.map(({ service }) => service))).toEqual(new Set(['delivery-api', 'delivery-worker']));
  expect([...new Set(receiver.spans.flatMap(({ facts }) => Object.keys(facts)))].filter((fact) => !FACTS.includes(fact))).toEqual(
    [],
  );
  expect(receiver.spans.flatMap(({ events }) => events)).toEqual([]);
  // What it may hold is there: the collector was asked at the right place.
  for (const known of ['/api/bo/v1/delivery-lines/ship', 'TRANSITION_NOT_ALLOWED', 'delivery-'])
    expect(receiver.raw()).toContain(known);
});
