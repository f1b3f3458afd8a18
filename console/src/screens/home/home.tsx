import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { HomeBatches } from './home-batches.tsx';
import { HomeChart } from './home-chart.tsx';
import { HomeExceptions, HomeStockouts, MOST_LISTED } from './home-lists.tsx';
import { PlanTiles } from './home-plans.tsx';
import { Tile } from './home-tile.tsx';

const listOf: Record<string, string> = {
  ordered: '/lines/instruct',
  instructed: '/lines/release',
  released: '/lines/ship',
  awaitingShipment: '/lines/clear',
  shipped: '/lines/deliver',
};
const pickupListOf: Record<string, string> = {
  requested: '/pickups/instruct',
  instructed: '/pickups/confirm',
  confirmed: '/pickups/complete',
};
const EVERY_MS = 15_000;

/** What waits, since when, and what needs attention; each number opens its list. A hidden tab sends no requests. */
export function Home() {
  const may = useMay();
  const summary = useQuery({
    queryKey: ['/api/bo/v1/summary'],
    queryFn: () => get(api.GET('/api/bo/v1/summary')),
    refetchInterval: EVERY_MS,
    enabled: may('delivery.read'),
  });
  const stockouts = useQuery({
    queryKey: ['/api/bo/v1/stockouts', 'count'],
    queryFn: () => get(api.GET('/api/bo/v1/stockouts', { params: { query: { count: 'true', limit: MOST_LISTED } } })),
    refetchInterval: EVERY_MS,
    enabled: may('delivery.read'),
  });
  const plans = may('assembly.read') && <PlanTiles />;
  if (!may('delivery.read'))
    return (
      <div className="home few">
        <h1>{t('title')}</h1>
        {plans}
      </div>
    );
  const { data, error } = summary;
  if (!data)
    return error ? <Trouble error={error} again={() => void summary.refetch()} /> : <p className="muted pad">{t('loading')}</p>;
  return (
    <div className="home">
      <header className="home-head">
        <h1>{t('home')}</h1>
        <span className="muted small" role="status">
          {error ? <b className="red">{t('notRefreshed')} </b> : null}
          {t('updatedAgo', { at: exactly(new Date(summary.dataUpdatedAt).toISOString()).slice(11), n: EVERY_MS / 1_000 })}
        </span>
        <button type="button" onClick={() => void Promise.all([summary.refetch(), stockouts.refetch()])}>
          {t('reload')}
        </button>
      </header>
      <section aria-labelledby="to-deliver" className="board">
        <h2 id="to-deliver">{t('toDeliver')}</h2>
        <div className="tiles">
          {data.deliveries
            .filter(({ state }) => state in listOf)
            .map((row) => (
              <Tile
                key={row.state}
                to={listOf[row.state] ?? ''}
                name={named('state', row.state)}
                next={named('next', row.state)}
                count={row.count}
                more={row.countIsMinimum}
                oldest={row.oldestAt}
              />
            ))}
        </div>
      </section>
      <div className="home-row">
        {may('pickup.read') && (
          <section aria-labelledby="to-pick-up" className="board">
            <h2 id="to-pick-up">{t('toPickUp')}</h2>
            <div className="tiles">
              {data.pickups
                .filter(({ state }) => state in pickupListOf)
                .map((row) => (
                  <Tile
                    key={row.state}
                    to={pickupListOf[row.state] ?? ''}
                    name={named('pstate', row.state)}
                    next={named('next.p', row.state)}
                    count={row.count}
                    more={row.countIsMinimum}
                    oldest={row.oldestAt}
                  />
                ))}
            </div>
          </section>
        )}
        <section aria-labelledby="attention" className="board">
          <h2 id="attention">{t('attention')}</h2>
          <div className="tiles">
            <Tile
              to="/exceptions?state=open"
              name={t('openExceptions')}
              next={t('next.exceptions')}
              count={data.openExceptions}
              alarm
            />
            <Tile to="/stockouts" name={t('stockoutProducts')} next={t('next.stockouts')} count={stockouts.data?.total} alarm />
          </div>
        </section>
        {plans}
      </div>
      <div className="home-row bottom">
        <HomeChart />
        {may('batch.read') && <HomeBatches />}
      </div>
      <div className="home-row">
        {stockouts.data && <HomeStockouts stockouts={stockouts.data.items} />}
        <HomeExceptions open={data.openExceptions} />
      </div>
    </div>
  );
}
