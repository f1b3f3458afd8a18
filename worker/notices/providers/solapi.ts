import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { byStatus, codeOf, messageIdOf, post } from './call.ts';
import type { NoticeProvider, Sent } from './port.ts';

const SEND_PATH = '/messages/v4/send-many/detail';

export interface SolapiOptions {
  url: string;
  apiKey: string;
  apiSecret: string;
  /** The channel's profile (pfId), and the registered number of the sender. */
  senderKey: string;
  sender: string;
  timeoutMs: number;
}

const code = z.union([z.string(), z.number()]).nullish();
const refused = z.object({ errorCode: code });
const taken = z.object({
  groupInfo: z.object({ groupId: z.string().nullish() }),
  failedMessageList: z.array(z.object({ statusCode: code })).nullish(),
  messageList: z.array(z.object({ messageId: z.string().nullish() })).nullish(),
});

/** The header that a request is known by: signed with the secret, over its date and a number used once. */
export function authorization(apiKey: string, apiSecret: string, date: string, salt: string): string {
  const signature = createHmac('sha256', apiSecret).update(`${date}${salt}`).digest('hex');
  return `HMAC-SHA256 apiKey=${apiKey}, date=${date}, salt=${salt}, signature=${signature}`;
}

/** Solapi's wire: a template and its variables, which it puts into the text itself. */
export function createSolapi(options: SolapiOptions): NoticeProvider {
  return {
    name: 'solapi',
    send: async ({ to, templateCode, variables }) => {
      const named = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`#{${name}}`, value]));
      const kakaoOptions = { pfId: options.senderKey, templateId: templateCode, variables: named, disableSms: true };
      const message = { to, from: options.sender, type: 'ATA', kakaoOptions };
      const { apiKey, apiSecret, timeoutMs } = options;
      const signed = authorization(apiKey, apiSecret, new Date().toISOString(), randomBytes(16).toString('hex'));
      const answered = await post({
        url: options.url + SEND_PATH,
        headers: { 'content-type': 'application/json', authorization: signed },
        body: JSON.stringify({ messages: [message], showMessageList: true }),
        timeoutMs,
      });
      if ('kind' in answered) return answered;
      return byStatus(answered) ?? outcomeOf(answered.status, answered.body);
    },
  };
}

function outcomeOf(status: number, body: unknown): Sent {
  if (status >= 400) return { kind: 'refused', code: codeOf(refused.safeParse(body).data?.errorCode ?? status) };
  const { data } = taken.safeParse(body);
  // An answer that is none: the message may have been taken.
  if (!data) return { kind: 'unknown', code: 'NO_ANSWER' };
  const [failed] = data.failedMessageList ?? [];
  if (failed) return { kind: 'refused', code: codeOf(failed.statusCode) };
  return { kind: 'sent', messageId: messageIdOf(data.messageList?.[0]?.messageId ?? data.groupInfo.groupId) };
}
