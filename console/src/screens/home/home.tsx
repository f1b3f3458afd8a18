import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../../api/api.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { Attention } from './home-attention.tsx';
import { HomeBatches } from './home-batches.tsx';
import { HomeDispatch } from './home-dispatch.tsx';
import { HomeHours } from './home-hours.tsx';
import { HomeExceptions, HomeStockouts, MOST_LISTED } from './home-lists.tsx';
import { lateOf, lineLists, pickupLists } from './home-lists-of.ts';
import { PlanTiles } from './home-plans.tsx';
import { Tile } from './home-tile.tsx';

const EVERY_MS = 15_000;
const HOURS_MS = 60_000;
const DAY_MS = 86_400_000;

/** Seoul's clock: the date and the hour. */
const seoul = (at: number) => exactly(new Date(at).toISOString());

/** What must be done first, what waits, and how the day goes; each number opens its list. A hidden tab sends no requests. */
export function Home() {
  const may = useMay();
  const summary = useQuery({
    queryKey: ['/api/bo/v1/summary'],
    queryFn: () => get(api.GET('/api/bo/v1/summary')),
    refetchInterval: EVERY_MS,
    enabled: may('delivery.read'),
  });
  const hours = useQuery({
    queryKey: ['/api/bo/v1/summary', 'hours'],
    queryFn: () => get(api.GET('/api/bo/v1/summary/hours')),
    refetchInterval: HOURS_MS,
    staleTime: HOURS_MS / 2,
    enabled: may('delivery.read'),
  });
  const stockouts = useQuery({
    queryKey: ['/api/bo/v1/stockouts', 'count'],
    queryFn: () =>
      get(api.GET('/api/bo/v1/stockouts', { params: { query: { waiting: 'true', count: 'true', limit: MOST_LISTED } } })),
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
  const days = hours.data?.days ?? [];
  // By the server's day where it is known: the browser's clock may be wrong.
  const yesterday = days[1]?.date ?? seoul(Date.now() - DAY_MS).slice(0, 10);
  const refetch = () => void Promise.all([summary.refetch(), hours.refetch(), stockouts.refetch()]);
  return (
    <div className="home">
      <header className="home-head">
        <h1>{t('home')}</h1>
        <span className="muted small" role="status">
          {error ? <b className="red">{t('notRefreshed')} </b> : null}
          {t('updatedAgo', { at: seoul(summary.dataUpdatedAt).slice(11), n: EVERY_MS / 1_000 })}
        </span>
        <button type="button" onClick={refetch}>
          {t('reload')}
        </button>
      </header>
      <Attention summary={data} yesterday={yesterday} />
      <HomeDispatch dispatch={data.dispatch} />
      <section aria-labelledby="to-deliver" className="board">
        <h2 id="to-deliver">{t('toDeliver')}</h2>
        <Waiting rows={data.deliveries} lists={lineLists} group="state" next="next" yesterday={yesterday} />
      </section>
      <HomeHours days={days} hour={Number(seoul(hours.dataUpdatedAt || Date.now()).slice(11, 13))} />
      <div className="home-row">
        {may('pickup.read') && (
          <section aria-labelledby="to-pick-up" className="board">
            <h2 id="to-pick-up">{t('toPickUp')}</h2>
            <Waiting rows={data.pickups} lists={pickupLists} group="pstate" next="next.p" yesterday={yesterday} />
          </section>
        )}
        {plans}
      </div>
      <div className="home-row">
        {stockouts.data && <HomeStockouts stockouts={stockouts.data.items} total={stockouts.data.total} />}
        {may('batch.read') && <HomeBatches />}
      </div>
      {data.openExceptions > 0 && <HomeExceptions open={data.openExceptions} />}
    </div>
  );
}

/** A tile per state in which something waits for its next step. */
function Waiting({
  rows,
  lists,
  group,
  next,
  yesterday,
}: {
  rows: Schemas['Summary']['deliveries'] | Schemas['Summary']['pickups'];
  lists: typeof lineLists;
  group: 'state' | 'pstate';
  next: 'next' | 'next.p';
  yesterday: string;
}) {
  return (
    <div className="tiles">
      {rows.flatMap((row) => {
        const list = lists[row.state];
        return list
          ? [
              <Tile
                key={row.state}
                to={list.path}
                name={named(group, row.state)}
                next={named(next, row.state)}
                count={row.count}
                more={row.countIsMinimum}
                late={lateOf(row, list, yesterday)}
              />,
            ]
          : [];
      })}
    </div>
  );
}
