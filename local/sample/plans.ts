import type { DelayReason } from '../../domain/deliveries/delay.ts';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { MethodCode } from '../../domain/delivery-method.ts';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import { addDays, koreanDay } from '../../domain/korea.ts';
import { stockouts } from './catalog.ts';
import { DAY, HOUR, type Random, seoulTime } from './random.ts';
import type { NextParcel, Parcel } from './waybills.ts';

/** A line of the body of `POST /api/order/v1/orders`. */
export interface OrderLine {
  lineNo: number;
  productId: number;
  productName: string;
  optionName?: string;
  quantity: number;
  unitPrice: number;
  placeNo?: number;
  methodCode: MethodCode;
  /** The channel's own day (YYYY-MM-DD). */
  dispatchDueOn?: string;
}

/** What happens to one line. */
export interface LinePlan {
  lineNo: number;
  quantity: number;
  /** Its final state, or the state in which all of it is canceled. */
  target: DeliveryState;
  cancel?: { quantity: number; at: DeliveryState };
  /** `cleared`: the goods arrived and the line continued. */
  stockout?: { report: { reason: string; expectedAt?: string; autoClear?: boolean }; cleared: boolean };
  parcel?: Parcel;
  /** Leaves in the parcel of an earlier order of the same receiver (합포장). */
  combine?: boolean;
  correction?: Parcel;
  /** What the buyer is told because it leaves late. */
  delay?: { expectedOn: string; reasonCode: DelayReason; reason: string };
}

/** Random numbers and dates that the plans are made with. */
export interface Dice {
  random: Random;
  nextParcel: NextParcel;
  /** The day from which new stock is expected. */
  today: number;
}

/** How far a whole order has got. */
export type Stage = 'ordered' | 'instructed' | 'released' | 'shipped' | 'delivered';
const stages: readonly Stage[] = ['ordered', 'instructed', 'released', 'shipped', 'delivered'];
const stageBefore = (stage: Stage): Stage => stages[Math.max(stages.indexOf(stage) - 1, 0)] as Stage;

/** How far an order of this age (0 oldest, 1 newest) has got. */
export function stageOf(age: number): Stage {
  if (age < 0.2) return 'delivered';
  if (age < 0.42) return 'shipped';
  if (age < 0.6) return 'released';
  return age < 0.805 ? 'instructed' : 'ordered';
}

/** Lines of one order with the same key form one delivery. */
export const placeAndMethod = ({ placeNo, methodCode }: Pick<OrderLine, 'placeNo' | 'methodCode'>) =>
  `${placeNo ?? ''}/${methodCode}`;

/** The quantity left after the planned cancellation. */
export const quantityLeft = ({ quantity, cancel }: LinePlan): number => quantity - (cancel?.quantity ?? 0);

/** A released line of a sold-out product waits; that of an older order may still wait or have its goods already. */
function planStockout({ random, today }: Dice, productId: number, stage: Stage): Pick<LinePlan, 'target' | 'stockout'> {
  const soldOut = stockouts.get(productId);
  const inDays = soldOut?.inDays;
  if (!soldOut || (stage !== 'released' && (stage !== 'shipped' || inDays === undefined))) return { target: stage };
  const expectedAt = inDays === undefined ? {} : { expectedAt: seoulTime(today + inDays * DAY + 14 * HOUR) };
  const report = { reason: soldOut.reason, ...expectedAt, ...(soldOut.autoClear === false ? { autoClear: false } : {}) };
  const cleared = stage === 'shipped' && random.chance(0.5);
  return { target: cleared ? stage : 'awaitingShipment', stockout: { report, cleared } };
}

/** Canceled before shipping: the whole line, one of several, or a line whose goods have no expected date. */
function planCancel({ random }: Dice, plan: LinePlan, whole: boolean): LinePlan {
  const { quantity, target, stockout } = plan;
  const at = target === 'ordered' ? 'ordered' : random.pick(['ordered', 'instructed'] as const);
  if (whole) return { lineNo: plan.lineNo, quantity, target: at, cancel: { quantity, at } };
  if (target === 'awaitingShipment' && stockout?.report.autoClear === false && random.chance(0.4))
    return { ...plan, cancel: { quantity, at: target } };
  if (quantity > 1 && random.chance(0.08)) return { ...plan, cancel: { quantity: 1, at } };
  return plan;
}

/** Lines of one delivery mostly stay together; sometimes a delivery is a step behind, or leaves in two parcels. */
export function planOrder(dice: Dice, lines: readonly OrderLine[], stage: Stage): LinePlan[] {
  const { random, nextParcel } = dice;
  const whole = random.chance(0.02);
  const groups = [...new Set(lines.map(placeAndMethod))].map((key, index) => {
    const behind = index > 0 && random.chance(0.3);
    return { key, stage: behind ? stageBefore(stage) : stage, parcel: nextParcel() };
  });
  return lines.map((line, index) => {
    const group = groups.find(({ key }) => key === placeAndMethod(line));
    const planned = planStockout(dice, line.productId, group?.stage ?? stage);
    const parcel = index > 0 && random.chance(0.15) ? nextParcel(group?.parcel.carrierCode) : group?.parcel;
    const leaves = line.methodCode === '10' && ['shipped', 'delivered'].includes(planned.target);
    const plan = { lineNo: line.lineNo, quantity: line.quantity, ...planned, ...(leaves && parcel ? { parcel } : {}) };
    return planCancel(dice, plan, whole || random.chance(0.015));
  });
}

/** The parcel that another order to the same receiver could share: one delivery, one waybill, no special case. */
export function sharedParcel(lines: readonly OrderLine[], plans: readonly LinePlan[]): Parcel | undefined {
  const plain = plans.every((plan) => plan.parcel?.waybillNo === plans[0]?.parcel?.waybillNo && !plan.cancel && !plan.stockout);
  return plain && new Set(lines.map(placeAndMethod)).size === 1 ? plans[0]?.parcel : undefined;
}

/** One waybill is entered wrong and corrected after shipping: that of the newest parcel with a single line. */
export function planCorrection(plans: readonly LinePlan[], nextParcel: NextParcel): void {
  const alone = ({ parcel }: LinePlan) =>
    plans.filter((plan) => plan.parcel && plan.parcel.waybillNo === parcel?.waybillNo).length === 1;
  const plan = plans.findLast((candidate) => candidate.target === 'shipped' && candidate.parcel && alone(candidate));
  if (plan?.parcel) plan.correction = nextParcel(plan.parcel.carrierCode);
}

/** How far from today the channels' own days lie, one line after the other; null = the policy's day counts. */
const ownDays = [-1, 0, 1, null, -2, 4, null, 0, 1, null] as const;
/** Why some of the late ones leave late, and how many days from today they are promised. */
const delays = [
  ['STOCK', 1, '입고가 하루 늦어집니다'],
  ['OVERSEAS', 6, '통관이 지연되고 있습니다'],
  ['MADE_TO_ORDER', 3, '제작에 시간이 더 걸립니다'],
] as const satisfies [DelayReason, number, string][];
/** One of so many late lines has been told of. */
const TOLD_EVERY = 3;

const later = (day: string, other: string): string => [day, other].sort()[1] ?? day;
const isUnshipped = (plan: LinePlan) => unshippedStates.some((state) => state === plan.target) && quantityLeft(plan) > 0;

/**
 * Whatever weekday the data are made on, lines that have not left are late, due today, tomorrow and later, and some buyers know that
 * theirs leaves late. Lines of the same order may have different days, as they have different sellers' promises.
 */
export function planDispatch(
  orders: readonly { body: { orderedAt: string; lines: OrderLine[] }; plans: LinePlan[] }[],
  end: Date,
): void {
  const today = koreanDay(end);
  let [unshipped, late] = [0, 0];
  for (const { body, plans } of orders)
    for (const [at, line] of body.lines.entries()) {
      const plan = plans[at];
      const far = plan && isUnshipped(plan) ? ownDays[unshipped++ % ownDays.length] : null;
      if (!plan || far === null || far === undefined) continue;
      const [day, paidOn] = [addDays(today, far), koreanDay(new Date(body.orderedAt))];
      line.dispatchDueOn = later(day, paidOn);
      if (line.dispatchDueOn >= today || late++ % TOLD_EVERY !== 0) continue;
      const [reasonCode, days, reason] = delays[Math.floor(late / TOLD_EVERY) % delays.length] ?? delays[0];
      plan.delay = { expectedOn: addDays(today, days), reasonCode, reason };
    }
}
