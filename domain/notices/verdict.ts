import { mobileIn } from './mobile.ts';
import type { NoticeReason } from './notice.ts';
import { type NoticeRule, type NoticeValues, type Rendered, render } from './rule.ts';

const DAY_MS = 86_400_000;
/** Whoever hears later than that is told what he knows. */
export const MOST_AGE_DAYS = 3;

/** What is known of a notice at the moment it is to be sent. */
export interface NoticeFacts {
  /** When it happened, or when a person asked to send it again. */
  since: Date;
  now: Date;
  /** A repair has taken the event back. */
  takenBack: boolean;
  /** A person has undone the step since. */
  undone: boolean;
  rule: NoticeRule | null;
  order: { phone: string; wantsNotices: boolean } | null;
  values: NoticeValues;
}

/** A message and the number it goes to, or why there is none; `failed` = a person can help. */
export type NoticeVerdict =
  | { kind: 'send'; to: string; message: Rendered; rule: NoticeRule }
  | { kind: 'skipped' | 'failed'; reason: NoticeReason };

const skipped = (reason: NoticeReason): NoticeVerdict => ({ kind: 'skipped', reason });

/** Whether a notice is sent, to whom and with which words. */
export function judgeNotice({ since, now, takenBack, undone, rule, order, values }: NoticeFacts): NoticeVerdict {
  if (takenBack) return skipped('TAKEN_BACK');
  if (undone) return skipped('UNDONE');
  if (now.getTime() - since.getTime() > MOST_AGE_DAYS * DAY_MS) return skipped('TOO_OLD');
  if (!rule?.enabled) return skipped('NO_RULE');
  if (!order) return skipped('NO_ORDER');
  if (!order.wantsNotices) return skipped('NOT_WANTED');
  const to = mobileIn(order.phone);
  if (to === undefined) return skipped('NO_MOBILE');
  const message = render(rule, values);
  return typeof message === 'string' ? { kind: 'failed', reason: message } : { kind: 'send', to, message, rule };
}
