import { useSearchParams } from 'react-router';
import { Trouble } from '../../../list/parts.tsx';
import { named, t } from '../../../ui/texts.ts';
import { DeliveryEntry } from './delivery.tsx';
import { useTold } from './told.ts';
import type { Delivery, Webhook } from './webhook.ts';

const states = ['waiting', 'succeeded', 'failed'] as const;
const stateIn = (search: URLSearchParams): Delivery['state'] | undefined => states.find((each) => each === search.get('state'));

/** What an endpoint is told, the newest first: each event with its attempts. The state is in the address. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [search, setSearch] = useSearchParams();
  const state = stateIn(search);
  const told = useTold(webhook, state);
  const rows = told.data?.pages.flatMap(({ items }) => items);
  const choose = (next: Delivery['state'] | undefined) =>
    setSearch({ webhook: String(webhook.id), ...(next ? { state: next } : {}) });
  return (
    <section className="board" aria-label={t('sentDeliveries')}>
      <div className="card-head">
        <h2>{t('sentDeliveries')}</h2>
        {told.error && rows && <b className="red">{t('notRefreshed')}</b>}
        <fieldset className="usual told-states">
          <legend className="hidden">{t('state')}</legend>
          {[undefined, ...states].map((each) => (
            <button
              key={each ?? 'all'}
              type="button"
              data-told={each ?? 'all'}
              aria-pressed={state === each}
              onClick={() => choose(each)}
            >
              {each ? named('told', each) : t('all')}
            </button>
          ))}
        </fieldset>
      </div>
      {told.error && !rows ? (
        <Trouble error={told.error} again={() => void told.refetch()} />
      ) : rows === undefined ? (
        <p className="muted">{t('loading')}</p>
      ) : rows.length === 0 ? (
        <p className="empty">{t(state ? 'noDeliveriesIn' : 'noDeliveries')}</p>
      ) : (
        <ul className="events">
          {rows.map((delivery) => (
            <DeliveryEntry key={delivery.eventId} webhook={webhook} delivery={delivery} />
          ))}
        </ul>
      )}
      {told.hasNextPage && (
        <button type="button" disabled={told.isFetchingNextPage} onClick={() => void told.fetchNextPage()}>
          {t('more')}
        </button>
      )}
    </section>
  );
}
