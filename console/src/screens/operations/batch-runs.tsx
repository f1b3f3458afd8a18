import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { api, get } from '../../api/api.ts';
import { Trouble } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { whoOf } from '../../panel/panel-parts.tsx';
import { exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import type { Batch, Run } from './batch-parts.tsx';

const EVERY_MS = 5_000;
const RUNNING_MS = 1_000;
const ERRORS_SHOWN = 5;

/** A batch's runs, newest first; `started`: a run started here that may not be listed yet. */
export function BatchRuns({ batch, started }: { batch: Batch; started: string | null }) {
  const runs = useInfiniteQuery({
    queryKey: ['/api/bo/v1/batches', batch.id, 'runs'],
    queryFn: ({ pageParam }) =>
      get(
        api.GET('/api/bo/v1/batches/{id}/runs', {
          params: { path: { id: batch.id }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: ({ state }) => {
      const items = state.data?.pages[0]?.items ?? [];
      const waits = started !== null && !items.some((run) => run?.runId === started);
      return waits || items.some((run) => run?.finishedAt === null) ? RUNNING_MS : EVERY_MS;
    },
  });
  const rows = runs.data?.pages.flatMap(({ items }) => items.filter((run) => run !== null));
  const waits = started !== null && rows !== undefined && !rows.some((run) => run.runId === started);
  if (runs.error && !rows) return <Trouble error={runs.error} again={() => void runs.refetch()} />;
  return (
    <section>
      <h2>{t('runs')}</h2>
      {waits && (
        <p className="note" role="status">
          {t('runStarting')}
        </p>
      )}
      <Table
        label={t('runs')}
        heads={[
          'startedAt',
          'finishedAt',
          'trigger',
          'by',
          'examined',
          'succeededCount',
          'failedCount',
          'skippedCount',
          'errors',
        ]}
        right={['examined', 'succeededCount', 'failedCount', 'skippedCount']}
        rows={rows}
        empty={t('noRuns')}
        row={(run) => <RunRow key={run.runId} run={run} />}
      />
      {runs.hasNextPage && (
        <button type="button" onClick={() => void runs.fetchNextPage()}>
          {t('more')}
        </button>
      )}
    </section>
  );
}

function RunRow({ run }: { run: Run }) {
  const isRunning = run.finishedAt === null;
  return (
    <tr data-run={run.runId} data-running={isRunning}>
      <td>{exactly(run.startedAt)}</td>
      <td>{isRunning ? <span className="state state-released">{t('batchRunning')}</span> : exactly(run.finishedAt).slice(11)}</td>
      <td>{named('trigger', run.trigger)}</td>
      <td>{whoOf(run)}</td>
      <td className="right">{run.examined.toLocaleString()}</td>
      <td className="right">{run.succeeded.toLocaleString()}</td>
      <td className={run.failed > 0 ? 'right red' : 'right'}>{run.failed.toLocaleString()}</td>
      <td className="right">{run.skipped.toLocaleString()}</td>
      <td>
        <Errors run={run} />
      </td>
    </tr>
  );
}

function Errors({ run: { errors } }: { run: Run }) {
  const { pathname } = useLocation();
  if (errors.length === 0) return null;
  const list = (
    <ul className="errors">
      {errors.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a run's errors never change their order
        <li key={at}>
          {each.deliveryNo && (
            <Link className="link" to={`${pathname}?delivery=${each.deliveryNo}`}>
              {each.deliveryNo}
            </Link>
          )}{' '}
          {each.waybillNo && (
            <Link className="link" to={`/exceptions?waybillNo=${each.waybillNo}`}>
              {each.waybillNo}
            </Link>
          )}{' '}
          {each.message} <code className="muted">{each.code}</code>
        </li>
      ))}
    </ul>
  );
  if (errors.length <= ERRORS_SHOWN) return list;
  return (
    <details>
      <summary>{t('errorsOf', { n: errors.length })}</summary>
      {list}
    </details>
  );
}
