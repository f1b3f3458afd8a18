import type { DeliveryState } from '../deliveries/line.ts';
import { addDays } from '../korea.ts';

/** How a line stands against its day, of those that have still to leave. `noticed` = the buyer was told a later day. */
export const dispatchStatuses = {
  late: '지연',
  today: '오늘',
  tomorrow: '내일',
  later: '나중',
  noticed: '지연안내함',
  'notice-missed': '안내일 지남',
} as const;
export type DispatchStatus = keyof typeof dispatchStatuses;

/** The states of what has still to leave. */
export const unshippedStates = ['ordered', 'instructed', 'released', 'awaitingShipment'] as const satisfies DeliveryState[];

/** The entry in a line's history that it had not left by its day, or by the day that was promised instead; once in its life. */
export const OVERDUE = 'overdue';

/** The parts of a line that its dispatch status depends on; days are YYYY-MM-DD. */
export interface DispatchFacts {
  state: DeliveryState;
  validQuantity: number;
  dispatchDueOn: string | null;
  delayExpectedOn: string | null;
}

/** The status on this day of Seoul; null = it has left, or no day is known. The same in SQL: db/deliveries/due.ts. */
export function dispatchStatusOf(line: DispatchFacts, today: string): DispatchStatus | null {
  if (line.validQuantity <= 0 || !unshippedStates.some((state) => state === line.state)) return null;
  if (line.delayExpectedOn !== null) return line.delayExpectedOn < today ? 'notice-missed' : 'noticed';
  if (line.dispatchDueOn === null) return null;
  if (line.dispatchDueOn < today) return 'late';
  if (line.dispatchDueOn === today) return 'today';
  return line.dispatchDueOn === addDays(today, 1) ? 'tomorrow' : 'later';
}
