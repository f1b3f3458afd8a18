/** Why a stock changed: the kinds of rows in the ledger. An `un…` takes back what a repaired or undone step had done. */
export const stockMoves = {
  set: '재고조정',
  ship: '출고',
  unship: '출고취소',
  restock: '반품재입고',
  unrestock: '반품재입고취소',
  consume: '가공재료사용',
  unconsume: '가공재료사용취소',
  produce: '가공품입고',
  unproduce: '가공품입고취소',
} as const;
export type StockMove = keyof typeof stockMoves;
