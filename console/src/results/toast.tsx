import { useEffect, useRef } from 'react';
import { change, dismiss, drawnBy, isOpen, type Job, keyOf, MOST_TARGETS, newLinesOf } from '../api/jobs.ts';
import { NumberLink } from '../panel/number-link.tsx';
import { backToList } from '../ui/focus-list.ts';
import { problemText } from '../ui/problem-texts.ts';
import { t } from '../ui/texts.ts';
import { nameOf, outcomeOf, sendAgain, toneOf, undoOf } from './outcome.ts';

/** Long enough to read it and to take the command back; afterwards the result is in 처리 결과. */
const SHOWN_MS = 15_000;

/** The result of one command in a line: counts, undo, details. Failures stay until they were seen. */
export function Toast({ job, onDetails }: { job: Job; onDetails: () => void }) {
  const box = useRef<HTMLElement>(null);
  const tone = toneOf(job);
  const isOver = !isOpen(job);
  const { id, targets, next } = job;

  useEffect(() => {
    if (tone !== 'good') return;
    let timer: ReturnType<typeof setTimeout>;
    // Not while the mouse or the keyboard is on it.
    const leave = () => {
      if (box.current?.matches(':hover, :focus-within')) timer = setTimeout(leave, 1_000);
      else change(id, { isSeen: true });
    };
    timer = setTimeout(leave, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [tone, id]);

  const steps = outcomeOf(job);
  const known = steps.reduce((sum, { done, failed }) => sum + done.length + failed.length, 0);
  const undo = undoOf(job);
  const leaving = (act: () => void) => () => {
    act();
    dismiss(id);
    backToList();
  };
  return (
    <article className={`result ${tone}`} data-status={job.status} data-job={id} ref={box}>
      <div className="told">
        <Told job={job} />
      </div>
      {!isOver && (
        <span className="progress">
          <progress max={targets.length + (next?.upTo ?? 0)} value={known} aria-label={nameOf(job)} />
        </span>
      )}
      {isOver && <Again job={job} after={(act) => leaving(act)()} />}
      {isOver && undo && (
        <button type="button" onClick={leaving(undo)}>
          {t('undo')}
        </button>
      )}
      <button type="button" className="quiet" onClick={onDetails}>
        {t('details')}
      </button>
      {isOver && (
        <button
          type="button"
          className="icon"
          aria-label={t('dismiss')}
          onClick={() => {
            change(id, { isSeen: true });
            backToList();
          }}
        >
          ×
        </button>
      )}
    </article>
  );
}

/** The waybills that were drawn from number ranges. */
function Drawn({ job: { results } }: { job: Job }) {
  const [first, ...others] = drawnBy(results);
  if (first === undefined) return null;
  const n = others.length + 1;
  return <span data-drawn={n}> {t(n === 1 ? 'drawnWaybill' : 'drawnWaybills', { waybill: first, n })}</span>;
}

/** Counts of each step; one sentence where all rows took them. */
export function Told({ job }: { job: Job }) {
  const { targets, next, status, error } = job;
  const steps = outcomeOf(job);
  if (status === 'sending')
    return (
      <>
        {t('sending', { command: nameOf(job), n: targets.length })}{' '}
        {targets.length > MOST_TARGETS && <span className="muted">{soFar(job)}</span>}
      </>
    );
  if (steps.at(-1)?.done.length === targets.length)
    return (
      <>
        <strong className="done">{t('succeeded', { command: nameOf(job), n: targets.length })}</strong>
        <Drawn job={job} />
        <NewLines job={job} />
      </>
    );
  return (
    <>
      {status === 'pending' && (
        <span>{t('pending', { command: nameOf(job), n: steps.reduce((sum, { open }) => sum + open, 0) })}</span>
      )}
      {steps.map(({ name, done, failed, unsent }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a job do not change their places
        <span key={at} className="step">
          {unsent.length > 0 && (
            <strong className="red">{t('wholeFailed', { command: `${name} ${unsent.length}`, why: error?.title ?? '' })} </strong>
          )}
          {done.length > 0 && <strong className="done">{t('succeeded', { command: name, n: done.length })} </strong>}
          {failed.length > 0 && (
            <strong className="red">
              {next && done.length === 0 ? `${name} ` : ''}
              {t('failed', { n: failed.length })}
            </strong>
          )}
          {failed.length > 0 && <span className="why">{whyOf(failed)}</span>}
        </span>
      ))}
      <Drawn job={job} />
      <NewLines job={job} />
    </>
  );
}

/** More of them would make the toast high. */
const MOST_NAMED = 2;

/** What was split off, each a link to it. */
function NewLines({ job }: { job: Job }) {
  const made = newLinesOf(job.results);
  if (made.length === 0) return null;
  return (
    <span className="new-lines">
      {' '}
      {t('newLines')}{' '}
      {made.slice(0, MOST_NAMED).map(({ deliveryNo, lineNo, validQuantity }) => (
        <span key={`${deliveryNo}/${lineNo}`}>
          <NumberLink kind="delivery" no={deliveryNo} />/{lineNo} ({t('pieces', { n: validQuantity })}){' '}
        </span>
      ))}
      {made.length > MOST_NAMED && t('andMore', { n: made.length - MOST_NAMED })}
    </span>
  );
}

/** How many rows each step has answers for; a long command tells it after each request. */
function soFar(job: Job): string {
  const all = job.targets.length.toLocaleString();
  return outcomeOf(job)
    .map(({ name, done, failed }) =>
      t('sendingStep', { command: name, n: `${(done.length + failed.length).toLocaleString()} / ${all}` }),
    )
    .join(' · ');
}

/** The reason, where it is one for all. */
function whyOf(failed: ReturnType<typeof outcomeOf>[number]['failed']): string {
  const whys = [...new Set(failed.map(({ error }) => problemText(error.code, error.title)))];
  const [why] = whys;
  if (whys.length !== 1 || !why) return '';
  return failed.length === 1 && failed[0] ? ` ${keyOf(failed[0].target)} ${why}` : ` ${why}`;
}

/** Sends again what failed, or what was not sent because a request was refused. */
export function Again({ job, after }: { job: Job; after: (act: () => void) => void }) {
  return outcomeOf(job).map(({ name, failed, unsent }, at) => {
    const rows = [...failed, ...unsent];
    if (rows.length === 0) return null;
    const label = unsent.length > 0 ? t('again') : t('retryFailed', { n: rows.length });
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a job do not change their places
      <button key={at} type="button" onClick={() => after(() => sendAgain(job, at, rows))}>
        {job.next ? `${name} · ${label}` : label}
      </button>
    );
  });
}
