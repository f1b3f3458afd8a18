import { useEffect, useState, useSyncExternalStore } from 'react';
import { change, dismiss, getJobs, hasFailed, isOpen, type Job, onJobs } from '../api/jobs.ts';
import { backToList } from '../ui/focus-list.ts';
import { t } from '../ui/texts.ts';
import { Details } from './details.tsx';
import { undoOf } from './outcome.ts';
import { Toast } from './toast.tsx';

/** More of them would cover the list. */
const MOST_SHOWN = 3;

const useJobs = () => useSyncExternalStore(onJobs, getJobs);

/** Ctrl+Z is 되돌리기 of the newest result, while it is shown; in a field it is the field's. */
function useUndoKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.code !== 'KeyZ' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.repeat) return;
      if (
        document.querySelector('[role=dialog]') ||
        document.activeElement?.matches('input:not([type=checkbox]), select, textarea')
      )
        return;
      const newest = getJobs().find((job) => !job.isSeen);
      const undo = newest && undoOf(newest);
      if (!newest || !undo) return;
      event.preventDefault();
      undo();
      dismiss(newest.id);
      if (!document.activeElement?.closest('.panel')) backToList();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Results of the last commands over the foot of the list: the newest as one line each, the others behind a button. */
export function Results() {
  const jobs = useJobs();
  useUndoKey();
  const [shown, setShown] = useState<readonly string[] | null>(null);
  const told = jobs.filter((job) => !job.isSeen);
  const earlier = told.slice(MOST_SHOWN);
  return (
    <>
      {/* It stands there from the start: what is put into it later is read out. */}
      <section className="results" aria-label={t('results')} aria-live="polite">
        {told.slice(0, MOST_SHOWN).map((job) => (
          <Toast key={job.id} job={job} onDetails={() => setShown([job.id])} />
        ))}
        {earlier.length > 0 && (
          <button type="button" className="earlier" onClick={() => setShown(told.map(({ id }) => id))}>
            {t('earlier', { n: earlier.length })}
            {earlier.some(hasFailed) && <b className="red"> {t('failed', { n: earlier.filter(hasFailed).length })}</b>}
          </button>
        )}
      </section>
      {shown && <Seen jobs={jobs.filter(({ id }) => shown.includes(id))} onClose={() => setShown(null)} />}
    </>
  );
}

/** Opens the results of this tab's last commands, also those that are not on the screen any more. */
export function ResultsButton() {
  const jobs = useJobs();
  const [isShown, setShown] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setShown(true)}>
        {t('results')} {jobs.length > 0 && <kbd>{jobs.length}</kbd>}
      </button>
      {isShown && <Seen jobs={jobs} onClose={() => setShown(false)} />}
    </>
  );
}

/** Closing the details takes their results from the screen. */
function Seen({ jobs, onClose }: { jobs: readonly Job[]; onClose: () => void }) {
  const close = () => {
    for (const job of jobs) if (!isOpen(job) && !job.isSeen) change(job.id, { isSeen: true });
    onClose();
  };
  return <Details jobs={jobs} onClose={close} />;
}
