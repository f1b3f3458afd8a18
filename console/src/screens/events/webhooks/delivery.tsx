import { useState } from 'react';
import { useCall } from '../../../api/calls.ts';
import { useMay } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { exactly } from '../../../ui/figures.ts';
import { named, t } from '../../../ui/texts.ts';
import { EventFacts, EventName, readBody, subjectOf } from '../feed/event-facts.tsx';
import { type Delivery, hasPassed, outcomeOf, WEBHOOKS, type Webhook } from './webhook.ts';

/** One event for an endpoint: a line that opens to its attempts and its body. */
export function DeliveryEntry({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const [isOpen, setOpen] = useState(false);
  const { timestamp, data } = readBody(delivery.body);
  const last = delivery.attempts.at(-1);
  return (
    <li data-event={delivery.eventId} data-state={delivery.state}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className={`state told-${delivery.state}`}>{named('told', delivery.state)}</span>
          <span className="event-at">{exactly(timestamp)}</span>
          <EventName type={delivery.type} />
          <span className="event-of">{subjectOf(data)}</span>
          <span className={last && !hasPassed(last) ? 'event-last red' : 'event-last muted'}>{last && outcomeOf(last)}</span>
        </summary>
        {isOpen && (
          <div className="event-open">
            <Attempts webhook={webhook} delivery={delivery} />
            <EventFacts data={data} body={delivery.body} title="sentBody" />
          </div>
        )}
      </details>
    </li>
  );
}

/** When an event that waits is tried next, and what it waits for else. */
function nextOf({ state }: Webhook, { nextAttemptAt, ...delivery }: Delivery): string {
  if (delivery.state === 'failed') return t('noTryMore');
  if (delivery.state === 'succeeded') return '';
  if (nextAttemptAt)
    return Date.parse(nextAttemptAt) <= Date.now() ? t('nextTrySoon') : t('nextTry', { at: exactly(nextAttemptAt) });
  return t(state === 'disabled' ? 'waitsForOn' : 'waitsForTurn');
}

function Attempts({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const may = useMay();
  const call = useCall(WEBHOOKS);
  const { eventId, attempts, state } = delivery;
  // One that waits is tried at once, without the pause it is in.
  const what = t(state === 'waiting' ? 'sendNow' : 'resend');
  return (
    <>
      <div className="card-head">
        <h3>
          {t('triedTimes')} {attempts.length > 0 && attempts.length.toLocaleString()} · {t('eventId')} {eventId}
        </h3>
        <span role="status">{nextOf(webhook, delivery)}</span>
        {may('event.write') && (state !== 'waiting' || delivery.nextAttemptAt !== null) && (
          <button
            type="button"
            data-act="resend"
            disabled={call.isPending || webhook.state === 'disabled'}
            onClick={() => call.mutate({ method: 'POST', path: `${WEBHOOKS}/${webhook.id}/deliveries/${eventId}/resend`, what })}
          >
            {what}
          </button>
        )}
      </div>
      <Table
        label={t('triedTimes')}
        heads={['at', 'attemptStatus', 'attemptTook', 'attemptSaid']}
        rows={attempts.toReversed()}
        empty={t('noAttempts')}
        row={(attempt) => (
          <tr key={`${attempt.at} ${attempt.ms}`} data-attempt={attempt.status ?? 'none'}>
            <td className="event-at">{exactly(attempt.at)}</td>
            <td className={hasPassed(attempt) ? '' : 'red'}>
              {[attempt.status, named('attemptError', attempt.error)].filter(Boolean).join(' · ')}
            </td>
            <td>{t('took', { ms: attempt.ms })}</td>
            <td className="answer">{attempt.answer}</td>
          </tr>
        )}
      />
    </>
  );
}
