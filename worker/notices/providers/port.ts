import type { Rendered } from '../../../domain/notices/rule.ts';

/** A message for one receiver. Lives in memory alone. */
export interface NoticeMessage extends Rendered {
  to: string;
  templateCode: string;
}

/**
 * What became of a message. `refused`: it will never be taken. `later`: it has surely not been taken, but may be another time. `unknown`:
 * it may have been. Codes are the provider's, never its words, in which it may quote the number.
 */
export type Sent = { kind: 'sent'; messageId: string } | { kind: 'refused' | 'later' | 'unknown'; code: string };

/** Somebody who delivers messages (알림톡) to KakaoTalk. `send` never throws. */
export interface NoticeProvider {
  name: 'solapi' | 'aligo';
  send: (message: NoticeMessage) => Promise<Sent>;
}
