import type { MethodCode } from './delivery-method.ts';

/** An order as its order system sends it, parsed; instants are ISO strings, money an integer of won. */
export interface Order {
  orderNo: string;
  orderedAt: string;
  channel: string | null;
  orderer: { name: string; phone: string; email: string | null };
  receiver: { name: string; phone: string; zipCode: string; address1: string; address2: string | null; memo: string | null };
  /** False: its receiver wants no messages. Absent rather than true, so that the hash of an order is that of before there were any. */
  notices?: false | undefined;
  lines: OrderLine[];
}

export interface OrderLine {
  lineNo: number;
  productId: number;
  productName: string;
  optionName: string | null;
  quantity: number;
  unitPrice: number;
  placeNo?: number | null | undefined;
  methodCode: MethodCode;
  policyNo?: number | null | undefined;
  /** The dispatch policy of this line, and days (YYYY-MM-DD): asked for by the buyer, and set by the channel, which wins. */
  dispatchPolicyNo?: number | undefined;
  requestedDispatchOn?: string | undefined;
  dispatchDueOn?: string | undefined;
}
