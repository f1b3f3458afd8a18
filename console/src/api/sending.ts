import { ApiError, errorOf, send } from './api.ts';
import {
  asItIs,
  change,
  type Family,
  getJobs,
  hasFailed,
  isOpen,
  isPending,
  type Job,
  MOST_TARGETS,
  type NextStep,
  type Result,
  type Results,
  type Settled,
  save,
  type Target,
  tellSettled,
} from './jobs.ts';
import { sentenceOf } from './sentences.ts';

/** Sends a command on up to `MOST_OF_JOB` rows, and after it another one on those that succeeded. */
export function command(
  family: Family,
  name: string,
  targets: Target[],
  more: Record<string, unknown> = {},
  next?: Omit<NextStep, 'results'>,
): void {
  if (targets.length === 0) return;
  const id = crypto.randomUUID();
  const job: Job = { id, family, command: name, targets, more, status: 'sending', results: [], asked: [] };
  // What went well before is read by now: the newest result takes its place.
  const before = getJobs().map((each) => (isOpen(each) || hasFailed(each) ? each : { ...each, isSeen: true }));
  save([next ? { ...job, next: { ...next, results: [] } } : job, ...before]);
  void settle(id);
}

/** Repeats, under their own keys, the jobs that a reload has interrupted. */
export function resumeJobs(): void {
  for (const job of getJobs()) if (isOpen(job)) void settle(job.id);
}

/** One request of a job: some of its rows, in its first or its second step. */
interface Part {
  key: string;
  command: string;
  more: Record<string, unknown>;
  step: 'results' | 'next';
  /** Positions of its targets in the job. */
  at: number[];
  targets: Target[];
}

/** Requests of a job that have no final answer yet, in the order in which they are sent. */
function openParts({ targets, results, command: name, more, next }: Job): Part[] {
  const parts: Part[] = [];
  for (let from = 0, part = 0; from < targets.length; from += MOST_TARGETS, part++) {
    const at = targets.slice(from, from + MOST_TARGETS).map((_each, position) => from + position);
    const first = at.filter((position) => isPending(results[position]));
    if (first.length > 0) {
      const own = at.flatMap((position) => targets[position] ?? []);
      parts.push({ key: `${part}`, command: name, more, step: 'results', at, targets: own });
    } else if (next) {
      const going = at.filter((position) => position < next.upTo && results[position]?.ok);
      if (!going.some((position) => isPending(next.results[position]))) continue;
      const own = going.flatMap((position) => {
        const [target, result] = [targets[position], results[position]];
        return target && result ? asItIs(target, result) : [];
      });
      parts.push({ key: `${part}-next`, command: next.command, more: next.more, step: 'next', at: going, targets: own });
    }
  }
  return parts;
}

/** Whether nothing at all is known about a request that may have acted. */
const isUnanswered = (job: Job, { step, at }: Part) => {
  const results = step === 'next' ? job.next?.results : job.results;
  return at.every((position) => !results?.[position]);
};

/** What to ask next: a lost answer first, then what was never sent, then, in turn, parts some of whose rows are pending. */
function nextPart(job: Job, turn: number): Part | undefined {
  const open = openParts(job);
  const asked = open.filter(({ key }) => job.asked.includes(key));
  const fresh = job.error ? undefined : open.find(({ key }) => !job.asked.includes(key));
  return asked.find((part) => isUnanswered(job, part)) ?? fresh ?? asked[turn % asked.length];
}

function withAnswers(job: Job, { step, at }: Part, answers: Result[]): Pick<Job, 'results' | 'next'> {
  const known: Results = [...((step === 'next' ? job.next?.results : job.results) ?? [])];
  at.forEach((position, answer) => {
    // Positions that were not asked are null, because an array with holes is not stored as one.
    while (known.length < position) known.push(null);
    known[position] = answers[answer] ?? null;
  });
  return step === 'next' && job.next ? { results: job.results, next: { ...job.next, results: known } } : { results: known };
}

/** The rows of an answer whose outcome was not known before. */
function newsOf(job: Job, { step, at, targets }: Part, { results, since }: Answer): Settled {
  const before = (step === 'next' ? job.next?.results : job.results) ?? [];
  const news = targets.flatMap((target, answer) => {
    const result = results[answer];
    return result && !isPending(result) && isPending(before[at[answer] ?? -1]) ? [{ target, result }] : [];
  });
  return {
    family: job.family,
    targets: news.map(({ target }) => target),
    results: news.map(({ result }) => result),
    since,
  };
}

function statusOf(job: Job): Job['status'] {
  const open = openParts(job);
  const asked = open.filter(({ key }) => job.asked.includes(key));
  if (open.length === 0 || (job.error && asked.length === 0)) return job.error ? 'failed' : 'done';
  return asked.length > 0 ? 'pending' : 'sending';
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends part after part and repeats each under its key until it is final, so that nothing is done twice or remains unknown. A row
 * that is pending does not hold up the other parts.
 */
async function settle(id: string): Promise<void> {
  for (let wait = 400, turn = 0; ; turn++) {
    const job = getJobs().find((each) => each.id === id);
    const part = job && nextPart(job, turn);
    if (!job || !part) return;
    const isAgain = job.asked.includes(part.key);
    const asked = isAgain ? job.asked : [...job.asked, part.key];
    if (!isAgain) change(id, { asked });
    const outcome = await ask(job, part, `${id}-${part.key}`).catch((error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    });
    if (!(outcome instanceof ApiError)) {
      const answers = withAnswers(job, part, outcome.results);
      const answered: Job = { ...job, asked, ...answers };
      change(id, { ...answers, status: statusOf(answered) });
      tellSettled(newsOf(job, part, outcome));
      if (!outcome.results.some(isPending)) wait = 200;
      // The next part goes out at once; only what is asked again waits.
      const after = nextPart(answered, turn + 1);
      if (after === undefined || !asked.includes(after.key)) continue;
    } else if (isUnknown(outcome, isAgain)) change(id, { status: 'pending' });
    else {
      const { status, code } = outcome;
      const error = { status, code, title: sentenceOf(outcome) };
      const refused: Job = { ...job, error, asked: asked.filter((key) => key !== part.key) };
      change(id, { error, asked: refused.asked, status: statusOf(refused) });
      continue;
    }
    await pause(wait);
    wait = Math.min(wait * 2, 5_000);
  }
}

/** Whether it may have acted or may still act: a request that cannot be stored now may have been stored by an earlier attempt. */
const isUnknown = ({ status, code }: ApiError, isAgain: boolean): boolean =>
  status === 0 ||
  code === 'COMMAND_PENDING' ||
  code === 'IDEMPOTENCY_KEY_BUSY' ||
  (status >= 500 && (isAgain || (code !== 'UNAVAILABLE' && code !== 'INTERNAL')));

type Answer = Pick<Settled, 'since' | 'results'>;

async function ask({ family }: Job, { command: name, targets, more }: Part, key: string): Promise<Answer> {
  const began = performance.now();
  const response = await send(`/api/bo/v1/${family}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ [family === 'pickups' ? 'pickups' : 'lines']: targets, ...more }),
  });
  const body: unknown = await response.json().catch(() => null);
  const results = typeof body === 'object' && body !== null ? Reflect.get(body, 'results') : undefined;
  if (!response.ok || !Array.isArray(results)) throw errorOf(response, body);
  const answered = Date.parse(response.headers.get('date') ?? '') || Date.now();
  return { results: results as Result[], since: new Date(answered - (performance.now() - began)).toISOString() };
}
