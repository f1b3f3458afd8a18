import type { DeliveryState } from '../../domain/deliveries/line.ts';
import { type DispatchStatus, unshippedStates } from '../../domain/dispatch/status.ts';
import { addDays } from '../../domain/korea.ts';
import { type Condition, when } from '../lists.ts';
import { isListed, isUnshipped, line } from './line.ts';

/** How a list may be asked for what has still to leave; what is due later is found by its day. */
export const dueStatuses = ['late', 'today', 'tomorrow', 'noticed', 'notice-missed'] as const satisfies DispatchStatus[];
export type DueStatus = (typeof dueStatuses)[number];
/** `today` is the day in Seoul on which it is asked. */
interface AskedDue {
  status: DueStatus;
  today: string;
}

/** The filters of a list by 발송기한; days are YYYY-MM-DD. */
export interface DueFilter {
  due?: AskedDue | undefined;
  /** Both days belong to the range. */
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
}

interface States {
  states?: DeliveryState[] | undefined;
}

/** The lines by their days. */
export function isDue({ due, dueFrom, dueTo, states }: DueFilter & States): Condition[] {
  return [
    ...when(due, (asked) => standsSo(asked, states)),
    ...when(dueFrom, (day) => line('dispatch_due_on', '>=', day)),
    ...when(dueTo, (day) => line('dispatch_due_on', '<=', day)),
  ];
}

/**
 * Of one state that has still to leave, that is not said again: PostgreSQL would take the two for independent, expect a hundredth of the
 * lines, and sort all that it finds instead of reading them in the order of their index.
 */
const standsSo = ({ status, today }: AskedDue, states?: DeliveryState[]): Condition => {
  const isOne = states?.length === 1 && unshippedStates.some((state) => state === states[0]);
  return line.and([...(isOne ? [] : [isUnshipped]), ...stands(status, today)]);
};

/**
 * The few lines whose buyers were told another day, which are found by that, whatever the order of the list: it is unknown to
 * PostgreSQL how few they are among those that have still to leave.
 */
export const isNoticed = ({ due }: DueFilter): Condition[] => (due && !hasDueDay({ due }) ? [isListed, standsSo(due)] : []);

/** `dispatchStatusOf` of an unshipped line in SQL; test/api/deliveries/due.test.ts compares them. */
function stands(status: DueStatus, today: string): Condition[] {
  const unnoticed = line('delay_expected_on', 'is', null);
  switch (status) {
    case 'late':
      return [unnoticed, line('dispatch_due_on', '<', today)];
    case 'today':
      return [unnoticed, line('dispatch_due_on', '=', today)];
    case 'tomorrow':
      return [unnoticed, line('dispatch_due_on', '=', addDays(today, 1))];
    case 'noticed':
      return [line('delay_expected_on', '>=', today)];
    case 'notice-missed':
      return [line('delay_expected_on', '<', today)];
    default:
      return status satisfies never;
  }
}

/** Whether no line can be so: none of these states has still to leave. */
export const isNeverDue = ({ due, states }: DueFilter & States): boolean =>
  due !== undefined && states !== undefined && !unshippedStates.some((state) => states.includes(state));

/** Whether every line within the filter has a due day. */
export const hasDueDay = ({ due, dueFrom, dueTo }: DueFilter): boolean =>
  dueFrom !== undefined || dueTo !== undefined || ['late', 'today', 'tomorrow'].includes(due?.status ?? '');
