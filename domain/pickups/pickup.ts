/** docs/sources/requirements.md#회수처리: the states of a pickup. */
export const pickupStates = {
  requested: '회수접수',
  instructed: '회수지시',
  confirmed: '회수확인',
  completed: '회수완료',
  refused: '반품불가',
  withdrawn: '접수철회',
} as const;

export type PickupState = keyof typeof pickupStates;
export type PickupKind = 'return' | 'exchange';

/** 반품접수/교환접수: the name of the first state depends on the kind of claim. */
export function pickupStateName(state: PickupState, kind: PickupKind): string {
  if (state !== 'requested') return pickupStates[state];
  return kind === 'return' ? '반품접수' : '교환접수';
}

/** Which state each screen works on (회수지시처리, 회수확인처리, 회수완료처리). */
export const pickupScreens = { instruct: 'requested', confirm: 'instructed', complete: 'confirmed' } as const satisfies Record<
  string,
  PickupState
>;
export type PickupScreen = keyof typeof pickupScreens;

export const reasonCodes = {
  CHANGE_OF_MIND: '단순변심',
  DEFECT: '상품불량',
  DAMAGED: '파손',
  WRONG_ITEM: '오배송',
  LATE: '배송지연',
  OTHER: '기타',
} as const;
export type ReasonCode = keyof typeof reasonCodes;
export type Fault = 'buyer' | 'seller';

/** Whose fault a reason implies, unless the inspection says otherwise. */
export function faultOf(reasonCode: ReasonCode): Fault | null {
  if (reasonCode === 'OTHER') return null;
  return reasonCode === 'CHANGE_OF_MIND' ? 'buyer' : 'seller';
}

/** What comes back of one order line; `restock` and `dispose` are set by the inspection. */
export interface PickupItem {
  lineNo: number;
  productId: number;
  quantity: number;
  reasonCode: ReasonCode;
  /** The product an exchange sends instead; absent = the same one. */
  exchangeProductId?: number | undefined;
  restock: number | null;
  dispose: number | null;
  fault: Fault | null;
}

/** One pickup (회수). Numbers and codes only, because it travels through Temporal. Instants are ISO strings. */
export interface Pickup {
  pickupNo: string;
  claimNo: string;
  orderNo: string;
  originalDeliveryNo: string;
  exchangeDeliveryNo: string | null;
  kind: PickupKind;
  /** 교환중반품 and 반품중교환 have been done: each is possible once, so that a pickup does not go back and forth. */
  convertedFromExchange: boolean;
  convertedFromReturn: boolean;
  state: PickupState;
  held: boolean;
  revision: number;
  items: PickupItem[];
  carrierCode: string | null;
  waybillNo: string | null;
  trackingLevel: number | null;
  arrivedAt: string | null;
  instructedAt: string | null;
  confirmedAt: string | null;
  completedAt: string | null;
  finishedAt: string | null;
}

/** A pickup as it was written before a return could become an exchange, in a run's argument or a history row, with the field it lacks. */
export const wholePickup = (pickup: Pickup): Pickup => ({ ...pickup, convertedFromReturn: pickup.convertedFromReturn ?? false });

/** What a command's caller learns about the pickup. */
export const pickupOutcome = ({ state, revision, kind, exchangeDeliveryNo }: Pickup) => ({
  state,
  revision,
  kind,
  exchangeDeliveryNo,
});
