import { z } from '@hono/zod-openapi';
import type { WebhookRow } from '../../db/webhooks/list.ts';
import { type DisabledReason, disabledReasons, type WebhookState, webhookStates } from '../../domain/events/webhook.ts';
import { isPublicAddress } from '../../process/public-address.ts';
import { optionalText, text } from '../http/schemas.ts';
import { eventType } from './feed.ts';

const MOST_URL = 2_048;
const MOST_TYPES = 40;
const MOST_DESCRIPTION = 500;

export const WEBHOOKS = '/api/bo/v1/webhooks';
export const ONE_WEBHOOK = `${WEBHOOKS}/{id}`;

const number = z.string().regex(/^\d{1,15}$/);
const id = number.openapi({ param: { name: 'id', in: 'path' }, example: '3' });
export const idParam = z.object({ id });
export const deliveryParam = z.object({
  id,
  eventId: number.openapi({ param: { name: 'eventId', in: 'path' }, example: '1042' }),
});

/** Why an endpoint cannot be at this URL; null = it can. Where its name leads is asked at each connection, by who sends. */
export function faultOfUrl(url: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(url)) return 'URL이 아닙니다';
  const { protocol, username, password, hostname } = new URL(url);
  if (protocol !== 'https:' && !allowPrivate) return 'https 주소여야 합니다';
  if (username !== '' || password !== '') return '아이디와 비밀번호를 주소에 넣을 수 없습니다';
  if (!allowPrivate && !isPublicAddress(hostname)) return '밖에서 닿는 주소여야 합니다 (localhost, 사설 주소는 안 됩니다)';
  return null;
}

/** Names of events, or `*`, each once; with `*` the others say nothing. */
export const typesOf = z
  .array(z.union([eventType, z.literal('*')]))
  .min(1)
  .max(MOST_TYPES)
  .transform((types) => (types.includes('*') ? ['*' as const] : [...new Set(types)]))
  .openapi({ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST_TYPES, description: '이벤트 이름들, 또는 *' });

/** The body of a new endpoint and of a change. */
export const webhookBody = (allowPrivate: boolean) =>
  z
    .object({
      url: text(MOST_URL)
        .regex(/^https?:\/\/[!-~]+$/i, {
          error: 'https://로 시작하는 주소여야 합니다 (한글은 퍼센트 인코딩, 퓨니코드로)',
          abort: true,
        })
        .superRefine((url, context) => {
          const message = faultOfUrl(url, allowPrivate);
          if (message !== null) context.addIssue({ code: 'custom', message });
        })
        .openapi({ type: 'string', format: 'uri', maxLength: MOST_URL }),
      types: typesOf,
      description: optionalText(MOST_DESCRIPTION),
    })
    .openapi('WebhookBody', {
      example: {
        url: 'https://shop.example/hooks/delivery',
        types: ['delivery.shipped', 'delivery.delivered'],
        description: '쇼핑몰 주문 상태',
      },
    });

const at = z.iso.datetime();
/** One try to tell an event. */
export const attempt = z.object({
  at,
  status: z.int().nullable(),
  ms: z.int(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
});
const row = z.object({
  id: z.int(),
  url: z.string(),
  types: z.array(z.string()),
  description: z.string().nullable(),
  state: z.enum(Object.keys(webhookStates) as WebhookState[]),
  disabledReason: z.enum(Object.keys(disabledReasons) as DisabledReason[]).nullable(),
  failingSince: at.nullable().openapi({ description: '마지막 성공 뒤 처음 실패한 때' }),
  lastFailure: attempt.nullable().openapi({ description: '실패 중이거나 그러다 꺼졌으면: 마지막으로 실패한 시도' }),
  lastSuccessAt: at.nullable(),
  waiting: z.int().openapi({ description: '보내기를 기다리는 이벤트 (10,000까지 셉니다)' }),
});
const example = {
  id: 3,
  url: 'https://shop.example/hooks/delivery',
  types: ['delivery.shipped', 'delivery.delivered'],
  description: '쇼핑몰 주문 상태',
  state: 'enabled',
  disabledReason: null,
  failingSince: null,
  lastFailure: null,
  lastSuccessAt: '2026-11-23T05:05:01.000Z',
  waiting: 0,
} as const;
/** An endpoint, without its secret. */
export const webhookSchema = row.openapi('Webhook', { example });

/** An endpoint with its new secret. */
export const webhookWithSecret = row
  .extend({ secret: z.string().openapi({ description: '이 답에서만 보입니다. 서명을 확인하는 데 씁니다' }) })
  .openapi('WebhookWithSecret', { example: { ...example, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' } });

const stateOf = ({ enabled, failing_since }: WebhookRow): WebhookState =>
  !enabled ? 'disabled' : failing_since === null ? 'enabled' : 'failing';

/** An endpoint as it is shown. */
export const webhookOf = (webhook: WebhookRow): z.output<typeof webhookSchema> => ({
  id: webhook.id,
  url: webhook.url,
  types: webhook.types,
  description: webhook.description,
  state: stateOf(webhook),
  disabledReason: webhook.disabled_reason,
  failingSince: webhook.failing_since?.toISOString() ?? null,
  lastFailure: webhook.last_failure,
  lastSuccessAt: webhook.last_success_at?.toISOString() ?? null,
  waiting: webhook.waiting,
});
