import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api, get } from '../api.ts';
import { useCall } from '../calls.ts';
import { Trouble, useMay } from '../parts.tsx';
import { exactly, named, t } from '../texts.ts';

const PATH = '/api/bo/v1/batches';
const EVERY_MS = 3_000;

/** The two batches: when they run, what they did, and to run one now. */
export function Batches() {
  const may = useMay();
  const call = useCall(PATH);
  const given = useParams()['*'] || 'waybill-registration';
  const { data, error } = useQuery({ queryKey: [PATH], queryFn: () => get(api.GET(PATH)), refetchInterval: EVERY_MS });
  const batch = data?.items.find(({ id }) => id === given);
  const runs = useQuery({
    queryKey: [PATH, given, 'runs'],
    enabled: batch !== undefined,
    queryFn: () =>
      get(
        api.GET('/api/bo/v1/batches/{id}/runs', { params: { path: { id: batch?.id ?? 'auto-complete' }, query: { limit: 50 } } }),
      ),
    refetchInterval: EVERY_MS,
  });
  if (error) return <Trouble error={error} />;
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('batches')}>
        {data?.items.map(({ id }) => (
          <Link key={id} role="tab" aria-selected={id === given} to={`/batches/${id}`}>
            {named('batch', id)}
          </Link>
        ))}
      </div>
      {batch && (
        <div className="page">
          <div className="bar">
            <b>{batch.paused ? t('paused') : `${t('nextRun')} ${exactly(batch.nextRunAt)}`}</b>
            <span className="muted">
              {batch.cron} ({batch.timeZone})
            </span>
            <span className="spread" />
            {may('batch.run') && (
              <>
                <button
                  type="button"
                  className="primary"
                  data-act="run"
                  onClick={() => call.mutate({ method: 'POST', path: `${PATH}/${batch.id}/run`, what: t('run') })}
                >
                  {t('run')}
                </button>
                <button
                  type="button"
                  onClick={() =>
                    call.mutate({
                      method: 'POST',
                      path: `${PATH}/${batch.id}/${batch.paused ? 'resume' : 'pause'}`,
                      what: t(batch.paused ? 'resume' : 'pause'),
                    })
                  }
                >
                  {t(batch.paused ? 'resume' : 'pause')}
                </button>
              </>
            )}
          </div>
          <h2>{t('runs')}</h2>
          <table className="plain">
            <thead>
              <tr>
                {(
                  [
                    'startedAt',
                    'finishedAt',
                    'trigger',
                    'examined',
                    'succeededCount',
                    'failedCount',
                    'skippedCount',
                    'errors',
                  ] as const
                ).map((name) => (
                  <th key={name}>{t(name)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.data?.items.map(
                (run) =>
                  run && (
                    <tr key={run.runId}>
                      <td>{exactly(run.startedAt)}</td>
                      <td>{exactly(run.finishedAt)}</td>
                      <td>{named('trigger', run.trigger)}</td>
                      <td>{run.examined}</td>
                      <td>{run.succeeded}</td>
                      <td className={run.failed > 0 ? 'red' : ''}>{run.failed}</td>
                      <td>{run.skipped}</td>
                      <td>{run.errors.map((each) => `${each.code} ${each.deliveryNo ?? each.waybillNo ?? ''}`).join(', ')}</td>
                    </tr>
                  ),
              )}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
