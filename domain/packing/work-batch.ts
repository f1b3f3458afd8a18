import type { DeliveryState } from '../deliveries/line.ts';

/** A batch of work (작업차수): lines that one person picks, verifies and ships together. */
export const workBatchStates = {
  created: '만듦',
  picking: '피킹',
  verifying: '검품',
  completed: '완료',
} as const;

export type WorkBatchState = keyof typeof workBatchStates;

/** How many lines a batch may have. */
export const MOST_BATCH_LINES = 500;

/** Why a line of a batch is not shipped with it. There is no 보류 of a delivery line: only pickups are held. */
export const dropReasons = {
  canceled: '주문취소',
  merged: '분할취소',
  stockout: '결품',
  unreleased: '출고지시가 취소됨',
  removed: '작업차수에서 뺌',
} as const;

export type DropReason = keyof typeof dropReasons;

/** How a line stands in its batch: still to do, gone out, or dropped. */
export type BatchStanding = 'open' | 'shipped' | DropReason;

/** How a line that nobody has taken out stands in an open batch, by the line's own state: a batch keeps no second one. */
export function standingOf({ state, validQuantity }: { state: DeliveryState; validQuantity: number }): BatchStanding {
  switch (state) {
    case 'shipped':
    case 'delivered':
      return 'shipped';
    case 'canceled':
      return 'canceled';
    case 'ordered':
    case 'instructed':
      return validQuantity > 0 ? 'unreleased' : 'merged';
    case 'awaitingShipment':
      return validQuantity > 0 ? 'stockout' : 'merged';
    case 'released':
      return validQuantity > 0 ? 'open' : 'merged';
    default:
      return state satisfies never;
  }
}

export const isDropped = (standing: BatchStanding): standing is DropReason => standing !== 'open' && standing !== 'shipped';
