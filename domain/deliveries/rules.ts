import { isCarrier, judgeWaybill, normalizeWaybill } from '../carriers.ts';
import type { Rule } from '../machine.ts';
import type { DeliveryCode, DeliveryInput } from './commands.ts';
import type { DeliveryLine, DeliveryState } from './line.ts';

type Line = DeliveryLine;

export type DeliveryRule = Rule<DeliveryState, Line, DeliveryInput, DeliveryCode>;

/** Before 출고완료, where a command leaves the line. */
export const whereItIs = {
  ordered: 'ordered',
  instructed: 'instructed',
  released: 'released',
  awaitingShipment: 'awaitingShipment',
} as const;

export const onceShipped = <Code>(code: Code) => ({ shipped: code, delivered: code });

/** Finished = wholly canceled or wholly returned (docs/decisions/line-stays-open-90-days.md). */
export const finishWhenEmpty = (left: number, at: string): Pick<Line, 'finishedAt'> => ({ finishedAt: left === 0 ? at : null });

/** Whether its waybill is drawn from a number range; one that somebody has typed counts. */
export const drawsWaybill = ({ autoWaybill, waybillNo }: DeliveryInput): boolean =>
  autoWaybill === true && waybillNo === undefined;

/** A parcel needs a waybill to be shipped, if none is drawn for it; with another method the waybill is optional. */
export function judgeShipment(
  line: Line,
  input: DeliveryInput,
): 'WAYBILL_REQUIRED' | 'CARRIER_UNKNOWN' | 'WAYBILL_INVALID' | null {
  const { carrierCode, waybillNo } = input;
  if (drawsWaybill(input)) return carrierCode === undefined || isCarrier(carrierCode) ? null : 'CARRIER_UNKNOWN';
  const needed = line.methodCode === '10' || carrierCode !== undefined || waybillNo !== undefined;
  return needed ? judgeWaybill(carrierCode, waybillNo) : null;
}

export const waybillOf = ({ carrierCode, waybillNo }: DeliveryInput): Pick<Line, 'carrierCode' | 'waybillNo'> => ({
  carrierCode: carrierCode ?? null,
  waybillNo: waybillNo === undefined ? null : normalizeWaybill(waybillNo),
});

/** A batch means the parcel it asked about, not the one that a correction has put in its place; a person names none. */
export const judgeDelivered = (line: Line, { parcel }: DeliveryInput) =>
  parcel === undefined || (parcel.carrierCode === line.carrierCode && parcel.waybillNo === line.waybillNo)
    ? null
    : 'REVISION_CONFLICT';

export const quantityWithin = (quantity: number | undefined, most: number) =>
  quantity !== undefined && Number.isInteger(quantity) && quantity >= 1 && quantity <= most;

/** The fields that undoing a step resets, by the state that is left. */
export const undone: Partial<Record<DeliveryState, (line: Line) => Partial<Line>>> = {
  instructed: () => ({ instructedAt: null }),
  released: () => ({ releasedAt: null }),
  shipped: () => ({ shippedAt: null, carrierCode: null, waybillNo: null, trackingLevel: null }),
};
