import { z } from 'zod';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { type DeliveryState, deliveryStates } from '../../domain/deliveries/line.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import { accept, codeOf, inCalls, type Loading, type Result, refuse, resultsSchema } from './client.ts';
import type { SampleOrder } from './orders.ts';
import type { LinePlan } from './plans.ts';

/** A line as the server knows it, and its plan. */
export interface SampleLine {
  orderNo: string;
  deliveryNo: string;
  plan: LinePlan;
}

/** Takes some of the lines one step further; what an interrupted start has done already counts as done. */
export type LineStep = (loading: Loading, lines: readonly SampleLine[]) => Promise<void>;

const placedSchema = z.object({ deliveries: z.array(z.object({ deliveryNo: z.string(), lineNos: z.array(z.coerce.number()) })) });

const rowSchema = z.object({
  orderNo: z.string(),
  orderedAt: z.string(),
  deliveryNo: z.string(),
  lineNo: z.coerce.number(),
  validQuantity: z.number(),
  state: z.custom<DeliveryState>((state) => typeof state === 'string' && Object.hasOwn(deliveryStates, state)),
});
type Row = z.infer<typeof rowSchema>;

/** The lines as listed, without canceled and wholly returned ones. The list is masked, so it writes no access row. */
export async function listLines({ send }: Loading, query: string): Promise<Row[]> {
  const answer = await send('GET', `/api/bo/v1/delivery-lines?${query}`);
  return accept(`주문내역 조회 ${query}`, z.object({ items: z.array(rowSchema) }), answer).items;
}

const listOrder = async (loading: Loading, orderNo: string): Promise<Map<number, Row>> => {
  const rows = await listLines(loading, `orderNo=${orderNo}&limit=500`);
  return new Map(rows.map((row) => [row.lineNo, row]));
};

async function placeOrder(loading: Loading, { body, plans }: SampleOrder): Promise<SampleLine[]> {
  const { orderNo } = body;
  const answer = await loading.send('POST', '/api/order/v1/orders', body);
  if (codeOf(answer) === 'ORDER_EXISTS') {
    const rows = await listOrder(loading, orderNo);
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

/** Places the orders, the first one alone, because an interrupted start finds its data set by it. */
export async function placeOrders(loading: Loading, orders: readonly SampleOrder[]): Promise<SampleLine[]> {
  const [first, ...rest] = orders;
  if (!first) return [];
  const placed = [await placeOrder(loading, first)];
  let count = 1;
  const others = rest.map(async (order) => {
    const lines = await placeOrder(loading, order);
    if (++count % 20 === 0) loading.progress(`예제 주문 ${count}/${orders.length}`);
    return lines;
  });
  return [...placed, ...(await Promise.all(others))].flat();
}

const ranks: Record<DeliveryState, number> = {
  ordered: 0,
  instructed: 1,
  released: 2,
  awaitingShipment: 2,
  shipped: 3,
  delivered: 4,
  canceled: 5,
};

/** Throws for a refused line, unless an interrupted start (or the tracker) has already taken it there, or it is finished. */
async function checkLine(loading: Loading, name: DeliveryCommand, line: SampleLine, result: Result | undefined): Promise<void> {
  // finished: canceled, or returned by a claim
  if (result?.ok || result?.error?.code === 'LINE_FINISHED') return;
  const { orderNo, deliveryNo, plan } = line;
  const { name: label, from } = deliveryMachine.commands[name];
  if (result?.error?.code === 'TRANSITION_NOT_ALLOWED') {
    const state = (await listOrder(loading, orderNo)).get(plan.lineNo)?.state ?? 'canceled';
    if (Object.values(from).some((next) => ranks[state] >= ranks[next])) return;
  }
  refuse(label, `주문 ${orderNo}, 배송번호 ${deliveryNo}, 순번 ${plan.lineNo}`, result);
}

/** The input of a command for one line, and for the whole call; nothing = skip this line. */
type Say = (plan: LinePlan) => { line?: object | undefined; call?: object | undefined } | false | undefined;

/** Sends a command for the lines; lines with the same call options go in one call. */
export function commandLines(name: DeliveryCommand, say: Say): LineStep {
  return async (loading, lines) => {
    const said = lines.flatMap((line) => {
      const words = say(line.plan);
      return words ? [{ line, words }] : [];
    });
    if (said.length === 0) return;
    const { name: label } = deliveryMachine.commands[name];
    const calls = inCalls(said, ({ words }) => words.call ?? {}).map(async ({ call, things }) => {
      const entries = things.map(({ line, words }) => ({ deliveryNo: line.deliveryNo, lineNo: line.plan.lineNo, ...words.line }));
      const answer = await loading.send('POST', `/api/bo/v1/delivery-lines/${name}`, { lines: entries, ...call });
      const { results } = accept(label, resultsSchema, answer);
      for (const [index, { line }] of things.entries()) await checkLine(loading, name, line, results[index]);
    });
    await Promise.all(calls);
    loading.progress(`예제 ${label} ${said.length}건`);
  };
}

/** Takes the lines further whose final state is this command's or a later one. */
export function advance(
  name: 'instruct' | 'release' | 'ship' | 'deliver',
  state: DeliveryState,
  say: Say = () => ({}),
): LineStep {
  return commandLines(name, (plan) => ranks[plan.target] >= ranks[state] && say(plan));
}

/** Does the planned cancellations of lines in this state. */
export function cancelAt(state: DeliveryState): LineStep {
  return async (loading, lines) => {
    const canceled = lines.filter(({ plan }) => plan.cancel?.at === state);
    const sent = [...Map.groupBy(canceled, ({ orderNo }) => orderNo)].map(async ([orderNo, ofOrder]) => {
      const rows = await listOrder(loading, orderNo);
      // Checked first, so that a partial cancellation by an interrupted start is not done twice.
      const left = ofOrder.filter(({ plan }) => rows.get(plan.lineNo)?.validQuantity === plan.quantity);
      if (left.length === 0) return;
      const body = { lines: left.map(({ plan }) => ({ lineNo: plan.lineNo, quantity: plan.cancel?.quantity })) };
      const answer = await loading.send('POST', `/api/order/v1/orders/${orderNo}/cancellations`, body);
      const { results } = accept(`주문취소 ${orderNo}`, resultsSchema, answer);
      for (const [index, line] of left.entries()) await checkLine(loading, 'cancel', line, results[index]);
    });
    await Promise.all(sent);
    loading.progress(`예제 주문취소 (${deliveryStates[state]}에서) ${canceled.length}건`);
  };
}
