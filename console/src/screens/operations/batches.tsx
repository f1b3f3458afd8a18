import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, get } from '../../api/api.ts';
import { CallDialog } from '../../commands/form.tsx';
import { Trouble, useMay } from '../../list/parts.tsx';
import { exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { type Batch, BatchState, cronWords } from './batch-parts.tsx';
import { BatchRuns } from './batch-runs.tsx';

const PATH = '/api/bo/v1/batches';
const EVERY_MS = 5_000;
/** Not in the list; asked for by their ids. */
const UNLISTED = ['dispatch-overdue', 'personal-data'] as const;
type Act = 'run' | 'pause' | 'resume';

/** The two batches, the marks of overdue lines and the erasure of personal data: schedule, runs, and the operator's controls. */
export function Batches() {
  const may = useMay();
  const [asked, setAsked] = useState<Act | null>(null);
  const [started, setStarted] = useState<string | null>(null);
  const given = useParams()['*'] || 'waybill-registration';
  const { data, error, refetch } = useQuery({
    queryKey: [PATH],
    queryFn: () => get(api.GET(PATH)),
    refetchInterval: EVERY_MS,
  });
  const unlisted = useQueries({
    queries: UNLISTED.map((id) => ({
      queryKey: [PATH, id],
      queryFn: () => get(api.GET(`${PATH}/{id}`, { params: { path: { id } } })),
      refetchInterval: EVERY_MS,
    })),
  });
  const batches: Batch[] = [...(data?.items ?? []), ...unlisted.flatMap((each) => each.data ?? [])];
  const batch = batches.find(({ id }) => id === given);
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const acts: Act[] = batch?.paused ? ['run', 'resume'] : ['run', 'pause'];
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('batches')}>
        {batches.map(({ id }) => (
          <Link key={id} role="tab" aria-selected={id === given} to={`/batches/${id}`}>
            {named('batch', id)}
          </Link>
        ))}
      </div>
      {batch && (
        <div className="page" key={batch.id}>
          <section className="board batch-head" aria-label={named('batch', batch.id)}>
            <div>
              <p>
                <BatchState batch={batch} /> {t(`batchNote.${batch.id}`)}
              </p>
              <Schedule batch={batch} />
            </div>
            <span className="spread" />
            {may('batch.run') &&
              acts.map((act) => (
                <button
                  key={act}
                  type="button"
                  className={act === 'run' ? 'primary' : ''}
                  data-act={act}
                  disabled={act !== 'run' && batch.cron === null}
                  onClick={() => setAsked(act)}
                >
                  {t(act)}
                </button>
              ))}
          </section>
          <BatchRuns batch={batch} started={started} />
          {asked && (
            <CallDialog
              title={`${named('batch', batch.id)} · ${t(asked)}`}
              submit={t(asked)}
              call={() => ({ method: 'POST', path: `${PATH}/${batch.id}/${asked}` })}
              reads={[PATH]}
              onClose={() => setAsked(null)}
              onDone={(answer) => {
                const runId: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'runId') : null;
                if (asked === 'run' && typeof runId === 'string') setStarted(runId);
              }}
            >
              <p>{t(`ask.${asked}`)}</p>
            </CallDialog>
          )}
        </div>
      )}
    </>
  );
}

function Schedule({ batch }: { batch: Batch }) {
  if (batch.cron === null) return <p className="muted">{t('noScheduleYet')}</p>;
  return (
    <p className="muted">
      <b>{cronWords(batch.cron)}</b> <code>{batch.cron}</code> ({batch.timeZone}) ·{' '}
      {batch.paused ? t('pausedNote') : `${t('nextRun')} ${exactly(batch.nextRunAt)}`}
    </p>
  );
}
