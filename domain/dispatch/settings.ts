import { type CalendarFacts, calendarOf } from './calendar.ts';
import { type Deadline, deadlineOf } from './deadline.ts';
import type { DispatchPolicy } from './policy.ts';

/** What the deadlines of some lines depend on: the policies they may have, and the calendars of their places. */
export interface DispatchSettings extends CalendarFacts {
  policies: readonly (DispatchPolicy & { isDefault: boolean })[];
  /** Places with a policy of their own. */
  places: readonly { placeNo: number; dispatchPolicyNo: number }[];
}

/** What a line brings for its deadline. */
export interface DispatchWish {
  placeNo: number | null;
  dispatchPolicyNo?: number | null | undefined;
  /** YYYY-MM-DD: the day that the buyer asked for, and the one that the channel set. */
  requestedDispatchOn?: string | null | undefined;
  dispatchDueOn?: string | null | undefined;
}

/** The line's own policy, else its place's, else the default one; null = none. */
export function policyFor(
  { policies, places }: DispatchSettings,
  { placeNo, dispatchPolicyNo }: DispatchWish,
): DispatchPolicy | null {
  const named = dispatchPolicyNo ?? places.find((place) => place.placeNo === placeNo)?.dispatchPolicyNo;
  const found = policies.find((policy) => (named === undefined ? policy.isDefault : policy.dispatchPolicyNo === named));
  if (!found) return null;
  const { isDefault: _, ...policy } = found;
  return policy;
}

/** The deadline of a line that is paid, or begins anew, at this instant; `policy` is one it had before, else the one that counts now. */
export function deadlineFor(
  settings: DispatchSettings,
  line: DispatchWish,
  paidAt: string,
  policy: DispatchPolicy | null = policyFor(settings, line),
): Deadline {
  const { placeNo, requestedDispatchOn: requestedOn = null, dispatchDueOn = null } = line;
  return deadlineOf({ policy, placeNo, requestedOn, paidAt }, dispatchDueOn, calendarOf(settings, placeNo));
}
