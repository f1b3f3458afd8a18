import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Simulator, startSimulator } from '../../local/simulator/server.ts';
import { PATIENCE_MS } from '../support/patience.ts';

/** A callback as it came. */
export interface Received {
  headers: IncomingHttpHeaders;
  query: string;
  fields: Record<string, string>;
  text: string;
}

export const YES = '{"code":true,"message":"success"}';
export const received: Received[] = [];
const yes = () => ({ status: 200, body: YES });
let reply: (body: Received) => { status: number; body: string } = yes;
/** Lets the receiver say something else, until the test ends. */
export function replyWith(say: typeof reply): void {
  reply = say;
}

const createReceiver = () =>
  createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const json = /json/.test(request.headers['content-type'] ?? '');
    const fields = json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    const body = { headers: request.headers, query: (request.url ?? '').split('?')[1] ?? '', fields, text };
    received.push(body);
    const answer = reply(body);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
export let simulator: Simulator;
export let callbackUrl = '';
let number = 700_000_000_000;
/** A waybill number that no test has had. */
export const nextNum = (): string => String(++number);
export const levels = (num: string) =>
  received.filter(({ fields }) => fields.invoice_no === num).map(({ fields }) => fields.level);

export async function post(path: string, body: URLSearchParams | unknown, timeoutMs = PATIENCE_MS) {
  const form = body instanceof URLSearchParams;
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text };
}

export async function register(num: string, more: Record<string, string> = {}) {
  const all = { num, code: '04', fid: 'D1001', callback_url: callbackUrl, tier: 'T', key: 'K', type: 'json', ...more };
  const { text } = await post('/add_invoice', new URLSearchParams(all));
  return JSON.parse(text);
}

export async function ask(num: string, more: Record<string, string> = {}) {
  const { status, text } = await post('/api/v1/trackingInfo', { t_key: 'K', t_code: '04', t_invoice: num, ...more });
  if (status !== 200) throw new Error(`HTTP ${status}: ${text}`);
  return JSON.parse(text);
}

let receiver: Server;

/** Starts a simulator and one who hears its callbacks: one of each for a test file, which hands these three to Jest's hooks. */
export async function start(): Promise<void> {
  receiver = createReceiver();
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callback?token=right`;
  simulator = await startSimulator({ speed: 0 });
}

export function reset(): void {
  simulator.control.reset();
  received.length = 0;
  reply = yes;
}

export async function stop(): Promise<void> {
  await simulator.stop();
  receiver.closeAllConnections();
  receiver.close();
}

/** Waits for something that the receiver hears. */
export async function until(true_: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!true_()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${true_}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
