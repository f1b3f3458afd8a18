import { z } from 'zod';
import { byStatus, codeOf, messageIdOf, post } from './call.ts';
import type { NoticeProvider, Sent } from './port.ts';

const SEND_PATH = '/akv10/alimtalk/send/';

export interface AligoOptions {
  url: string;
  apiKey: string;
  userId: string;
  /** The channel's profile, and the registered number of the sender. */
  senderKey: string;
  sender: string;
  timeoutMs: number;
}

const number = z.union([z.string(), z.number()]);
const answer = z.object({
  code: number,
  info: z.object({ mid: number.nullish(), scnt: number.nullish() }).nullish(),
});

/** Our balance is used up: nothing of the message is wrong. */
const NO_BALANCE = '-101';

/** Aligo's wire: a form with the whole text, which has to be the template's word by word. Every answer is a 200 with a code. */
export function createAligo(options: AligoOptions): NoticeProvider {
  return {
    name: 'aligo',
    send: async ({ to, templateCode, text }) => {
      const form = new URLSearchParams({
        apikey: options.apiKey,
        userid: options.userId,
        senderkey: options.senderKey,
        tpl_code: templateCode,
        sender: options.sender,
        receiver_1: to,
        subject_1: templateCode,
        message_1: text,
        failover: 'N',
      });
      const answered = await post({
        url: options.url + SEND_PATH,
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
        body: form.toString(),
        timeoutMs: options.timeoutMs,
      });
      if ('kind' in answered) return answered;
      return byStatus(answered) ?? outcomeOf(answered.status, answered.body);
    },
  };
}

function outcomeOf(status: number, body: unknown): Sent {
  if (status >= 400) return { kind: 'refused', code: String(status) };
  const { data } = answer.safeParse(body);
  // An answer that is none: the message may have been taken.
  if (!data) return { kind: 'unknown', code: 'NO_ANSWER' };
  const said = String(data.code);
  if (said === NO_BALANCE) return { kind: 'later', code: said };
  if (said !== '0') return { kind: 'refused', code: codeOf(data.code) };
  return Number(data.info?.scnt ?? 1) === 0
    ? { kind: 'refused', code: 'NOT_TAKEN' }
    : { kind: 'sent', messageId: messageIdOf(data.info?.mid) };
}
