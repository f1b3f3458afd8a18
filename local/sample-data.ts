import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { type DeliveryCommand, type DeliveryState, deliveryMachine, deliveryStates } from '../domain/delivery.ts';
import { createSampleOrders, type LinePlan, type SampleOrder, sampleEnd } from './sample-orders.ts';

const MAX_IN_FLIGHT = 16;
const LINES_PER_CALL = 100;
const RETRY_FOR_MS = 60_000;
const ANSWER_WITHIN_MS = 30_000;

const resultSchema = z.object({ ok: z.boolean(), error: z.object({ code: z.string(), title: z.string() }).optional() });
const resultsSchema = z.object({ results: z.array(resultSchema) });
const problemSchema = z.object({ code: z.string(), title: z.string() });
const placedSchema = z.object({ deliveries: z.array(z.object({ deliveryNo: z.string(), lineNos: z.array(z.coerce.number()) })) });
const rowSchema = z.object({
  orderNo: z.string(),
  orderedAt: z.string(),
  deliveryNo: z.string(),
  lineNo: z.coerce.number(),
  validQuantity: z.number(),
  state: z.custom<DeliveryState>((state) => typeof state === 'string' && Object.hasOwn(deliveryStates, state)),
});
const rowsSchema = z.object({ items: z.array(rowSchema) });

/** One HTTP answer; status 0 = nobody answered. */
interface Answer {
  status: number;
  body: unknown;
}
type Send = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>;

const codeOf = (answer: Answer) => problemSchema.safeParse(answer.body).data?.code;

/** Not the last word: nobody there, the server busy with this very request, or lines whose workflow has not answered. */
function isPending(answer: Answer): boolean {
  if (answer.status === 0 || answer.status === 503 || codeOf(answer) === 'IDEMPOTENCY_KEY_BUSY') return true;
  return resultsSchema.safeParse(answer.body).data?.results.some(({ error }) => error?.code === 'COMMAND_PENDING') ?? false;
}

/** A bounded client that asks again, under the same key, until an answer is final or `RETRY_FOR_MS` have passed. */
function createClient(apiUrl: string, token: string, stopped: AbortSignal): Send {
  const limit = pLimit(MAX_IN_FLIGHT);
  const ask = async (method: string, path: string, body: string | undefined): Promise<Answer> => {
    // a key made of the whole step: the same step again, also after an interrupted start, acts once
    const key = createHash('sha256').update(`${path} ${body}`).digest('hex').slice(0, 32);
    const posted = body !== undefined && { 'content-type': 'application/json', 'idempotency-key': `sample-${key}` };
    const request = { method, headers: { authorization: `Bearer ${token}`, ...posted }, ...(body === undefined ? {} : { body }) };
    try {
      const response = await fetch(new URL(path, apiUrl), { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    } catch (error) {
      return { status: 0, body: error };
    }
  };
  return (method, path, body) =>
    limit(async () => {
      const until = Date.now() + RETRY_FOR_MS;
      for (let wait = 250; ; wait = Math.min(wait * 2, 2_000)) {
        stopped.throwIfAborted();
        const answer = await ask(method, path, body === undefined ? undefined : JSON.stringify(body));
        if (!isPending(answer) || Date.now() + wait > until) return answer;
        await pause(wait, undefined, { signal: stopped });
      }
    });
}

/** The answer's body, or an Error that says which step was refused and why. */
function accept<T>(what: string, schema: z.ZodType<T>, answer: Answer): T {
  const parsed = schema.safeParse(answer.body);
  if (answer.status >= 200 && answer.status < 300 && parsed.success) return parsed.data;
  const problem = problemSchema.safeParse(answer.body).data;
  const why = problem ? `${problem.code} ${problem.title}` : String(parsed.error ?? answer.body);
  throw new Error(`예제 데이터: ${what}: HTTP ${answer.status} ${answer.status === 0 ? String(answer.body) : why}`);
}

interface SampleLine {
  orderNo: string;
  deliveryNo: string;
  plan: LinePlan;
}

/** What every step works with; `lines` is filled by the first. */
interface Run {
  send: Send;
  progress: (text: string) => void;
  orders: SampleOrder[];
  lines: SampleLine[];
}
type Step = (run: Run) => Promise<void>;

/** The order's lines as listed, by lineNo; canceled ones are not listed. The list is masked and so leaves no access row. */
async function listOrder(send: Send, orderNo: string): Promise<Map<number, z.infer<typeof rowSchema>>> {
  const answer = await send('GET', `/api/bo/v1/delivery-lines?orderNo=${orderNo}&limit=500`);
  return new Map(accept(`주문 ${orderNo} 조회`, rowsSchema, answer).items.map((row) => [row.lineNo, row]));
}

async function placeOrder({ send }: Run, { body, plans }: SampleOrder): Promise<SampleLine[]> {
  const { orderNo } = body;
  const answer = await send('POST', '/api/order/v1/orders', body);
  if (codeOf(answer) === 'ORDER_EXISTS') {
    const rows = await listOrder(send, orderNo);
    return plans.flatMap((plan) => {
      const deliveryNo = rows.get(plan.lineNo)?.deliveryNo;
      return deliveryNo === undefined ? [] : [{ orderNo, deliveryNo, plan }];
    });
  }
  const { deliveries } = accept(`주문 ${orderNo}`, placedSchema, answer);
  return plans.map((plan) => {
    const delivery = deliveries.find(({ lineNos }) => lineNos.includes(plan.lineNo));
    if (!delivery) throw new Error(`예제 데이터: 주문 ${orderNo}의 순번 ${plan.lineNo}이 어느 배송에도 없습니다`);
    return { orderNo, deliveryNo: delivery.deliveryNo, plan };
  });
}

const placeOrders: Step = async (run) => {
  const [first, ...rest] = run.orders;
  if (!first) return;
  // the first order alone: an interrupted start finds its data set again by it
  const placed = [await placeOrder(run, first)];
  let count = 1;
  const others = rest.map(async (order) => {
    const lines = await placeOrder(run, order);
    if (++count % 20 === 0) run.progress(`예제 주문 ${count}/${run.orders.length}`);
    return lines;
  });
  run.lines = [...placed, ...(await Promise.all(others))].flat();
};

const ranks: Record<DeliveryState, number> = {
  ordered: 0,
  instructed: 1,
  released: 2,
  awaitingShipment: 2,
  shipped: 3,
  delivered: 4,
  canceled: 5,
};
const reaches = (plan: LinePlan, state: DeliveryState) => ranks[plan.target] >= ranks[state];

type Result = z.infer<typeof resultSchema>;

/** Throws for a refused line, unless an interrupted run (or the tracker) had already taken it there, or canceled it. */
async function checkLine({ send }: Run, name: DeliveryCommand, line: SampleLine, result: Result | undefined): Promise<void> {
  if (result?.ok) return;
  const { orderNo, deliveryNo, plan } = line;
  const { name: label, from } = deliveryMachine.commands[name];
  const code = result?.error?.code ?? '응답 없음';
  if (code === 'TRANSITION_NOT_ALLOWED' || code === 'LINE_FINISHED') {
    const row = (await listOrder(send, orderNo)).get(plan.lineNo);
    if (row ? Object.values(from).some((next) => ranks[row.state] >= ranks[next]) : plan.cancel !== undefined) return;
  }
  const where = `주문 ${orderNo}, 배송번호 ${deliveryNo}, 순번 ${plan.lineNo}`;
  throw new Error(`예제 데이터: ${label}: ${where}: ${code} ${result?.error?.title ?? ''}`);
}

/** What a command says of one line, and of the whole call; nothing = not this line. */
type Say = (plan: LinePlan) => { line?: object | undefined; call?: object | undefined } | false | undefined;

/** Takes lines through one command, as many in a call as say the same of the call. */
function command(name: DeliveryCommand, say: Say): Step {
  return async (run) => {
    const said = run.lines.flatMap((line) => {
      const words = say(line.plan);
      return words
        ? [{ line, call: words.call ?? {}, entry: { deliveryNo: line.deliveryNo, lineNo: line.plan.lineNo, ...words.line } }]
        : [];
    });
    const calls = Map.groupBy(
      [...said.entries()],
      ([index, { call }]) => `${Math.floor(index / LINES_PER_CALL)} ${JSON.stringify(call)}`,
    );
    const { name: label } = deliveryMachine.commands[name];
    const sent = [...calls.values()].map(async (batch) => {
      const body = { lines: batch.map(([, { entry }]) => entry), ...batch[0]?.[1].call };
      const { results } = accept(label, resultsSchema, await run.send('POST', `/api/bo/v1/delivery-lines/${name}`, body));
      for (const [index, [, { line }]] of batch.entries()) await checkLine(run, name, line, results[index]);
    });
    await Promise.all(sent);
    run.progress(`예제 ${label} ${said.length}건`);
  };
}

/** Cancels what the plans cancel while their line is in this state. */
function cancelAt(state: DeliveryState): Step {
  return async (run) => {
    const lines = run.lines.filter(({ plan }) => plan.cancel?.at === state);
    const sent = [...Map.groupBy(lines, ({ orderNo }) => orderNo)].map(async ([orderNo, ofOrder]) => {
      const rows = await listOrder(run.send, orderNo);
      // asked first, because what an interrupted run canceled in part must not be canceled once more
      const left = ofOrder.filter(({ plan }) => rows.get(plan.lineNo)?.validQuantity === plan.quantity);
      if (left.length === 0) return;
      const body = { lines: left.map(({ plan }) => ({ lineNo: plan.lineNo, quantity: plan.cancel?.quantity })) };
      const answer = await run.send('POST', `/api/order/v1/orders/${orderNo}/cancellations`, body);
      const { results } = accept(`주문취소 ${orderNo}`, resultsSchema, answer);
      for (const [index, line] of left.entries()) await checkLine(run, 'cancel', line, results[index]);
    });
    await Promise.all(sent);
    run.progress(`예제 주문취소 (${deliveryStates[state]}에서) ${lines.length}건`);
  };
}

/** The life of a data set, in order. What comes later (places and policies before the orders, claims after them) is one more step. */
const steps: readonly Step[] = [
  placeOrders,
  cancelAt('ordered'),
  command('instruct', (plan) => reaches(plan, 'instructed') && {}),
  cancelAt('instructed'),
  command('release', (plan) => reaches(plan, 'released') && {}),
  command('report-stockout', ({ stockout }) => stockout && { call: stockout.report }),
  cancelAt('awaitingShipment'),
  command('clear-stockout', ({ stockout }) => stockout?.cleared && {}),
  command('ship', (plan) => reaches(plan, 'shipped') && !plan.combine && { line: plan.parcel }),
  command('ship', (plan) => reaches(plan, 'shipped') && plan.combine && { line: plan.parcel, call: { combine: true } }),
  command('correct-waybill', ({ correction }) => correction && { line: correction, call: { reason: '운송장번호 오기재' } }),
  command('deliver', (plan) => reaches(plan, 'delivered') && {}),
];

function summarize({ orders, lines }: Run): string {
  const states = lines.map(({ plan }) => (plan.cancel?.quantity === plan.quantity ? 'canceled' : plan.target));
  const counts = Object.entries(deliveryStates).map(([state, name]) => `${name} ${states.filter((one) => one === state).length}`);
  return `예제 주문 ${orders.length}건, 주문내역 ${lines.length}건: ${counts.join(' · ')}`;
}

/**
 * Loads about 200 orders in every state through the HTTP API alone; the token needs `order.write`, `delivery.read` and
 * `delivery.write`. Safe to call again after an interruption: what is already there or done counts as success.
 */
export async function loadSampleData(options: {
  apiUrl: string;
  token: string;
  progress: (text: string) => void;
}): Promise<void> {
  const stop = new AbortController();
  const send = createClient(options.apiUrl, options.token, stop.signal);
  try {
    const answer = await send('GET', '/api/bo/v1/delivery-lines?sort=orderedAt&limit=1');
    const [oldest] = accept('주문내역 조회', rowsSchema, answer).items;
    const end = (oldest && sampleEnd(oldest)) ?? new Date();
    const run: Run = { send, progress: options.progress, orders: createSampleOrders(end), lines: [] };
    for (const step of steps) await step(run);
    options.progress(summarize(run));
  } finally {
    // one failed request ends the rest: none of them goes on retrying behind the caller's back
    stop.abort();
  }
}
