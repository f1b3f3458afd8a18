import type { Order } from '../order.ts';
import type { PickupKind, ReasonCode } from './pickup.ts';

/** A claim (반품·교환 접수) as the order system sends it, parsed. */
export interface Claim {
  claimNo: string;
  kind: PickupKind;
  orderNo: string;
  items: ClaimItem[];
  /** Null = collected from the order's receiver. */
  pickupFrom?: Order['receiver'] | null | undefined;
}

export interface ClaimItem {
  lineNo: number;
  quantity: number;
  reasonCode: ReasonCode;
  reason: string | null;
  /** Null = the same product again. */
  exchangeTo?: { productId: number; productName: string; optionName: string | null } | null | undefined;
}
