import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCall } from '../../../api/calls.ts';
import { t } from '../../../ui/texts.ts';
import { pageOf } from './told.ts';
import { hasPassed, outcomeOf, WEBHOOKS, type Webhook } from './webhook.ts';

const EVERY_MS = 1_000;
/** Among so many of the newest the test is looked for. */
const NEWEST = 200;

/** Sends a test event to an endpoint, and says by itself what came of it. */
export function WebhookTest({ webhook: { id, state } }: { webhook: Webhook }) {
  const client = useQueryClient();
  const call = useCall(WEBHOOKS);
  const [eventId, setEventId] = useState<string | null>(null);
  const { data: attempt } = useQuery({
    queryKey: ['webhook-test', id, eventId],
    enabled: eventId !== null,
    queryFn: async () => {
      const { items } = await pageOf(id, { limit: NEWEST });
      const last = items.find((each) => each.eventId === eventId)?.attempts.at(-1) ?? null;
      if (last) void client.invalidateQueries({ queryKey: [WEBHOOKS] });
      return last;
    },
    refetchInterval: ({ state: { data } }) => (data ? false : EVERY_MS),
  });
  const how = attempt && outcomeOf(attempt);
  const isGood = attempt ? hasPassed(attempt) : false;
  return (
    <>
      <button
        type="button"
        className="primary"
        data-act="test"
        disabled={state === 'disabled' || call.isPending}
        onClick={() =>
          call.mutate(
            { method: 'POST', path: `${WEBHOOKS}/${id}/test`, what: t('testWebhook') },
            {
              onSuccess: (answer) => {
                const made: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'eventId') : null;
                if (typeof made === 'string') setEventId(made);
              },
            },
          )
        }
      >
        {t('testWebhook')}
      </button>
      <span role="status" className="webhook-test" data-test={how ? (isGood ? 'passed' : 'failed') : eventId && 'waiting'}>
        {how && <span className={isGood ? 'green' : 'red'}>{t(isGood ? 'testPassed' : 'testFailed', { how })}</span>}
        {eventId !== null && !how && t('testWaits')}
      </span>
    </>
  );
}
