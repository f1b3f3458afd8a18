import { z } from 'zod';
import type { QuietHours } from '../../domain/notices/quiet.ts';
import { base, count, text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const urls = { solapi: 'https://api.solapi.com', aligo: 'https://kakaoapi.aligo.in' } as const;
/** What each provider cannot do without. */
const needs = {
  solapi: ['NOTICE_API_KEY', 'NOTICE_API_SECRET', 'NOTICE_SENDER_KEY', 'NOTICE_SENDER'],
  aligo: ['NOTICE_API_KEY', 'NOTICE_USER_ID', 'NOTICE_SENDER_KEY', 'NOTICE_SENDER'],
} as const;

const HOURS = /^([01]?\d|2[0-3])-([01]?\d|2[0-3])$/;
const hoursOf = (text: string): QuietHours => {
  const [from = 0, until = 0] = text.split('-').map(Number);
  return { from, until };
};
/** Two hours, of which the second is after the quiet ones; they may go over midnight. */
const isHours = (text: string): boolean => HOURS.test(text) && hoursOf(text).from !== hoursOf(text).until;

/** Messages to receivers (알림톡, docs/events.md#알림톡). Without NOTICE_PROVIDER nothing is heard and nothing is sent. */
const notices = z
  .object({
    NOTICE_PROVIDER: z.enum(['solapi', 'aligo']).optional(),
    NOTICE_URL: base.optional(),
    NOTICE_API_KEY: text.optional(),
    /** Solapi signs with it. */
    NOTICE_API_SECRET: text.optional(),
    /** Of Aligo. */
    NOTICE_USER_ID: text.optional(),
    /** The channel's profile: Solapi's pfId, Aligo's senderkey. */
    NOTICE_SENDER_KEY: text.optional(),
    /** The registered number that messages come from. */
    NOTICE_SENDER: text.optional(),
    /** Hours in Seoul in which nobody is told anything. */
    NOTICE_QUIET_HOURS: text
      .refine((value) => value === 'off' || isHours(value), 'must be two different hours as 21-8, or off')
      .default('21-8')
      .transform((value) => (value === 'off' ? null : hoursOf(value))),
    NOTICE_INTERVAL_MS: count(10).default(1_000),
    NOTICE_TIMEOUT_MS: count(100).max(60_000).default(8_000),
    /** After which a notice that is being sent has lost its worker. */
    NOTICE_LEASE_MS: count(1_000).default(180_000),
    /** Before the second attempt; four times as long before each further one. */
    NOTICE_RETRY_MS: count(10).default(60_000),
  })
  .superRefine((env, check) => {
    if (env.NOTICE_LEASE_MS < 2 * env.NOTICE_TIMEOUT_MS)
      check.addIssue({ code: 'custom', path: ['NOTICE_LEASE_MS'], message: 'must be twice NOTICE_TIMEOUT_MS or more' });
    for (const name of env.NOTICE_PROVIDER ? needs[env.NOTICE_PROVIDER] : [])
      if (env[name] === undefined)
        check.addIssue({ code: 'custom', path: [name], message: `is required with NOTICE_PROVIDER=${env.NOTICE_PROVIDER}` });
  })
  .transform((env) => ({ ...env, NOTICE_URL: env.NOTICE_URL ?? urls[env.NOTICE_PROVIDER ?? 'solapi'] }));

export type NoticeConfig = z.infer<typeof notices>;
export const noticeConfig = (environment: Environment): NoticeConfig => parse(notices, environment);
