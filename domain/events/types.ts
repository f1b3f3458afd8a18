import type { DeliveryCommand } from '../deliveries/commands.ts';
import type { DeliveryLine } from '../deliveries/line.ts';
import { VERIFY } from '../packing/verification.ts';
import type { PickupCommand } from '../pickups/commands.ts';
import type { Pickup } from '../pickups/pickup.ts';

/** Everything that is told outside, with its Korean name (docs/events.md). */
export const eventTypes = {
  'delivery.ordered': '주문완료',
  'delivery.instructed': '배송지시',
  'delivery.released': '출고지시',
  'delivery.shipped': '출고완료',
  'delivery.delivered': '배송완료',
  'delivery.stockout-reported': '결품등록',
  'delivery.stockout-cleared': '결품해제',
  'delivery.canceled': '주문취소 (일부 또는 전부)',
  'delivery.waybill-corrected': '운송장정정',
  'delivery.undone': '처리취소',
  'delivery.reopened': '배송완료취소',
  'delivery.split': '분할: 나뉜 줄과 새 줄에 하나씩',
  'delivery.merged': '분할취소: 돌아간 줄과 돌려받은 줄에 하나씩',
  'delivery.delay-noticed': '발송지연안내',
  'delivery.overdue': '발송기한이 지남',
  'delivery.closed': '종결: 기간이 지났거나 모두 반품됨',
  'pickup.requested': '반품·교환접수',
  'pickup.instructed': '회수지시',
  'pickup.arrived': '회수 도착',
  'pickup.confirmed': '회수확인',
  'pickup.completed': '회수완료',
  'pickup.refused': '반품불가',
  'pickup.withdrawn': '접수철회',
  'pickup.held': '보류',
  'pickup.resumed': '보류해제',
  'pickup.converted': '교환중반품·반품중교환',
  'tracking.exception': '배송추적 예외가 생김',
  'bulk-shipment.completed': '대량출고가 끝남',
  'waybill-range.low': '운송장 대역이 얼마 남지 않음',
  'webhook.test': '웹훅 시험',
} as const;

export type EventType = keyof typeof eventTypes;
export type DeliveryEvent = Extract<EventType, `delivery.${string}`>;
export type PickupEvent = Extract<EventType, `pickup.${string}`>;

export const isEventType = (text: string): text is EventType => Object.hasOwn(eventTypes, text);

/** Commands in a history that no machine knows: the first row of a life, its end by time, the mark of the schedule, what the bench scanned. */
type DeliveryStep = DeliveryCommand | 'order' | 'close' | 'overdue' | typeof VERIFY;
type PickupStep = PickupCommand | 'claim';
type By<Type, Row> = Type | null | ((row: Row) => Type | null);

/** What a step of a line is told as; null = it is not told, and why. */
const deliveryEvents: Record<DeliveryStep, By<DeliveryEvent, DeliveryLine>> = {
  order: 'delivery.ordered',
  instruct: 'delivery.instructed',
  release: 'delivery.released',
  ship: 'delivery.shipped',
  deliver: 'delivery.delivered',
  'report-stockout': 'delivery.stockout-reported',
  'clear-stockout': 'delivery.stockout-cleared',
  cancel: 'delivery.canceled',
  'correct-waybill': 'delivery.waybill-corrected',
  undo: 'delivery.undone',
  reopen: 'delivery.reopened',
  split: 'delivery.split',
  merge: 'delivery.merged',
  absorb: 'delivery.merged',
  'notify-delay': 'delivery.delay-noticed',
  overdue: 'delivery.overdue',
  close: 'delivery.closed',
  // Nobody outside waits for it: what it leads to is told as shipped.
  [VERIFY]: null,
  // A movement that changes no state: the timeline has it.
  track: null,
  // The claim's pickup tells of itself.
  'reserve-claim': null,
  'release-claim': null,
  'settle-exchange': null,
  // The pickup tells of the return; that nothing is left of the line is told by the line.
  'settle-return': ({ finishedAt }) => (finishedAt === null ? null : 'delivery.closed'),
};

/** What a step of a pickup is told as. */
const pickupEvents: Record<PickupStep, By<PickupEvent, Pickup>> = {
  claim: 'pickup.requested',
  instruct: 'pickup.instructed',
  confirm: 'pickup.confirmed',
  complete: 'pickup.completed',
  refuse: 'pickup.refused',
  withdraw: 'pickup.withdrawn',
  hold: 'pickup.held',
  resume: 'pickup.resumed',
  'convert-to-return': 'pickup.converted',
  'convert-to-exchange': 'pickup.converted',
  // Levels before the last change no state; above it there is none.
  track: ({ arrivedAt }) => (arrivedAt === null ? null : 'pickup.arrived'),
};

const typeOf = <Type, Row>(events: Record<string, By<Type, Row>>, command: string, row: Row): Type | null => {
  const by = Object.hasOwn(events, command) ? (events[command] ?? null) : null;
  return typeof by === 'function' ? (by as (row: Row) => Type | null)(row) : by;
};

/** The type of the event that a command on a line is told as, by the line after it; null = it is not told. */
export const deliveryEventOf = (command: string, line: DeliveryLine) => typeOf(deliveryEvents, command, line);

/** The same of a pickup. */
export const pickupEventOf = (command: string, pickup: Pickup) => typeOf(pickupEvents, command, pickup);
