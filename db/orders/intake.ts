import { createHash } from 'node:crypto';
import type { MethodCode } from '../../domain/delivery-method.ts';
import type { Deadline } from '../../domain/dispatch/deadline.ts';
import { type DispatchSettings, type DispatchWish, deadlineFor } from '../../domain/dispatch/settings.ts';
import { koreanDay, numberOf } from '../../domain/korea.ts';
import type { Order, OrderLine } from '../../domain/order.ts';
import { Problem } from '../../domain/problems.ts';
import { type DeliveryFee, deliveryFees } from '../../domain/shipping/shipping-fee.ts';
import { together } from '../batching.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { findDispatchSettings } from '../shipping/dispatch-settings.ts';
import { findShipping, type Shipping } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';
import { drawNumbers, insertOrders, type NewOrder, type Writer, type WrittenOrder } from './write.ts';

type BodyLine = OrderLine & { placeNo: number | null; policyNo: number | null } & Deadline;

interface Group {
  placeNo: number | null;
  methodCode: MethodCode;
  lines: BodyLine[];
}

/** Groups lines into deliveries by (placeNo, methodCode), in the order they appear. */
function groupLines(lines: BodyLine[]): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const { placeNo } = line;
    const key = `${placeNo}/${line.methodCode}`;
    const group = groups.get(key) ?? { placeNo, methodCode: line.methodCode, lines: [] };
    group.lines.push(line);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The hash of an order's content: the same body is the same order, read or as it was sent. */
export const orderHash = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');

interface AcceptedDelivery {
  deliveryNo: string;
  placeNo: number | null;
  methodCode: MethodCode;
  lineNos: number[];
  shippingFee: DeliveryFee['fee'];
}

/** A newly written order: its deliveries for the answer, and its lines, whose workflows are to be started. */
export interface TakenOrder {
  deliveries: AcceptedDelivery[];
  lines: DeliveryLineRow[];
}

/** What an order's deliveries, fees and deadlines depend on, read in one go for all orders that wait; and numbers for deliveries. */
export interface OrderTerms extends Shipping {
  settings: DispatchSettings;
  numbers: number[];
}

const numbersIn = (lines: readonly OrderLine[], of: 'placeNo' | 'dispatchPolicyNo') => [
  ...new Set(lines.flatMap((line) => line[of] ?? [])),
];

/** The terms of these orders. Each order gets what its own lines may use and no more: terms are frozen with its deliveries. */
async function readTerms(query: Query, orders: readonly Order[]): Promise<OrderTerms[]> {
  const lines = orders.flatMap((order) => order.lines);
  // One too many if one line names the default place and another names none; numbers may have gaps.
  const counts = orders.map((order) => new Set(order.lines.map(({ placeNo, methodCode }) => `${placeNo}/${methodCode}`)).size);
  const since = koreanDay(new Date(Math.min(...orders.map(({ orderedAt }) => Date.parse(orderedAt)))));
  const settingsOf = (placeNos: number[]) => findDispatchSettings(query, placeNos, numbersIn(lines, 'dispatchPolicyNo'), since);
  const named = numbersIn(lines, 'placeNo');
  const isPlaced = lines.every(({ placeNo }) => typeof placeNo === 'number');
  const [{ terms, defaultPlaceNo }, drawn, early] = await Promise.all([
    findShipping(query, lines),
    drawNumbers(
      query,
      counts.reduce((sum, count) => sum + count, 0),
    ),
    isPlaced ? settingsOf(named) : null,
  ]);
  const settings = early ?? (await settingsOf(defaultPlaceNo === null ? named : [...named, defaultPlaceNo]));
  let given = 0;
  return orders.map((order, at) => {
    const policyNos = new Set(order.lines.map(({ policyNo }) => policyNo));
    const own = new Map(
      [...terms].map(([placeNo, place]) => [
        placeNo,
        { ...place, policies: place.policies.filter(({ policyNo, isDefault }) => isDefault || policyNos.has(policyNo)) },
      ]),
    );
    const numbers = drawn.slice(given, given + (counts[at] ?? 0));
    given += numbers.length;
    return { terms: own, defaultPlaceNo, settings, numbers };
  });
}

/** The parts of an order, as they are written. Throws BAD_REQUEST when a line names a policy that does not exist. */
function partsOf(body: Order, { terms, defaultPlaceNo, settings, numbers }: OrderTerms): NewOrder {
  const placed = body.lines.map((line) => ({
    ...line,
    placeNo: line.placeNo ?? defaultPlaceNo,
    policyNo: line.policyNo ?? null,
  }));
  const deadlines = deadlinesOf(settings, placed, body.orderedAt);
  const groups = groupLines(placed.map((line, at) => ({ ...line, ...(deadlines[at] as Deadline) })));
  const fees = deliveryFees(groups, terms, body.receiver.zipCode);
  const now = new Date();
  const sent = groups.map((group, at) => ({
    ...group,
    deliveryNo: numberOf('D', numbers[at] ?? 0, now),
    ...(fees[at] as DeliveryFee),
  }));
  return {
    order: body,
    bodyHash: orderHash(body),
    deliveries: sent.map(({ lines: _, ...delivery }) => delivery),
    lines: sent.flatMap(({ deliveryNo, lines }) => lines.map((line) => ({ ...line, deliveryNo }))),
  };
}

/** How orders are taken in: alone at once, and where many wait, many in one statement. */
export interface Intake {
  /** The terms of an order, which may be read ahead of `take`. */
  terms: (order: Order) => Promise<OrderTerms>;
  /**
   * Writes an order (order, deliveries with their fees, lines at revision 1 and their first history rows) completely or not at all.
   * Null = the orderNo exists already, with any body. Throws BAD_REQUEST when a line names a policy that does not exist.
   */
  take: (body: Order, by: Writer, ahead?: Promise<OrderTerms>) => Promise<TakenOrder | null>;
}

/** An order with more lines goes by itself: it would hold up those that wait with it. */
const LARGE = 20;

/** Does work on orders that wait together; two batches at a time, so that one that hangs does not hold up all. */
function onOrders<In extends { lines: readonly unknown[] }, Out>(work: (orders: In[]) => Promise<Out[]>) {
  const many = together(work, { most: 25, lanes: 2 });
  return async (order: In): Promise<Out> => (order.lines.length > LARGE ? ((await work([order]))[0] as Out) : many(order));
}

/** Takes orders in by this connection. */
export function createIntake(query: Query): Intake {
  const terms = onOrders((orders: Order[]) => readTerms(query, orders));
  const write = onOrders((orders: WrittenOrder[]) => insertOrders(query, orders));
  return {
    terms,
    take: async (body, by, ahead) => {
      const parts = { ...partsOf(body, await (ahead ?? terms(body))), ...by };
      const written = await write(parts);
      if (!written) return null;
      const lineNosOf = Map.groupBy(parts.lines, ({ deliveryNo }) => deliveryNo);
      const deliveries = parts.deliveries.map(({ deliveryNo, placeNo, methodCode, fee }) => ({
        deliveryNo,
        placeNo,
        methodCode,
        lineNos: (lineNosOf.get(deliveryNo) ?? []).map(({ lineNo }) => lineNo).sort((a, b) => a - b),
        shippingFee: fee,
      }));
      return { deliveries, lines: written };
    },
  };
}

/** Each line's deadline (발송기한), paid at this instant. Throws BAD_REQUEST when a line names a policy that does not exist. */
function deadlinesOf(settings: DispatchSettings, lines: readonly DispatchWish[], paidAt: string): Deadline[] {
  const known = new Set(settings.policies.map(({ dispatchPolicyNo }) => dispatchPolicyNo));
  const errors = lines.flatMap(({ dispatchPolicyNo: no }, at) =>
    no === undefined || no === null || known.has(no)
      ? []
      : [{ path: `lines.${at}.dispatchPolicyNo`, message: `없는 발송정책입니다 (${no})` }],
  );
  const [first] = errors;
  if (first) throw new Problem('BAD_REQUEST', `${first.path}: ${first.message}`, { errors });
  return lines.map((line) => deadlineFor(settings, line, paidAt));
}
