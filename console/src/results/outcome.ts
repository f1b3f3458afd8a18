import { toast } from 'sonner';
import { asItIs, hasFailed, isOpen, isPending, type Job, keyOf, newLinesOf, type Results, type Target } from '../api/jobs.ts';
import { command } from '../api/sending.ts';
import { getSession } from '../api/session.ts';
import { inverse, permissionOf } from '../commands/commands.tsx';
import { freshTarget } from '../commands/retry.ts';
import { commandName, t } from '../ui/texts.ts';

/** A row of a job, by its position in it. */
interface Sent {
  target: Target;
  at: number;
}
export interface Failure extends Sent {
  error: { code: string; title: string };
}
/** What became of the rows in one step of a job. */
export interface StepOutcome {
  name: string;
  command: string;
  /** The rows as the step has left them. */
  done: Target[];
  failed: Failure[];
  /** Rows whose outcome is not known, and of them those that were not sent because a request was refused. */
  open: number;
  unsent: Sent[];
}

/** A job with both its steps as one name: `배송지시→출고지시`. */
export function nameOf({ family, command: first, next }: Job): string {
  const name = commandName(family, first);
  if (!next) return name;
  return next.command === first ? name : `${name}→${commandName(family, next.command)}`;
}

function stepOf(job: Job, name: string, label: string, sent: Sent[], known: Results): StepOutcome {
  const open = sent.filter(({ at }) => isPending(known[at]));
  return {
    command: name,
    name: label,
    done: sent.flatMap(({ target, at }) => (known[at]?.ok ? [asItIs(target, known[at])] : [])),
    failed: sent.flatMap(({ target, at }): Failure[] => {
      const error = known[at]?.error;
      return error && !isPending(known[at]) ? [{ target, at, error }] : [];
    }),
    open: open.length,
    unsent: job.status === 'failed' ? open : [],
  };
}

/** What is known of a job, step by step. */
export function outcomeOf(job: Job): StepOutcome[] {
  const { family, command: first, targets, results, next } = job;
  const label = (name: string, n: number) => {
    const plain = commandName(family, name);
    return next?.command === first ? t('stepOf', { command: plain, n }) : plain;
  };
  const all = targets.map((target, at) => ({ target, at }));
  const steps = [stepOf(job, first, label(first, 1), all, results)];
  if (!next) return steps;
  const going = all.flatMap(({ target, at }) => {
    const result = results[at];
    return at < next.upTo && result?.ok ? [{ target: asItIs(target, result), at }] : [];
  });
  return [...steps, stepOf(job, next.command, label(next.command, 2), going, next.results)];
}

export const toneOf = (job: Job): 'bad' | 'good' | 'busy' => (hasFailed(job) ? 'bad' : isOpen(job) ? 'busy' : 'good');

/** What takes a job back, where there is something to take back and the user may: rows that went two steps go back two. */
export function undoOf(job: Job): (() => void) | null {
  const { family } = job;
  const back = family === 'delivery-lines' && !isOpen(job) ? inverse[job.command] : undefined;
  if (back === undefined || !getSession().permissions.has(permissionOf(family, back))) return null;
  // A split is taken back by its new lines, as they were made: one that has been commanded since stays.
  if (job.command === 'split') {
    const parts = newLinesOf(job.results).map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, revision: 1 }));
    return parts.length === 0 ? null : () => command(family, back, parts, { reason: t('undoReason') });
  }
  const [first, second] = outcomeOf(job);
  const twice = second?.done ?? [];
  const gone = new Set(twice.map(keyOf));
  const targets = [...twice, ...(first?.done.filter((target) => !gone.has(keyOf(target))) ?? [])];
  if (targets.length === 0) return null;
  const more = { reason: t('undoReason') };
  const next = twice.length > 0 ? { command: back, more, upTo: twice.length } : undefined;
  return () => command(family, back, targets, more, next);
}

/** Sends rows of a step again; rows that were to go on to the second step still do. */
export function sendAgain(job: Job, step: number, rows: readonly Sent[]): void {
  const { family, next } = job;
  const [name, more] = step === 1 && next ? [next.command, next.more] : [job.command, job.more];
  const goesOn = ({ at }: Sent) => step === 0 && next !== undefined && at < next.upTo;
  const again = [...rows]
    .sort((a, b) => Number(goesOn(b)) - Number(goesOn(a)))
    .map((each) => ({ each, target: freshTarget(family, name, each.target, more) }));
  const sent = again.flatMap(({ each, target }) => (target === null ? [] : [{ each, target }]));
  if (sent.length < again.length) toast.warning(t('retryHeld', { n: again.length - sent.length }));
  const targets = sent.map(({ target }) => target);
  const upTo = sent.filter(({ each }) => goesOn(each)).length;
  command(family, name, targets, more, next && upTo > 0 ? { command: next.command, more: next.more, upTo } : undefined);
}
