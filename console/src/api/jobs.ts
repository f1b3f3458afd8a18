import { ApiError, errorOf, send } from './api.ts';
import { sentenceOf } from './sentences.ts';
import { onForget } from './session.ts';
import { store, stored } from './stored.ts';

export type Family = 'delivery-lines' | 'pickups';
/** A line (`deliveryNo/lineNo`) or a pickup (`pickupNo`), as in the body of a command. */
export type Target =
  | { deliveryNo: string; lineNo: number; revision?: number; carrierCode?: string; waybillNo?: string }
  | { pickupNo: string; revision?: number; carrierCode?: string; waybillNo?: string; items?: object[] };

export interface Result {
  ok: boolean;
  state?: string;
  revision?: number;
  error?: { code: string; title: string };
}

/** One command on any number of rows, sent in parts of 500, each repeated under one key until all its rows have final answers. */
export interface Job {
  id: string;
  family: Family;
  command: string;
  targets: Target[];
  more: Record<string, unknown>;
  status: 'sending' | 'pending' | 'done' | 'failed';
  /** Results of the first targets, in the same order, as far as known. */
  results: Result[];
  /** The part that has been sent at least once: a later refusal does not tell the result of the first attempt. */
  asked?: number;
  /** Why the whole command was refused. */
  error?: { status: number; code: string; title: string };
}

/** Rows that just got their answers, for the lists to update; `since`: server time before they changed. */
export interface Settled {
  family: Family;
  targets: Target[];
  results: Result[];
  since: string;
}

const STORE = 'jobs';
const MOST_KEPT = 5;
/** Most targets of one request. */
export const MOST_TARGETS = 500;
/** Most targets of one command: what a tab can store over a reload. */
export const MOST_OF_JOB = 10_000;

let jobs: readonly Job[] = stored<Job[]>(STORE, []);
/** True after the user has signed out: later answers must not be shown to the next user. */
let isForgotten = false;
onForget(() => {
  isForgotten = true;
  jobs = [];
});
const listeners = new Set<() => void>();
const settled = new Set<(part: Settled) => void>();

export const getJobs = (): readonly Job[] => jobs;
export function onJobs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
/** Calls the listener once for every part of a job that has its answers. */
export function onSettled(listener: (part: Settled) => void): () => void {
  settled.add(listener);
  return () => settled.delete(listener);
}

const isOpen = ({ status }: Job) => status === 'sending' || status === 'pending';

/** Open jobs are always kept; of the others only the newest. */
function save(next: readonly Job[]): void {
  if (isForgotten) return;
  jobs = next.filter((job, at) => at < MOST_KEPT || isOpen(job));
  // If the storage is full, the job continues, but a reload would not know about it.
  if (!store(STORE, jobs)) store(STORE, jobs.filter(isOpen));
  for (const listener of listeners) listener();
}
const change = (id: string, part: Partial<Job>) => save(jobs.map((job) => (job.id === id ? { ...job, ...part } : job)));
export const dismiss = (id: string) => save(jobs.filter((job) => job.id !== id));

export const keyOf = (target: Target): string =>
  'pickupNo' in target ? target.pickupNo : `${target.deliveryNo}/${target.lineNo}`;

/** Ids of the rows of a part for which the command succeeded. */
export const doneIn = ({ targets, results }: Settled): ReadonlySet<string> =>
  new Set(targets.filter((_each, at) => results[at]?.ok).map(keyOf));

export const isPending = (result: Result | undefined): boolean =>
  result === undefined || result.error?.code === 'COMMAND_PENDING';

/** Sends a command on up to `MOST_OF_JOB` rows. */
export function command(family: Family, name: string, targets: Target[], more: Record<string, unknown> = {}): void {
  const id = crypto.randomUUID();
  save([{ id, family, command: name, targets, more, status: 'sending', results: [] }, ...jobs]);
  void settle(id);
}

/** Repeats, under their own keys, the jobs that a reload has interrupted. */
export function resumeJobs(): void {
  for (const job of jobs) if (isOpen(job)) void settle(job.id);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends part after part and repeats each under its key until it is final, so that nothing is done twice or remains unknown. */
async function settle(id: string): Promise<void> {
  for (let wait = 400; ; wait = Math.min(wait * 2, 5_000)) {
    const job = jobs.find((each) => each.id === id);
    if (job === undefined) return;
    const open = job.results.findIndex(isPending);
    const at = Math.floor((open < 0 ? job.results.length : open) / MOST_TARGETS);
    const from = at * MOST_TARGETS;
    const targets = job.targets.slice(from, from + MOST_TARGETS);
    const isAgain = job.asked === at;
    if (!isAgain) change(id, { asked: at });
    const outcome = await ask(job, targets, `${id}-${at}`).catch((error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    });
    if (!(outcome instanceof ApiError)) {
      const { results, since } = outcome;
      const isFinal = !results.some(isPending);
      const known = [...job.results.slice(0, from), ...results];
      const isLast = known.length >= job.targets.length;
      change(id, { results: known, status: isFinal ? (isLast ? 'done' : 'sending') : 'pending' });
      if (isFinal) {
        for (const listener of settled) listener({ family: job.family, targets, results, since });
        if (isLast) return;
        wait = 200;
        continue;
      }
    } else if (isUnknown(outcome, isAgain)) change(id, { status: 'pending' });
    else {
      const { status, code } = outcome;
      return change(id, { status: 'failed', error: { status, code, title: sentenceOf(outcome) } });
    }
    await pause(wait);
  }
}

/** Whether it may have acted or may still act: a request that cannot be stored now may have been stored by an earlier attempt. */
const isUnknown = ({ status, code }: ApiError, isAgain: boolean): boolean =>
  status === 0 ||
  code === 'COMMAND_PENDING' ||
  code === 'IDEMPOTENCY_KEY_BUSY' ||
  (status >= 500 && (isAgain || (code !== 'UNAVAILABLE' && code !== 'INTERNAL')));

async function ask({ family, command: name, more }: Job, targets: Target[], key: string) {
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
