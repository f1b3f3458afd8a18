import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { useMay } from '../../list/parts.tsx';
import { age, exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { needsSomebody, useWebhooks, type Webhook } from '../events/webhooks/webhook.ts';
import { lateOf, lineLists, pickupLists } from './home-lists-of.ts';
import { latePlans, usePlanCounts } from './home-plans.tsx';

const EVERY_MS = 15_000;

export const useBatches = () =>
  useQuery({
    queryKey: ['/api/bo/v1/batches'],
    queryFn: () => get(api.GET('/api/bo/v1/batches')),
    refetchInterval: EVERY_MS,
    enabled: useMay()('batch.read'),
  });

interface Item {
  key: string;
  to: string;
  name: string;
  count: number;
  since?: string | null;
}

/** What nobody has done in time, and what went wrong: only what a person must act on, the rest is below. */
export function Attention({ summary, yesterday }: { summary: Schemas['Summary']; yesterday: string }) {
  const may = useMay();
  const plans = usePlanCounts();
  const batches = useBatches();
  const webhooks = useWebhooks(EVERY_MS);
  const late = [
    ...summary.deliveries.flatMap((row) => lateItem(row, lineLists[row.state], 'late', yesterday)),
    ...(may('pickup.read') ? summary.pickups.flatMap((row) => lateItem(row, pickupLists[row.state], 'late.p', yesterday)) : []),
  ];
  const failing = (batches.data?.items ?? []).flatMap(({ id, lastRun }): Item[] =>
    lastRun && lastRun.failed > 0
      ? [{ key: id, to: `/batches/${id}`, name: t('batchFailed', { name: named('batch', id) }), count: lastRun.failed }]
      : [],
  );
  const planned: Item[] = [
    { key: 'plan-1', to: latePlans('1'), name: t('plansNotStarted'), count: plans.data?.lateToStart ?? 0 },
    { key: 'plan-2', to: latePlans('2'), name: t('plansOverdue'), count: plans.data?.lateToComplete ?? 0 },
  ];
  const exceptions: Item = {
    key: 'exceptions',
    to: '/exceptions?state=open',
    name: t('openExceptions'),
    count: summary.openExceptions,
  };
  const items = [...late, exceptions, ...failing, ...webhookItems(webhooks.data?.items ?? []), ...planned].filter(
    ({ count }) => count > 0,
  );
  return (
    <section aria-labelledby="attention" className="board">
      <h2 id="attention">{t('attention')}</h2>
      {items.length === 0 ? (
        <p className="calm">{t('nothingUrgent')}</p>
      ) : (
        <ul className="attention">
          {items.map(({ key, to, name, count, since }) => (
            <li key={key}>
              <Link to={to} title={since ? exactly(since) : ''}>
                <b>{count.toLocaleString()}</b>
                <span>
                  {name}
                  {since && <small> {t('since', { at: age(since) })}</small>}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Endpoints that fail, and those that were turned off by themselves; the first of them is opened. */
function webhookItems(webhooks: Webhook[]): Item[] {
  const bad = Map.groupBy(webhooks.filter(needsSomebody), ({ state }) => state);
  return [...bad].map(([state, own]) => ({
    key: `webhook ${state}`,
    to: `/events/webhooks?webhook=${own[0]?.id}`,
    name: t(state === 'failing' ? 'failingWebhooks' : 'disabledWebhooks'),
    count: own.length,
    since: own.flatMap(({ failingSince }) => failingSince ?? []).sort()[0] ?? null,
  }));
}

function lateItem(
  row: Parameters<typeof lateOf>[0],
  list: (typeof lineLists)[string] | undefined,
  group: string,
  yesterday: string,
): Item[] {
  if (!list?.acts) return [];
  const { to, count, since } = lateOf(row, list, yesterday);
  return [{ key: `${group} ${row.state}`, to, count, since, name: named(group, row.state) }];
}
