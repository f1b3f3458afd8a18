import { type DeliveryLine, type SplitPart, validQuantity } from '../deliveries/line.ts';
import type { Pickup, PickupItem } from '../pickups/pickup.ts';
import { type DeliveryEvent, deliveryEventOf, type EventType, type PickupEvent, pickupEventOf } from './types.ts';

/** An event before it is written. `data` holds numbers, codes and states: never a name, a phone, an address or a text somebody wrote. */
export interface Told<Type extends EventType = EventType, Data = object> {
  type: Type;
  data: Data;
}

/** What every event of a line says of it, as it is after the step. */
export interface DeliveryEventData
  extends Pick<
    DeliveryLine,
    'deliveryNo' | 'lineNo' | 'orderNo' | 'kind' | 'productId' | 'methodCode' | 'state' | 'revision' | 'carrierCode' | 'waybillNo'
  > {
  validQuantity: number;
  finished: boolean;
  /** The history's name of the step. */
  command: string;
  /** What this step has split off. */
  newLine?: SplitPart;
  /** Of a part: the line it was split off. */
  splitFrom?: NonNullable<DeliveryLine['splitFrom']>;
  /** 결품등록: when stock is expected. */
  expectedAt?: string;
  /** 발송지연안내: the day that was promised, and the reason's code. */
  expectedOn?: string;
  reasonCode?: string;
}

/** What every event of a pickup says of it. */
export interface PickupEventData
  extends Pick<
    Pickup,
    | 'pickupNo'
    | 'claimNo'
    | 'orderNo'
    | 'exchangeDeliveryNo'
    | 'kind'
    | 'state'
    | 'held'
    | 'revision'
    | 'carrierCode'
    | 'waybillNo'
  > {
  /** The delivery whose goods come back. */
  deliveryNo: string;
  items: Pick<PickupItem, 'lineNo' | 'productId' | 'quantity' | 'reasonCode' | 'restock' | 'dispose' | 'fault'>[];
  command: string;
}

/** Data of an event of this line after this command. Intake and the overdue mark make the same in SQL (db/events/data.ts). */
export function lineData(line: DeliveryLine, command: string): DeliveryEventData {
  const { deliveryNo, lineNo, orderNo, kind, productId, methodCode, state, revision, carrierCode, waybillNo } = line;
  const { lastSplit, splitFrom, stockoutExpectedAt: expectedAt, delayExpectedOn: expectedOn, delayReasonCode: reasonCode } = line;
  const numbers = { deliveryNo, lineNo, orderNo, kind, productId, methodCode, state, revision, carrierCode, waybillNo };
  return {
    ...numbers,
    validQuantity: validQuantity(line),
    finished: line.finishedAt !== null,
    command,
    ...(splitFrom ? { splitFrom } : {}),
    ...(lastSplit?.revision === revision ? { newLine: partOf(lastSplit) } : {}),
    ...(command === 'report-stockout' && expectedAt ? { expectedAt } : {}),
    ...(command === 'notify-delay' && expectedOn && reasonCode ? { expectedOn, reasonCode } : {}),
  };
}

const partOf = ({ deliveryNo, lineNo, state, validQuantity }: SplitPart): SplitPart => ({
  deliveryNo,
  lineNo,
  state,
  validQuantity,
});

/** Data of an event of this pickup after this command. */
export function pickupData(pickup: Pickup, command: string): PickupEventData {
  const { pickupNo, claimNo, orderNo, originalDeliveryNo, exchangeDeliveryNo, kind, state, held, revision } = pickup;
  const { carrierCode, waybillNo } = pickup;
  return {
    ...{ pickupNo, claimNo, orderNo, deliveryNo: originalDeliveryNo, exchangeDeliveryNo, kind, state, held, revision },
    ...{ carrierCode, waybillNo },
    items: pickup.items.map(({ lineNo, productId, quantity, reasonCode, restock, dispose, fault }) => ({
      ...{ lineNo, productId, quantity, reasonCode, restock, dispose, fault },
    })),
    command,
  };
}

/** What a command on a line is told as; null = it is not told. */
export function lineEvent(line: DeliveryLine, command: string): Told<DeliveryEvent, DeliveryEventData> | null {
  const type = deliveryEventOf(command, line);
  return type && { type, data: lineData(line, command) };
}

/** What a command on a pickup is told as. */
export function pickupEvent(pickup: Pickup, command: string): Told<PickupEvent, PickupEventData> | null {
  const type = pickupEventOf(command, pickup);
  return type && { type, data: pickupData(pickup, command) };
}
