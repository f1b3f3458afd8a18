import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { saveFile, useCall } from '../../api/calls.ts';
import { CallDialog } from '../../commands/form.tsx';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { exactly, span } from '../../ui/figures.ts';
import { shownName, t } from '../../ui/texts.ts';
import { BULK, type CheckedJob, useBulkJob } from './bulk-events.ts';

/** One sheet: its validation, the errors by row, and the progress of its shipping. */
export function BulkJob({ id }: { id: string }) {
  const { data: job, error, refetch } = useBulkJob(id);
  if (!job) return error ? <Trouble error={error} again={() => void refetch()} /> : <p className="muted pad">{t('loading')}</p>;
  return (
    <section className="board job" data-state={job.state} aria-label={job.fileName}>
      <div className="card-head">
        <h2>
          {job.fileName} <span className={`state bulk-${job.state}`}>{shownName('bulk', job.state, job.stateName)}</span>
        </h2>
        <span className="muted">
          {job.byName ?? job.by} · {exactly(job.createdAt)}
        </span>
      </div>
      <dl className="figures">
        {(
          [
            ['totalRows', job.total, ''],
            ['validCount', job.valid, ''],
            ['invalidCount', job.invalid, job.invalid > 0 ? 'red' : ''],
            ['skippedCount', job.skipped, ''],
            ['succeededCount', job.succeeded, ''],
            ['failedCount', job.failed, job.failed > 0 ? 'red' : ''],
          ] as const
        ).map(([name, count, look]) => (
          <div key={name} className={look} data-figure={name}>
            <dt>{t(name)}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {job.hiddenRows > 0 && <p className="note warn">{t('hiddenRows', { n: job.hiddenRows })}</p>}
      {job.notParcels > 0 && <p className="note warn">{t('notParcels', { n: job.notParcels })}</p>}
      <Progress job={job} />
      <Actions job={job} />
      <Faults job={job} />
    </section>
  );
}

function Progress({ job }: { job: CheckedJob }) {
  if (job.state === 'validated') return null;
  const { processed: done, valid: all, succeeded: good, failed: bad } = job;
  const percent = all === 0 ? 100 : Math.floor((done / all) * 100);
  return (
    <>
      <progress max={all || 1} value={done} aria-label={t('bulk')} />
      <p role="status">
        <b>{percent}%</b> · {t('progress', { done, all, good, bad })}
        {job.state === 'running' && (
          <span className="muted">
            {' · '}
            {job.secondsLeft === null
              ? t('reckoning')
              : t('secondsLeft', { left: span(job.secondsLeft), rate: job.ratePerSecond ?? 0 })}
          </span>
        )}
        {job.finishedAt && (
          <span className="muted">
            {' · '}
            {t('finishedAt')} {exactly(job.finishedAt)}
          </span>
        )}
      </p>
    </>
  );
}

function Actions({ job }: { job: CheckedJob }) {
  const may = useMay();
  const call = useCall(BULK);
  const [canceling, setCanceling] = useState(false);
  const path = `${BULK}/${job.id}`;
  const name = job.fileName.replace(/\.[^.]*$/, '');
  const faults = job.invalid + job.failed;
  return (
    <div className="card-actions">
      {may('delivery.write') && job.state === 'validated' && job.valid > 0 && (
        <button
          type="button"
          className="primary"
          disabled={call.isPending}
          onClick={() => call.mutate({ method: 'POST', path: `${path}/start`, what: t('startJob', { n: job.valid }) })}
        >
          {t('startJob', { n: job.valid })}
        </button>
      )}
      {may('delivery.write') && (job.state === 'running' || job.state === 'validated') && (
        <button type="button" onClick={() => setCanceling(true)}>
          {t(job.state === 'running' ? 'cancelJob' : 'dropJob')}
        </button>
      )}
      {faults > 0 && (
        <button type="button" onClick={() => void saveFile(`${path}/result.xlsx?only=failed`, `${t('toFix')} ${name}`)}>
          {t('faultySheet', { n: faults })}
        </button>
      )}
      <button type="button" onClick={() => void saveFile(`${path}/result.xlsx`, `${t('resultSheet')} ${name}`)}>
        {t('resultSheet')}
      </button>
      {job.state === 'validated' && job.valid === 0 && <span className="muted">{t('nothingToShip')}</span>}
      {canceling && (
        <CallDialog
          title={t(job.state === 'running' ? 'cancelJob' : 'dropJob')}
          submit={t(job.state === 'running' ? 'cancelJob' : 'dropJob')}
          call={() => ({ method: 'POST', path: `${path}/cancel` })}
          reads={[BULK]}
          onClose={() => setCanceling(false)}
          danger
        >
          <p>{t(job.state === 'running' ? 'ask.cancelJob' : 'ask.dropJob', { n: job.processed })}</p>
        </CallDialog>
      )}
    </div>
  );
}

function Faults({ job }: { job: CheckedJob }) {
  const [, setSearch] = useSearchParams();
  const faults = job.invalid + job.failed;
  if (faults === 0) return null;
  return (
    <>
      <p className="note warn">{t(job.state === 'validated' && job.valid > 0 ? 'fixOrStart' : 'fixAndDrop', { n: faults })}</p>
      <Table
        label={t('errors')}
        heads={['row', 'deliveryNo', 'why']}
        rows={job.errors}
        empty=""
        row={(each) => (
          <tr key={`${each.row} ${each.code}`}>
            <td>{each.row}</td>
            <td>
              <button
                type="button"
                className="link"
                onClick={() => setSearch({ job: job.id, delivery: each.deliveryNo })}
                disabled={each.deliveryNo === ''}
              >
                {each.deliveryNo}
              </button>
            </td>
            <td>
              {each.title} <code className="muted">{each.code}</code>
            </td>
          </tr>
        )}
      />
      {faults > job.errors.length && <p className="muted">{t('moreFaults', { n: job.errors.length })}</p>}
    </>
  );
}
