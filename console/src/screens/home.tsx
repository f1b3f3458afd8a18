import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, get } from '../api.ts';
import { Trouble, useMay } from '../parts.tsx';
import { age, named, t, when } from '../texts.ts';

const listOf: Record<string, string> = {
  ordered: '/lines/instruct',
  instructed: '/lines/release',
  released: '/lines/ship',
  awaitingShipment: '/lines/clear',
  shipped: '/lines/deliver',
  delivered: '/deliveries?state=delivered',
};
const pickupListOf: Record<string, string> = {
  requested: '/pickups/instruct',
  instructed: '/pickups/confirm',
  confirmed: '/pickups/complete',
};
const EVERY_MS = 15_000;

/** What waits, since when, and what needs somebody's eyes; each number opens its list. */
export function Home() {
  const may = useMay();
  const summary = useQuery({
    queryKey: ['/api/bo/v1/summary'],
    queryFn: () => get(api.GET('/api/bo/v1/summary')),
    refetchInterval: EVERY_MS,
    enabled: may('delivery.read'),
  });
  const stockouts = useQuery({
    queryKey: ['/api/bo/v1/stockouts'],
    queryFn: () => get(api.GET('/api/bo/v1/stockouts', { params: { query: { count: 'true', limit: 1 } } })),
    refetchInterval: EVERY_MS,
    enabled: may('delivery.read'),
  });
  const batches = useQuery({
    queryKey: ['/api/bo/v1/batches'],
    queryFn: () => get(api.GET('/api/bo/v1/batches')),
    refetchInterval: EVERY_MS,
    enabled: may('batch.read'),
  });
  if (!may('delivery.read')) return <h1>{t('title')}</h1>;
  if (summary.error) return <Trouble error={summary.error} again={() => void summary.refetch()} />;
  const { data } = summary;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  const most = Math.max(1, data.today.shipped, data.today.delivered);
  const moved = [
    ['state.shipped', data.today.shipped],
    ['state.delivered', data.today.delivered],
  ] as const;
  return (
    <div className="home">
      <section aria-labelledby="to-deliver">
        <h2 id="to-deliver">{t('toDeliver')}</h2>
        <div className="tiles">
          {data.deliveries.map((row) => (
            <Tile
              key={row.state}
              to={listOf[row.state] ?? '/deliveries'}
              name={named('state', row.state)}
              count={row.count}
              more={row.countIsMinimum}
              oldest={row.state === 'delivered' ? null : row.oldestAt}
            />
          ))}
        </div>
      </section>
      {may('pickup.read') && (
        <section aria-labelledby="to-pick-up">
          <h2 id="to-pick-up">{t('toPickUp')}</h2>
          <div className="tiles">
            {data.pickups
              .filter(({ state }) => state in pickupListOf)
              .map((row) => (
                <Tile
                  key={row.state}
                  to={pickupListOf[row.state] ?? '/pickups'}
                  name={named('pstate', row.state)}
                  count={row.count}
                  more={row.countIsMinimum}
                  oldest={row.oldestAt}
                />
              ))}
          </div>
        </section>
      )}
      <section aria-labelledby="attention">
        <h2 id="attention">{t('attention')}</h2>
        <div className="tiles">
          <Tile to="/exceptions?state=open" name={t('openExceptions')} count={data.openExceptions} alarm />
          <Tile to="/stockouts" name={t('stockoutProducts')} count={stockouts.data?.total ?? 0} alarm />
        </div>
      </section>
      <div className="columns">
        <section aria-labelledby="today">
          <h2 id="today">{t('today')}</h2>
          <dl className="bars">
            {moved.map(([name, count]) => (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd>
                  <span className="bar-fill" style={{ width: `${(count / most) * 70}%` }} /> <b>{count.toLocaleString()}</b>
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {may('batch.read') && (
          <section aria-labelledby="last-runs">
            <h2 id="last-runs">{t('batches')}</h2>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('batches')}</th>
                  <th>{t('lastRun')}</th>
                  <th>{t('nextRun')}</th>
                </tr>
              </thead>
              <tbody>
                {batches.data?.items.map((batch) => (
                  <tr key={batch.id}>
                    <td>
                      <Link to={`/batches/${batch.id}`}>{named('batch', batch.id)}</Link>
                    </td>
                    <td>
                      {batch.lastRun
                        ? `${when(batch.lastRun.startedAt)} · ${batch.lastRun.succeeded}/${batch.lastRun.examined}`
                        : t('never')}
                    </td>
                    <td>{when(batch.nextRunAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
    </div>
  );
}

function Tile({
  to,
  name,
  count,
  more = false,
  oldest = null,
  alarm = false,
}: {
  to: string;
  name: string;
  count: number;
  more?: boolean | undefined;
  oldest?: string | null;
  alarm?: boolean;
}) {
  return (
    <Link className={`tile${alarm && count > 0 ? ' alarm' : ''}`} to={to}>
      <span>{name}</span>
      <b>
        {count.toLocaleString()}
        {more ? '+' : ''}
      </b>
      <small>{oldest && count > 0 ? t('oldest', { at: age(oldest) }) : ' '}</small>
    </Link>
  );
}
