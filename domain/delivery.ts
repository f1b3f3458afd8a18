import { judgeWaybill, normalizeWaybill } from './carriers.ts';
import { type Actor, allowed, type CommandInput, type Decision, decide, type Machine } from './machine.ts';

/** docs/sources/requirements.md#delivery-2: the states of an order line's delivery. */
export const deliveryStates = {
  ordered: '주문완료',
  instructed: '배송지시',
  released: '출고지시',
  awaitingShipment: '출고대기',
  shipped: '출고완료',
  delivered: '배송완료',
  canceled: '주문취소',
} as const;

export type DeliveryState = keyof typeof deliveryStates;
export type DeliveryKind = 'order' | 'exchange';

/** 배송방법코드. */
export const methods = { '10': '택배', '20': '직접배송', '30': '방문수령', '40': 'e-쿠폰' } as const;
export type MethodCode = keyof typeof methods;

export type DeliveryCommand =
  | 'instruct'
  | 'release'
  | 'ship'
  | 'deliver'
  | 'report-stockout'
  | 'clear-stockout'
  | 'cancel'
  | 'correct-waybill'
  | 'undo'
  | 'reopen'
  | 'track'
  | 'reserve-claim'
  | 'release-claim'
  | 'settle-return'
  | 'settle-exchange';

/** A claim's hold on a line's quantity, by pickupNo. */
export interface Claim {
  quantity: number;
  /** settled = returned, off the valid quantity; exchanged = another line was sent for it, so it cannot be claimed again. */
  status: 'reserved' | 'released' | 'settled' | 'exchanged';
}

/** One order line's delivery: numbers and codes only, so that it may travel through Temporal. Instants are ISO strings. */
export interface DeliveryLine {
  deliveryNo: string;
  lineNo: number;
  orderNo: string;
  kind: DeliveryKind;
  productId: number;
  methodCode: MethodCode;
  state: DeliveryState;
  revision: number;
  /** As ordered; what is left is `validQuantity`. */
  quantity: number;
  canceled: number;
  returned: number;
  claims: Record<string, Claim>;
  carrierCode: string | null;
  waybillNo: string | null;
  /** Highest tracker level that mattered to the line (2 = first movement, 6 = delivered), null before. */
  trackingLevel: number | null;
  instructedAt: string | null;
  releasedAt: string | null;
  shippedAt: string | null;
  deliveredAt: string | null;
  stockoutExpectedAt: string | null;
  autoClear: boolean;
  finishedAt: string | null;
}

export interface DeliveryInput extends CommandInput {
  carrierCode?: string | undefined;
  waybillNo?: string | undefined;
  combine?: boolean | undefined;
  quantity?: number | undefined;
  expectedAt?: string | undefined;
  autoClear?: boolean | undefined;
  pickupNo?: string | undefined;
  level?: number | undefined;
}

export type DeliveryCode =
  | 'LINE_FINISHED'
  | 'WAYBILL_REQUIRED'
  | 'CARRIER_UNKNOWN'
  | 'WAYBILL_INVALID'
  | 'ALREADY_MOVING'
  | 'ALREADY_SHIPPED'
  | 'CLAIM_OPEN'
  | 'QUANTITY_EXCEEDED'
  | 'NOT_CLAIMABLE';

type Line = DeliveryLine;

/** 유효수량 = ordered − canceled − returned. */
export function validQuantity(line: Pick<Line, 'quantity' | 'canceled' | 'returned'>): number {
  return line.quantity - line.canceled - line.returned;
}

const claimedQuantity = (line: Pick<Line, 'claims'>, status: Claim['status']): number =>
  Object.values(line.claims).reduce((sum, claim) => sum + (claim.status === status ? claim.quantity : 0), 0);

/** Quantity held by claims under way; a line with some stays open. */
export const reservedQuantity = (line: Pick<Line, 'claims'>): number => claimedQuantity(line, 'reserved');

/** What a new claim may still ask for. */
export function claimableQuantity(line: Line): number {
  return validQuantity(line) - reservedQuantity(line) - claimedQuantity(line, 'exchanged');
}

/** Finished = wholly canceled or wholly returned (docs/decisions/line-stays-open-90-days.md). */
const finishWhenEmpty = (left: number, at: string): Pick<Line, 'finishedAt'> => ({ finishedAt: left === 0 ? at : null });

/** A parcel leaves under a waybill; another method may carry one. */
const judgeShipment = (line: Line, { carrierCode, waybillNo }: DeliveryInput) =>
  line.methodCode === '10' || carrierCode !== undefined || waybillNo !== undefined ? judgeWaybill(carrierCode, waybillNo) : null;

const waybillOf = ({ carrierCode, waybillNo }: DeliveryInput): Pick<Line, 'carrierCode' | 'waybillNo'> => ({
  carrierCode: carrierCode ?? null,
  waybillNo: waybillNo === undefined ? null : normalizeWaybill(waybillNo),
});

const quantityWithin = (quantity: number | undefined, most: number) =>
  quantity !== undefined && Number.isInteger(quantity) && quantity >= 1 && quantity <= most;

const claimOpen = (line: Line) => (reservedQuantity(line) > 0 ? 'CLAIM_OPEN' : null);

const undone: Partial<Record<DeliveryState, (line: Line) => Partial<Line>>> = {
  instructed: () => ({ instructedAt: null }),
  released: () => ({ releasedAt: null }),
  shipped: () => ({ shippedAt: null, carrierCode: null, waybillNo: null, trackingLevel: null }),
};

const sameClaim = (line: Line, { pickupNo, quantity }: DeliveryInput, status: Claim['status']) => {
  const claim = line.claims[pickupNo ?? ''];
  return claim?.status === status && (quantity === undefined || claim.quantity === quantity);
};

const holdsClaim = (line: Line, { pickupNo }: DeliveryInput) => line.claims[pickupNo ?? ''] !== undefined;

/** The one table of the delivery line, drawn in docs/states.md#a-delivery-line-주문내역의-배송. */
export const deliveryMachine: Machine<DeliveryState, DeliveryCommand, DeliveryLine, DeliveryInput, DeliveryCode> = {
  states: deliveryStates,
  finishedCode: 'LINE_FINISHED',
  commands: {
    instruct: {
      name: '배송지시',
      from: { ordered: 'instructed' },
      who: ['admin'],
      permission: 'delivery.write',
      change: (_line, _input, at) => ({ instructedAt: at }),
    },
    release: {
      name: '출고지시',
      from: { instructed: 'released' },
      who: ['admin'],
      permission: 'delivery.write',
      change: (_line, _input, at) => ({ releasedAt: at }),
    },
    ship: {
      name: '출고완료',
      from: { released: 'shipped' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['carrierCode', 'waybillNo'],
      judge: judgeShipment,
      change: (_line, input, at) => ({ ...waybillOf(input), shippedAt: at, trackingLevel: null }),
    },
    deliver: {
      name: '배송완료',
      from: { shipped: 'delivered' },
      who: ['admin', 'tracker', 'batch'],
      permission: 'delivery.write',
      change: (line, input, at) => ({ deliveredAt: at, trackingLevel: input.level ?? line.trackingLevel }),
    },
    'report-stockout': {
      name: '결품등록',
      from: { released: 'awaitingShipment' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['reason'],
      change: (_line, input) => ({ stockoutExpectedAt: input.expectedAt ?? null, autoClear: input.autoClear ?? true }),
    },
    'clear-stockout': {
      name: '결품해제',
      from: { awaitingShipment: 'released' },
      who: ['admin', 'machine'],
      permission: 'delivery.write',
      change: () => ({ stockoutExpectedAt: null, autoClear: true }),
    },
    cancel: {
      name: '주문취소',
      from: { ordered: 'ordered', instructed: 'instructed', released: 'released', awaitingShipment: 'awaitingShipment' },
      elsewhere: { shipped: 'ALREADY_SHIPPED', delivered: 'ALREADY_SHIPPED' },
      who: ['order'],
      permission: 'order.write',
      needs: ['quantity'],
      judge: (line, input) => (quantityWithin(input.quantity, claimableQuantity(line)) ? null : 'QUANTITY_EXCEEDED'),
      change: (line, input, at) => {
        const canceled = line.canceled + (input.quantity ?? 0);
        const left = validQuantity({ ...line, canceled });
        return { canceled, ...finishWhenEmpty(left, at), ...(left === 0 ? { state: 'canceled' } : {}) };
      },
    },
    'correct-waybill': {
      name: '운송장정정',
      from: { shipped: 'shipped' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['carrierCode', 'waybillNo', 'reason'],
      judge: (_line, input) => judgeWaybill(input.carrierCode, input.waybillNo),
      change: (_line, input) => ({ ...waybillOf(input), trackingLevel: null }),
    },
    undo: {
      name: '처리취소',
      from: { instructed: 'ordered', released: 'instructed', shipped: 'released' },
      who: ['admin'],
      permission: 'delivery.undo',
      needs: ['reason'],
      blocked: (line) => (line.state !== 'shipped' ? null : (line.trackingLevel ?? 0) >= 2 ? 'ALREADY_MOVING' : claimOpen(line)),
      change: (line) => undone[line.state]?.(line) ?? {},
    },
    reopen: {
      name: '배송완료취소',
      from: { delivered: 'shipped' },
      who: ['admin'],
      permission: 'delivery.undo',
      needs: ['reason'],
      blocked: claimOpen,
      change: () => ({ deliveredAt: null }),
    },
    track: {
      name: '배송추적',
      from: { shipped: 'shipped' },
      who: ['tracker'],
      change: (line, input) => ((input.level ?? 0) > (line.trackingLevel ?? 0) ? { trackingLevel: input.level ?? null } : null),
    },
    'reserve-claim': {
      name: '반품·교환 접수',
      from: { shipped: 'shipped', delivered: 'delivered' },
      elsewhere: {
        ordered: 'NOT_CLAIMABLE',
        instructed: 'NOT_CLAIMABLE',
        released: 'NOT_CLAIMABLE',
        awaitingShipment: 'NOT_CLAIMABLE',
      },
      who: ['machine'],
      needs: ['pickupNo', 'quantity'],
      judge: (line, input) => {
        if (sameClaim(line, input, 'reserved')) return null;
        const possible = input.pickupNo !== undefined && !holdsClaim(line, input);
        return possible && quantityWithin(input.quantity, claimableQuantity(line)) ? null : 'NOT_CLAIMABLE';
      },
      change: (line, { pickupNo = '', quantity = 0, ...input }) =>
        sameClaim(line, { pickupNo, quantity, ...input }, 'reserved')
          ? null
          : { claims: { ...line.claims, [pickupNo]: { quantity, status: 'reserved' } } },
    },
    'release-claim': {
      name: '반품·교환 접수 해제',
      from: { shipped: 'shipped', delivered: 'delivered' },
      who: ['machine'],
      needs: ['pickupNo'],
      change: (line, { pickupNo = '' }) => {
        const claim = line.claims[pickupNo];
        return claim?.status === 'reserved' ? { claims: { ...line.claims, [pickupNo]: { ...claim, status: 'released' } } } : null;
      },
    },
    'settle-return': {
      name: '반품완료',
      from: { shipped: 'shipped', delivered: 'delivered' },
      who: ['machine'],
      needs: ['pickupNo'],
      judge: (line, input) =>
        sameClaim(line, { pickupNo: input.pickupNo }, 'reserved') || sameClaim(line, { pickupNo: input.pickupNo }, 'settled')
          ? null
          : 'NOT_CLAIMABLE',
      change: (line, { pickupNo = '' }, at) => {
        const claim = line.claims[pickupNo];
        if (claim?.status !== 'reserved') return null;
        const returned = line.returned + claim.quantity;
        const claims = { ...line.claims, [pickupNo]: { ...claim, status: 'settled' as const } };
        return { returned, claims, ...finishWhenEmpty(validQuantity({ ...line, returned }), at) };
      },
    },
    'settle-exchange': {
      name: '교환완료',
      from: { shipped: 'shipped', delivered: 'delivered' },
      who: ['machine'],
      needs: ['pickupNo'],
      judge: (line, { pickupNo }) =>
        sameClaim(line, { pickupNo }, 'reserved') || sameClaim(line, { pickupNo }, 'exchanged') ? null : 'NOT_CLAIMABLE',
      change: (line, { pickupNo = '' }) => {
        const claim = line.claims[pickupNo];
        return claim?.status === 'reserved'
          ? { claims: { ...line.claims, [pickupNo]: { ...claim, status: 'exchanged' } } }
          : null;
      },
    },
  },
};

/** Judges a command on a line: the next line, or the code that refuses it. Pure; `at` is the instant of the change. */
export function decideDelivery(
  line: DeliveryLine,
  command: DeliveryCommand,
  input: DeliveryInput & { actor: Actor },
  at: string,
): Decision<DeliveryLine, DeliveryCode> {
  return decide(deliveryMachine, line, command, input, at);
}

/** Commands an admin may give this line now. */
export function allowedDeliveryCommands(line: DeliveryLine): DeliveryCommand[] {
  return allowed(deliveryMachine, line);
}

/** The line closes `openDays` after it was delivered, unless a claim on it is open; null = no clock runs. */
export function closesAt(line: DeliveryLine, openDays: number): string | null {
  if (line.state !== 'delivered' || line.deliveredAt === null || line.finishedAt !== null || reservedQuantity(line) > 0)
    return null;
  return new Date(Date.parse(line.deliveredAt) + openDays * 86_400_000).toISOString();
}

/** The line closed by time: finished, in the state it is in. */
export function closeLine(line: DeliveryLine, at: string): DeliveryLine {
  return { ...line, revision: line.revision + 1, finishedAt: at };
}

export function isDeliveryCommand(text: string): text is DeliveryCommand {
  return Object.hasOwn(deliveryMachine.commands, text);
}
