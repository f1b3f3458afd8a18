import { createHash } from 'node:crypto';
import type { MethodCode } from '../../domain/delivery-method.ts';
import type { Deadline } from '../../domain/dispatch/deadline.ts';
import { type DispatchWish, deadlineFor } from '../../domain/dispatch/settings.ts';
import { koreanDay, numberOf } from '../../domain/korea.ts';
import type { Order, OrderLine } from '../../domain/order.ts';
import { Problem } from '../../domain/problems.ts';
import { type DeliveryFee, deliveryFees } from '../../domain/shipping/shipping-fee.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { findDispatchSettings } from '../shipping/dispatch-settings.ts';
import { findShipping } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';
import { drawNumbers, insertOrder, type NewOrder } from './write.ts';

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

/**
 * Writes an order (order, deliveries with their fees, lines at revision 1 and their first history rows) in one statement,
 * completely or not at all. Null = the orderNo exists already, with any body.
 */
export async function takeOrder(query: Query, body: Order, requestId: string, by: string): Promise<TakenOrder | null> {
  const now = new Date();
  // One too many if one line names the default place and another names none; numbers may have gaps.
  const atMost = new Set(body.lines.map(({ placeNo, methodCode }) => `${placeNo}/${methodCode}`)).size;
  const [{ terms, defaultPlaceNo }, numbers] = await Promise.all([findShipping(query, body.lines), drawNumbers(query, atMost)]);
  const placed = body.lines.map((line) => ({
    ...line,
    placeNo: line.placeNo ?? defaultPlaceNo,
    policyNo: line.policyNo ?? null,
  }));
  const deadlines = await deadlinesOf(query, placed, body.orderedAt);
  const groups = groupLines(placed.map((line, at) => ({ ...line, ...(deadlines[at] as Deadline) })));
  const fees = deliveryFees(groups, terms, body.receiver.zipCode);
  const sent = groups.map((group, at) => ({
    ...group,
    deliveryNo: numberOf('D', numbers[at] ?? 0, now),
    ...(fees[at] as DeliveryFee),
  }));
  const parts: NewOrder = {
    order: body,
    bodyHash: orderHash(body),
    deliveries: sent.map(({ lines: _, ...delivery }) => delivery),
    lines: sent.flatMap(({ deliveryNo, lines }) => lines.map((line) => ({ ...line, deliveryNo }))),
  };
  const written = await insertOrder(query, parts, { requestId, by, now });
  if (written.length === 0) return null;
  const deliveries = sent.map(({ deliveryNo, placeNo, methodCode, lines, fee }) => ({
    deliveryNo,
    placeNo,
    methodCode,
    lineNos: lines.map(({ lineNo }) => lineNo).sort((a, b) => a - b),
    shippingFee: fee,
  }));
  return { deliveries, lines: written };
}

/** Each line's deadline (발송기한), paid at this instant. Throws BAD_REQUEST when a line names a policy that does not exist. */
async function deadlinesOf(query: Query, lines: readonly DispatchWish[], paidAt: string): Promise<Deadline[]> {
  const numbers = (of: 'placeNo' | 'dispatchPolicyNo') => [...new Set(lines.flatMap((line) => line[of] ?? []))];
  const settings = await findDispatchSettings(
    query,
    numbers('placeNo'),
    numbers('dispatchPolicyNo'),
    koreanDay(new Date(paidAt)),
  );
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
