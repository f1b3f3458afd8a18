import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../../../api/api.ts';
import { useMay } from '../../../list/parts.tsx';
import { named, t } from '../../../ui/texts.ts';

export const WEBHOOKS = '/api/bo/v1/webhooks';
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['WebhookDelivery'];
export type Attempt = Delivery['attempts'][number];

const EVERY_MS = 5_000;

/** All endpoints; there are few. */
export const useWebhooks = (everyMs = EVERY_MS) =>
  useQuery({
    queryKey: [WEBHOOKS, 'list'],
    queryFn: () => get(api.GET(WEBHOOKS)),
    refetchInterval: everyMs,
    enabled: useMay()('event.read'),
  });

/** Whom somebody must look after: it fails, or has been turned off by itself. */
export const needsSomebody = ({ state, disabledReason }: Webhook): boolean =>
  state === 'failing' || (state === 'disabled' && disabledReason !== 'operator');

/** Whether the receiver has taken it. */
export const hasPassed = ({ status, error }: Attempt): boolean =>
  error === null && status !== null && status >= 200 && status < 300;

/** `200 · 35 ms`: what came of an attempt. */
export function outcomeOf({ status, ms, error }: Attempt): string {
  const came = status === null ? named('attemptError', error) : String(status);
  return [came, t('took', { ms })].filter(Boolean).join(' · ');
}
