import type { DeliveryLine, DeliveryState } from '../../../domain/deliveries/line.ts';

/** The state machine of the delivery line, typed once more from docs/sources/requirements.md#배송처리: nothing here comes from the code. */
export const stateNames = {
  ordered: '주문완료',
  instructed: '배송지시',
  released: '출고지시',
  awaitingShipment: '출고대기',
  shipped: '출고완료',
  delivered: '배송완료',
  canceled: '주문취소',
} as const;
export type State = keyof typeof stateNames;
export const states = Object.keys(stateNames) as State[];

export interface TypedRule {
  name: string | null;
  to: Partial<Record<State, State>>;
  who: ('admin' | 'order' | 'tracker' | 'batch' | 'machine')[];
  needs: string[];
  permission: string | null;
  /** What it answers from a state that is not in `to`, where that is not TRANSITION_NOT_ALLOWED. */
  elsewhere?: Partial<Record<State, string>>;
}

const before = <T>(value: T) => ({ ordered: value, instructed: value, released: value, awaitingShipment: value });

/** A step that leaves the line where it is, before 출고완료. */
const where: Partial<Record<State, State>> = {
  ordered: 'ordered',
  instructed: 'instructed',
  released: 'released',
  awaitingShipment: 'awaitingShipment',
};

export const typedTable: Record<string, TypedRule> = {
  instruct: { name: '배송지시', to: { ordered: 'instructed' }, who: ['admin'], needs: [], permission: 'delivery.write' },
  release: { name: '출고지시', to: { instructed: 'released' }, who: ['admin'], needs: [], permission: 'delivery.write' },
  ship: {
    name: '출고완료',
    to: { released: 'shipped' },
    who: ['admin'],
    needs: ['carrierCode', 'waybillNo'],
    permission: 'delivery.write',
  },
  deliver: {
    name: '배송완료',
    to: { shipped: 'delivered' },
    who: ['admin', 'tracker', 'batch'],
    needs: [],
    permission: 'delivery.write',
  },
  'report-stockout': {
    name: '결품등록',
    to: { released: 'awaitingShipment' },
    who: ['admin'],
    needs: ['reason'],
    permission: 'delivery.write',
  },
  'clear-stockout': {
    name: '결품해제',
    to: { awaitingShipment: 'released' },
    who: ['admin', 'machine'],
    needs: [],
    permission: 'delivery.write',
  },
  split: { name: '분할', to: where, who: ['admin'], needs: ['quantity'], permission: 'delivery.write' },
  merge: {
    name: '분할취소',
    to: where,
    who: ['admin'],
    needs: [],
    permission: 'delivery.write',
    elsewhere: { shipped: 'MERGE_NOT_POSSIBLE', delivered: 'MERGE_NOT_POSSIBLE' },
  },
  absorb: {
    name: null,
    to: where,
    who: ['machine'],
    needs: ['quantity'],
    permission: null,
    elsewhere: { shipped: 'MERGE_NOT_POSSIBLE', delivered: 'MERGE_NOT_POSSIBLE' },
  },
  'notify-delay': {
    name: '발송지연안내',
    to: where,
    who: ['admin'],
    needs: ['expectedOn', 'reasonCode', 'reason'],
    permission: 'delivery.write',
  },
  // The whole quantity: canceled, wherever it was.
  cancel: {
    name: '주문취소',
    to: before<State>('canceled'),
    who: ['order'],
    needs: ['quantity'],
    permission: 'order.write',
    elsewhere: { shipped: 'ALREADY_SHIPPED', delivered: 'ALREADY_SHIPPED' },
  },
  'correct-waybill': {
    name: '운송장정정',
    to: { shipped: 'shipped' },
    who: ['admin'],
    needs: ['carrierCode', 'waybillNo', 'reason'],
    permission: 'delivery.write',
  },
  undo: {
    name: '처리취소',
    to: { instructed: 'ordered', released: 'instructed', shipped: 'released' },
    who: ['admin'],
    needs: ['reason'],
    permission: 'delivery.undo',
  },
  reopen: {
    name: '배송완료취소',
    to: { delivered: 'shipped' },
    who: ['admin'],
    needs: ['reason'],
    permission: 'delivery.undo',
  },
  'reserve-claim': {
    name: null,
    to: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo', 'quantity'],
    permission: null,
    elsewhere: before('NOT_CLAIMABLE'),
  },
  'release-claim': {
    name: null,
    to: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    permission: null,
  },
  'settle-return': {
    name: null,
    to: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    permission: null,
  },
  // A completed exchange: its quantity leaves what can still be claimed of the original.
  'settle-exchange': {
    name: null,
    to: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    permission: null,
  },
};

/** Buttons of an admin in each state. */
export const typedButtons: Record<State, string[]> = {
  ordered: ['instruct', 'split', 'notify-delay'],
  instructed: ['release', 'split', 'notify-delay', 'undo'],
  released: ['ship', 'report-stockout', 'split', 'notify-delay', 'undo'],
  awaitingShipment: ['clear-stockout', 'split', 'notify-delay'],
  shipped: ['deliver', 'correct-waybill', 'undo'],
  delivered: ['reopen'],
  canceled: [],
};

const T = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** A parcel of three in this state, as it would have come there. */
export function lineIn(state: DeliveryState, more: Partial<DeliveryLine> = {}): DeliveryLine {
  const passed = (...those: DeliveryState[]) => those.includes(state);
  const left = passed('shipped', 'delivered');
  return {
    deliveryNo: 'D261123000001',
    lineNo: 1,
    orderNo: 'S-1',
    kind: 'order',
    productId: 43_897,
    methodCode: '10',
    state,
    revision: 7,
    quantity: 3,
    canceled: state === 'canceled' ? 3 : 0,
    returned: 0,
    claims: {},
    carrierCode: left ? '04' : null,
    waybillNo: left ? '123456789012' : null,
    trackingLevel: null,
    instructedAt: passed('ordered', 'canceled') ? null : T(1),
    releasedAt: passed('ordered', 'instructed', 'canceled') ? null : T(2),
    shippedAt: left ? T(3) : null,
    deliveredAt: state === 'delivered' ? T(4) : null,
    stockoutExpectedAt: null,
    autoClear: true,
    delayExpectedOn: null,
    delayReasonCode: null,
    delayNoticedAt: null,
    splitFrom: null,
    lastSplit: null,
    finishedAt: state === 'canceled' ? T(5) : null,
    ...more,
  };
}
