import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { type Filter, Filters } from '../../../list/filters.tsx';
import { Trouble } from '../../../list/parts.tsx';
import { exactly } from '../../../ui/figures.ts';
import { named, t } from '../../../ui/texts.ts';
import { EventFacts, EventName, subjectOf } from './event-facts.tsx';
import { eventTypes } from './event-types.ts';
import { type FeedEvent, useFeed } from './use-feed.ts';

/** Everything that is told, the newest first, and what happens while one looks on. */
export function Feed() {
  const [search] = useSearchParams();
  const type = eventTypes.find((each) => each === search.get('type'));
  const { rows, error, isStale, again, earlier, isFetching } = useFeed(type);
  const filters: Filter[] = [
    { name: 'type', label: 'eventName', options: eventTypes.map((value) => ({ value, label: labelOf(value) })) },
  ];
  return (
    <>
      <Filters filters={filters} />
      <div className="bar">
        {isStale && <b className="red">{t('notRefreshed')}</b>}
        <span className="muted">{t('feedNote')}</span>
      </div>
      <div className="page">
        <section className="board" aria-label={t('feed')}>
          {error && !rows ? (
            <Trouble error={error} again={again} />
          ) : rows === undefined ? (
            <p className="muted">{t('loading')}</p>
          ) : rows.length === 0 ? (
            <p className="empty">{t(earlier ? 'noEventsHere' : 'noEvents')}</p>
          ) : (
            <ul className="events feed">
              {rows.map((event) => (
                <Entry key={event.id} event={event} />
              ))}
            </ul>
          )}
          {earlier && (
            <button type="button" disabled={isFetching} onClick={earlier}>
              {t('earlierEvents')}
            </button>
          )}
        </section>
      </div>
    </>
  );
}

/** The same word may be said of deliveries and of pickups. */
const labelOf = (type: string): string => `${named('eventType', type)} (${type})`;

function Entry({ event: { id, type, at, data } }: { event: FeedEvent }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li data-event={id}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="event-id muted">{id}</span>
          <span className="event-at">{exactly(at)}</span>
          <EventName type={type} />
          <span className="event-of">{subjectOf(data)}</span>
        </summary>
        {isOpen && (
          <div className="event-open">
            <EventFacts data={data} body={JSON.stringify(data)} title="eventData" />
          </div>
        )}
      </details>
    </li>
  );
}
