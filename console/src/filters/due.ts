import { named, t } from '../ui/texts.ts';

/** What a row says of the day by which it has to leave. */
export interface DueFacts {
  dispatchDueOn: string | null;
  dispatchDueBy: string | null;
  dispatchStatus: string | null;
  delay: { expectedOn: string; reasonCode: string } | null;
}

/** Short: `12-03`. */
export const shortDay = (day: string): string => day.slice(5);

/** Of what has still to leave, how it stands, in words; nothing where its day is far, which the day itself says. */
export const statusOf = ({ dispatchStatus }: DueFacts): string =>
  dispatchStatus === null || dispatchStatus === 'later' ? '' : named('due', dispatchStatus);

/** The day to look at: what the buyer was told counts, once he was told. */
export function dayOf({ dispatchStatus, dispatchDueOn, delay }: DueFacts): string {
  const isTold = dispatchStatus === 'noticed' || dispatchStatus === 'notice-missed';
  return (isTold && delay ? delay.expectedOn : dispatchDueOn) ?? '';
}

/** Whose day it is, and what the buyer was told instead. */
export function whyOf({ dispatchDueOn, dispatchDueBy, delay }: DueFacts): string {
  const whose = dispatchDueBy === null ? '' : t(`dueBy.${dispatchDueBy}` as 'dueBy.policy', { day: dispatchDueOn ?? '' });
  const told = delay ? t('delayTold', { day: delay.expectedOn, why: named('delayReason', delay.reasonCode) }) : '';
  return [whose, told].filter(Boolean).join(' · ');
}
