import { useSyncExternalStore } from 'react';
import { permissionOf } from './commands.tsx';
import { command, dismiss, getJobs, isPending, type Job, keyOf, onJobs, type Target } from './jobs.ts';
import { getSession } from './session.ts';
import { commandName, problemText, t } from './texts.ts';

/** What takes a command back, where one does. */
const inverse: Record<string, string> = { instruct: 'undo', release: 'undo', ship: 'undo', deliver: 'reopen' };

const numbersOf = (target: Target): Target =>
  'pickupNo' in target ? { pickupNo: target.pickupNo } : { deliveryNo: target.deliveryNo, lineNo: target.lineNo };

/** What became of the last commands, row by row; it stays until somebody closes it. */
export function Results() {
  const jobs = useSyncExternalStore(onJobs, getJobs);
  if (jobs.length === 0) return null;
  return (
    <section className="results" aria-label={t('results')} aria-live="polite">
      {jobs.map((job) => (
        <JobResult key={job.id} job={job} />
      ))}
    </section>
  );
}

function JobResult({ job }: { job: Job }) {
  const { family, targets, results, status } = job;
  const name = commandName(family, job.command);
  const done = targets.filter((_each, at) => results[at]?.ok);
  const open = targets.filter((_each, at) => isPending(results[at]));
  const failed = targets.flatMap((target, at) => {
    const error = results[at]?.error;
    return error && !isPending(results[at]) ? [{ target, error }] : [];
  });
  const back = family === 'delivery-lines' ? inverse[job.command] : undefined;
  const mayUndo = back !== undefined && done.length > 0 && getSession().permissions.has(permissionOf(family, back));
  const again = (some: Target[]) => {
    command(family, job.command, some, job.more);
    dismiss(job.id);
  };
  const tone = status === 'failed' || failed.length > 0 ? 'bad' : status === 'done' ? 'good' : 'busy';
  return (
    <article className={`result ${tone}`} data-status={status}>
      <div className="result-line">
        {status === 'sending' && <span>{t('sending', { command: name, n: targets.length })}</span>}
        {status === 'pending' && <span>{t('pending', { command: name, n: open.length })}</span>}
        {status === 'failed' && <strong>{t('wholeFailed', { command: name, why: job.error?.title ?? '' })}</strong>}
        {status === 'done' && done.length > 0 && <strong>{t('succeeded', { command: name, n: done.length })}</strong>}
        {failed.length > 0 && <strong className="red">{t('failed', { n: failed.length })}</strong>}
        <span className="spread" />
        {status === 'done' && failed.length > 0 && (
          <button type="button" onClick={() => again(failed.map(({ target }) => target))}>
            {t('retryFailed', { n: failed.length })}
          </button>
        )}
        {status === 'failed' && (
          <button type="button" onClick={() => again(targets)}>
            {t('again')}
          </button>
        )}
        {status === 'done' && mayUndo && (
          <button
            type="button"
            onClick={() => {
              command(family, back, done.map(numbersOf), { reason: t('undoReason') });
              dismiss(job.id);
            }}
          >
            {t('undo')}
          </button>
        )}
        {status !== 'sending' && status !== 'pending' && (
          <button type="button" className="icon" aria-label={t('dismiss')} onClick={() => dismiss(job.id)}>
            ×
          </button>
        )}
      </div>
      {failed.length > 0 && (
        <ul className="failures">
          {failed.map(({ target, error }) => (
            <li key={keyOf(target)}>
              <code>{keyOf(target)}</code> {problemText(error.code, error.title)} <span className="muted">{error.code}</span>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
