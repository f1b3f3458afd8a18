import { useSyncExternalStore } from 'react';
import { command, dismiss, getJobs, isPending, type Job, keyOf, onJobs, type Result, type Target } from '../api/jobs.ts';
import { getSession } from '../api/session.ts';
import { problemText } from '../ui/problem-texts.ts';
import { commandName, t } from '../ui/texts.ts';
import { inverse, permissionOf } from './commands.tsx';
import { freshTarget } from './retry.ts';

/** The row at the revision this command produced, so that undoing it cannot undo somebody's later step. */
const asItIs = (target: Target, { revision }: Result): Target => ({
  ...('pickupNo' in target ? { pickupNo: target.pickupNo } : { deliveryNo: target.deliveryNo, lineNo: target.lineNo }),
  ...(revision === undefined ? {} : { revision }),
});

/** Results of the last commands, row by row; shown until the user closes them. */
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

interface Failure {
  target: Target;
  error: { code: string; title: string };
}
const LISTED = 50;

function JobResult({ job }: { job: Job }) {
  const { family, targets, results, status } = job;
  const name = commandName(family, job.command);
  const done = targets.flatMap((target, at): Target[] => {
    const result = results[at];
    return result?.ok ? [asItIs(target, result)] : [];
  });
  const open = targets.length - results.filter((each) => !isPending(each)).length;
  const failed = results.flatMap((result, at): Failure[] => {
    const target = targets[at];
    return target && result.error && !isPending(result) ? [{ target, error: result.error }] : [];
  });
  const unsent = status === 'failed' ? targets.filter((_each, at) => isPending(results[at])) : [];
  const back = family === 'delivery-lines' ? inverse[job.command] : undefined;
  const mayUndo = back !== undefined && done.length > 0 && getSession().permissions.has(permissionOf(family, back));
  const isOver = status === 'done' || status === 'failed';
  const again = (some: Target[]) => {
    command(
      family,
      job.command,
      some.map((target) => freshTarget(family, job.command, target)),
      job.more,
    );
    dismiss(job.id);
  };
  const tone = status === 'failed' || failed.length > 0 ? 'bad' : status === 'done' ? 'good' : 'busy';
  return (
    <article className={`result ${tone}`} data-status={status}>
      <div className="result-line">
        {status === 'sending' && <span>{t('sending', { command: name, n: targets.length })}</span>}
        {status === 'pending' && <span>{t('pending', { command: name, n: open })}</span>}
        {!isOver && targets.length > results.length && results.length > 0 && (
          <progress max={targets.length} value={targets.length - open} aria-label={t('sending', { command: name, n: open })} />
        )}
        {status === 'failed' && (
          <strong>{t('wholeFailed', { command: `${name} ${unsent.length}`, why: job.error?.title ?? '' })}</strong>
        )}
        {(isOver || results.length > 0) && done.length > 0 && (
          <strong className="done">{t('succeeded', { command: name, n: done.length })}</strong>
        )}
        {failed.length > 0 && <strong className="red">{t('failed', { n: failed.length })}</strong>}
        <span className="spread" />
        {status === 'done' && failed.length > 0 && (
          <button type="button" onClick={() => again(failed.map(({ target }) => target))}>
            {t('retryFailed', { n: failed.length })}
          </button>
        )}
        {status === 'failed' && (
          <button type="button" onClick={() => again(unsent)}>
            {t('again')}
          </button>
        )}
        {isOver && mayUndo && (
          <button
            type="button"
            onClick={() => {
              command(family, back, done, { reason: t('undoReason') });
              dismiss(job.id);
            }}
          >
            {t('undo')}
          </button>
        )}
        {isOver && (
          <button type="button" className="icon" aria-label={t('dismiss')} onClick={() => dismiss(job.id)}>
            ×
          </button>
        )}
      </div>
      {failed.length > 0 && (
        <ul className="failures">
          {failed.slice(0, LISTED).map(({ target, error }) => (
            <li key={keyOf(target)}>
              <code>{keyOf(target)}</code> {problemText(error.code, error.title)} <span className="muted">{error.code}</span>
            </li>
          ))}
          {failed.length > LISTED && <li className="muted">{t('andMore', { n: failed.length - LISTED })}</li>}
        </ul>
      )}
    </article>
  );
}
