import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { Fault, PickupKind, PickupState, ReasonCode } from '../../domain/pickups/pickup.ts';

/** What happens to one claim, and which lines it may be about. It names no line, so it needs no numbers or persons. */
export interface ClaimCase {
  kind: PickupKind;
  code: ReasonCode;
  /** The final state of its pickups. */
  target: PickupState;
  /** Who collects the goods; absent = the buyer sends them, or there is nothing to carry. */
  carrier?: '04' | '05' | '08';
  /** Per line; 1 by default. */
  quantity?: number;
  /** Only products whose number matches. */
  products?: RegExp;
  /** Two lines: of one delivery (`pair`), or of two deliveries, which makes two pickups (`apart`). */
  lines?: 'pair' | 'apart';
  /** Claimed before it arrived. */
  undelivered?: true;
  /** Exchanged for another option. */
  option?: true;
  /** Collected at another address than the receiver's. */
  elsewhere?: true;
  hold?: { reason: string; resumed?: true };
  /** Why the exchange became a return (교환중반품). */
  converted?: string;
  /** Disposed quantity of each line; the rest is restocked. Absent = completed without inspection results. */
  disposed?: readonly number[];
  fault?: Fault;
  /** The final state of an exchange's new line. */
  exchange?: DeliveryState;
  refusal?: string;
  withdrawal?: { reason: string; by: 'admin' | 'order'; at: 'requested' | 'instructed' };
}

/** The claims of a data set, oldest first; the oldest have got furthest. */
export const claimCases: readonly ClaimCase[] = [
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'completed', carrier: '04' },
  { kind: 'return', code: 'DEFECT', target: 'completed', carrier: '08', quantity: 2, disposed: [1], fault: 'seller' },
  { kind: 'return', code: 'DAMAGED', target: 'completed', carrier: '04', disposed: [1] },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'completed', products: /^439/, quantity: 2 },
  {
    kind: 'return',
    code: 'OTHER',
    target: 'completed',
    carrier: '05',
    hold: { reason: '상자의 봉인이 뜯겨 있어 구매자에게 확인 중', resumed: true },
    disposed: [0],
    fault: 'buyer',
  },
  { kind: 'return', code: 'WRONG_ITEM', target: 'completed', carrier: '04', lines: 'pair', disposed: [0, 1], fault: 'seller' },
  { kind: 'exchange', code: 'WRONG_ITEM', target: 'completed', carrier: '08', exchange: 'shipped' },
  {
    kind: 'exchange',
    code: 'DAMAGED',
    target: 'completed',
    carrier: '04',
    elsewhere: true,
    disposed: [1],
    exchange: 'instructed',
  },
  { kind: 'exchange', code: 'CHANGE_OF_MIND', target: 'completed', carrier: '05', option: true, exchange: 'ordered' },
  { kind: 'exchange', code: 'DEFECT', target: 'completed', carrier: '04', disposed: [1], fault: 'seller', exchange: 'ordered' },
  {
    kind: 'exchange',
    code: 'DEFECT',
    target: 'completed',
    carrier: '04',
    converted: '같은 상품이 모두 나가 구매자와 통화 후 환불하기로 함',
    disposed: [1],
  },
  {
    kind: 'return',
    code: 'CHANGE_OF_MIND',
    target: 'refused',
    carrier: '04',
    products: /^4340/,
    refusal: '바깥에서 착용한 흔적이 뚜렷해 다시 팔 수 없음. 구매자에게 설명하고 돌려보냄',
  },
  {
    kind: 'exchange',
    code: 'CHANGE_OF_MIND',
    target: 'refused',
    carrier: '05',
    products: /^43(204|40)/,
    option: true,
    refusal: '세탁한 뒤라 교환할 수 없음 (상품 안내의 교환 조건)',
  },
  {
    kind: 'return',
    code: 'CHANGE_OF_MIND',
    target: 'withdrawn',
    carrier: '08',
    withdrawal: { reason: '구매자가 그냥 쓰겠다고 전화함', by: 'admin', at: 'instructed' },
  },
  {
    kind: 'return',
    code: 'OTHER',
    target: 'withdrawn',
    lines: 'apart',
    withdrawal: { reason: '구매자가 주문 내역에서 반품을 취소함', by: 'order', at: 'requested' },
  },
  {
    kind: 'exchange',
    code: 'DEFECT',
    target: 'withdrawn',
    products: /^4350[24]/,
    withdrawal: { reason: '다시 해 보니 잘 된다고 하여 교환 취소', by: 'order', at: 'requested' },
  },
  {
    kind: 'exchange',
    code: 'CHANGE_OF_MIND',
    target: 'confirmed',
    carrier: '05',
    option: true,
    converted: '바꿀 옵션이 품절되어 구매자와 합의하고 환불로 전환',
  },
  {
    kind: 'return',
    code: 'CHANGE_OF_MIND',
    target: 'confirmed',
    carrier: '04',
    products: /^434/,
    hold: { reason: '향수 냄새가 나 착용했는지 구매자에게 확인 중' },
  },
  {
    kind: 'exchange',
    code: 'WRONG_ITEM',
    target: 'confirmed',
    carrier: '08',
    hold: { reason: '잘못 나간 상품의 재고를 다시 세는 중' },
  },
  { kind: 'return', code: 'DEFECT', target: 'confirmed', carrier: '04' },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'confirmed', carrier: '08', quantity: 2 },
  { kind: 'exchange', code: 'DAMAGED', target: 'confirmed', carrier: '05' },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'instructed', carrier: '04' },
  { kind: 'return', code: 'WRONG_ITEM', target: 'instructed', carrier: '05', elsewhere: true },
  { kind: 'exchange', code: 'CHANGE_OF_MIND', target: 'instructed', carrier: '08', option: true },
  { kind: 'exchange', code: 'DEFECT', target: 'instructed' },
  { kind: 'return', code: 'LATE', target: 'instructed', undelivered: true },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'requested' },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'requested', lines: 'pair' },
  { kind: 'return', code: 'LATE', target: 'requested', undelivered: true },
  { kind: 'return', code: 'DAMAGED', target: 'requested', lines: 'apart' },
  { kind: 'exchange', code: 'CHANGE_OF_MIND', target: 'requested', option: true },
  { kind: 'exchange', code: 'DEFECT', target: 'requested', elsewhere: true },
  { kind: 'return', code: 'CHANGE_OF_MIND', target: 'requested', undelivered: true },
];
