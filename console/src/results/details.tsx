import { dismiss, isOpen, type Job, keyOf } from '../api/jobs.ts';
import { Dialog } from '../ui/dialog.tsx';
import { problemText } from '../ui/problem-texts.ts';
import { t } from '../ui/texts.ts';
import { type Failure, outcomeOf, toneOf, undoOf } from './outcome.ts';
import { Again, Told } from './toast.tsx';

const LISTED = 50;

/** Results of commands row by row, with all that can be done about them. */
export function Details({ jobs, onClose }: { jobs: readonly Job[]; onClose: () => void }) {
  return (
    <Dialog title={t('results')} onClose={onClose}>
      {jobs.length === 0 && <p className="muted">{t('noResults')}</p>}
      <div className="result-details">
        {jobs.map((job) => (
          <JobDetails key={job.id} job={job} onClose={onClose} />
        ))}
      </div>
    </Dialog>
  );
}

function JobDetails({ job, onClose }: { job: Job; onClose: () => void }) {
  const undo = undoOf(job);
  const leaving = (act: () => void) => {
    act();
    dismiss(job.id);
    onClose();
  };
  return (
    <article className={`result-detail ${toneOf(job)}`} data-status={job.status}>
      <div className="told">
        <Told job={job} />
      </div>
      {outcomeOf(job).map(({ name, failed }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a job do not change their places
        <Failures key={at} name={job.next ? name : ''} failed={failed} />
      ))}
      {!isOpen(job) && (
        <div className="card-actions">
          <Again job={job} after={leaving} />
          {undo && (
            <button type="button" onClick={() => leaving(undo)}>
              {t('undo')}
            </button>
          )}
          <button type="button" className="quiet" onClick={() => dismiss(job.id)}>
            {t('forgetResult')}
          </button>
        </div>
      )}
    </article>
  );
}

function Failures({ name, failed }: { name: string; failed: readonly Failure[] }) {
  if (failed.length === 0) return null;
  return (
    <ul className="failures" aria-label={name || undefined}>
      {failed.slice(0, LISTED).map(({ target, error }) => (
        <li key={keyOf(target)}>
          {name} <code>{keyOf(target)}</code> {problemText(error.code, error.title)} <span className="muted">{error.code}</span>
        </li>
      ))}
      {failed.length > LISTED && <li className="muted">{t('andMore', { n: failed.length - LISTED })}</li>}
    </ul>
  );
}
