import type { Inspection } from '../../domain/pickups/commands.ts';
import type { PickupKind, ReasonCode } from '../../domain/pickups/pickup.ts';
import { products } from './catalog.ts';
import { type ClaimCase, claimCases } from './claim-cases.ts';
import type { SampleOrder } from './orders.ts';
import { createHome, type Receiver } from './people.ts';
import { type LinePlan, type OrderLine, placeAndMethod, quantityLeft } from './plans.ts';
import { createRandom, type Random, seoulDate } from './random.ts';
import { pickupMemo, reasonTexts, type Wish } from './reasons.ts';
import { createParcels, type NextParcel, type Parcel } from './waybills.ts';

/** The body of `POST /api/order/v1/claims`. */
export interface ClaimBody {
  claimNo: string;
  kind: PickupKind;
  orderNo: string;
  items: {
    lineNo: number;
    quantity: number;
    reasonCode: ReasonCode;
    reason: string;
    exchangeTo?: { productId: number; productName: string; optionName: string };
  }[];
  pickupFrom?: Receiver;
}

/** A claim, and the final state of each of its pickups. */
export interface SampleClaim {
  body: ClaimBody;
  plan: ClaimCase;
  /** The parcel in which the goods come back. */
  parcel?: Parcel;
  /** The parcel of an exchange's new line. */
  exchangeParcel?: Parcel;
  inspections?: Inspection[];
}

interface Claimable {
  line: OrderLine;
  plan: LinePlan;
}

const wishOf = ({ kind, option, undelivered }: ClaimCase): Wish =>
  kind === 'return' ? (undelivered ? 'undelivered' : 'return') : option ? 'option' : 'same';

function otherOptions({ productId, optionName }: OrderLine): string[] {
  const [, , , , , options = ''] = products.find(([id]) => id === productId) ?? [];
  return options.split('|').filter((option) => option !== '' && option !== optionName);
}

function fits(wanted: ClaimCase, { line, plan }: Claimable): boolean {
  const isParcel = line.methodCode === '10';
  return (
    (isParcel || !(wanted.carrier || wanted.undelivered)) &&
    plan.target === (wanted.undelivered ? 'shipped' : 'delivered') &&
    quantityLeft(plan) >= (wanted.quantity ?? 1) &&
    (wanted.products?.test(String(line.productId)) ?? true) &&
    (!wanted.option || otherOptions(line).length > 0) &&
    reasonTexts(wanted.code, wishOf(wanted), line.productId).length > 0
  );
}

/** The first one or two unclaimed lines of one order that fit this case. */
function linesFor(wanted: ClaimCase, { body, plans }: SampleOrder, claimed: ReadonlySet<OrderLine>): OrderLine[] {
  const fitting = body.lines.filter((line) => {
    const plan = plans.find(({ lineNo }) => lineNo === line.lineNo);
    return plan && !claimed.has(line) && fits(wanted, { line, plan });
  });
  for (const [index, first] of fitting.entries()) {
    if (!wanted.lines) return [first];
    const together = (line: OrderLine) => placeAndMethod(line) === placeAndMethod(first);
    const second = fitting.slice(index + 1).find((line) => together(line) === (wanted.lines === 'pair'));
    if (second) return [first, second];
  }
  return [];
}

/** The first order without a claim that has such lines, or else the first one with a claim. */
function findLines(wanted: ClaimCase, orders: readonly SampleOrder[], claimed: ReadonlySet<OrderLine>) {
  const isClaimed = ({ body }: SampleOrder) => body.lines.some((line) => claimed.has(line));
  const inTurn = [...orders.filter((order) => !isClaimed(order)), ...orders.filter(isClaimed)];
  for (const order of inTurn) {
    const lines = linesFor(wanted, order, claimed);
    if (lines.length > 0) return { order, lines };
  }
  throw new Error(`예제 데이터: ${wanted.kind} ${wanted.code} ${wanted.target}에 맞는 주문내역이 없습니다`);
}

function createItem(random: Random, plan: ClaimCase, line: OrderLine): ClaimBody['items'][number] {
  const { lineNo, productId, productName } = line;
  return {
    lineNo,
    quantity: plan.quantity ?? 1,
    reasonCode: plan.code,
    reason: random.pick(reasonTexts(plan.code, wishOf(plan), productId)),
    ...(plan.option ? { exchangeTo: { productId, productName, optionName: random.pick(otherOptions(line)) } } : {}),
  };
}

function createParcelsOf({ carrier, exchange }: ClaimCase, [line]: OrderLine[], nextParcel: NextParcel): Partial<SampleClaim> {
  return {
    ...(carrier ? { parcel: nextParcel(carrier) } : {}),
    ...(exchange === 'shipped' && line?.methodCode === '10' ? { exchangeParcel: nextParcel('04') } : {}),
  };
}

function inspect({ disposed, fault }: ClaimCase, items: ClaimBody['items']): Pick<SampleClaim, 'inspections'> {
  if (!disposed) return {};
  const inspections = items.map(({ lineNo, quantity }, index): Inspection => {
    const dispose = disposed[index] ?? 0;
    return { lineNo, restock: quantity - dispose, dispose, ...(fault ? { fault } : {}) };
  });
  return { inspections };
}

/**
 * The claims on these orders, made at `end`: the same orders give the same claims. The first order has none, so that it stays in
 * the lists, where an interrupted start looks for it to find its data set.
 */
export function createSampleClaims(orders: readonly SampleOrder[], end: Date): SampleClaim[] {
  const random = createRandom(7);
  const nextParcel = createParcels(random, 50_000_000);
  const claimed = new Set<OrderLine>();
  return claimCases.map((plan, index) => {
    const { order, lines } = findLines(plan, orders.slice(1), claimed);
    for (const line of lines) claimed.add(line);
    const { orderNo, orderer } = order.body;
    const { name, phone } = orderer;
    const items = lines.map((line) => createItem(random, plan, line));
    const body: ClaimBody = {
      claimNo: `C${seoulDate(end.getTime())}-${String(index + 1).padStart(4, '0')}`,
      kind: plan.kind,
      orderNo,
      items,
      ...(plan.elsewhere ? { pickupFrom: { ...createHome(random, { name, phone }), memo: pickupMemo(random) } } : {}),
    };
    return { body, plan, ...createParcelsOf(plan, lines, nextParcel), ...inspect(plan, items) };
  });
}
