import { Link } from 'react-router';
import { Refusal } from '../../commands/form.tsx';
import { age, exactly, when } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { BatchState } from '../operations/batch-parts.tsx';
import { useBatches } from './home-attention.tsx';

/** The last run of each batch: when, how many, and errors. */
export function HomeBatches() {
  const { data, error } = useBatches();
  return (
    <section aria-labelledby="last-runs" className="board">
      <h2 id="last-runs">{t('lastRuns')}</h2>
      <Refusal error={error} />
      {data?.items.map((batch) => {
        const { lastRun } = batch;
        return (
          <article key={batch.id} className="last-run">
            <div className="card-head">
              <Link className="link" to={`/batches/${batch.id}`}>
                <b>{named('batch', batch.id)}</b>
              </Link>
              <BatchState batch={batch} />
            </div>
            {lastRun ? (
              <dl className="figures">
                <div>
                  <dt>{t('lastRun')}</dt>
                  <dd title={exactly(lastRun.startedAt)}>{age(lastRun.startedAt)}</dd>
                </div>
                {(
                  [
                    ['examined', lastRun.examined],
                    ['succeededCount', lastRun.succeeded],
                    ['failedCount', lastRun.failed],
                  ] as const
                ).map(([name, count]) => (
                  <div key={name} className={name === 'failedCount' && count > 0 ? 'red' : ''}>
                    <dt>{t(name)}</dt>
                    <dd>{count.toLocaleString()}</dd>
                  </div>
                ))}
                <div>
                  <dt>{t('nextRun')}</dt>
                  <dd>{batch.nextRunAt ? when(batch.nextRunAt) : '–'}</dd>
                </div>
              </dl>
            ) : (
              <p className="muted">{t('neverRan', { at: when(batch.nextRunAt) || '–' })}</p>
            )}
          </article>
        );
      })}
    </section>
  );
}
