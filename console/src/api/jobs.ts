import { onForget } from './session.ts';
import { store, stored } from './stored.ts';

export type Family = 'delivery-lines' | 'pickups';
/** What was found of one item of a pickup. */
export interface Inspection {
  lineNo: number;
  restock: number;
  dispose: number;
  fault?: 'buyer' | 'seller';
}
/** A line (`deliveryNo/lineNo`) or a pickup (`pickupNo`), as in the body of a command. */
export type Target =
  | {
      deliveryNo: string;
      lineNo: number;
      revision?: number;
      carrierCode?: string;
      waybillNo?: string;
      autoWaybill?: boolean;
      quantity?: number;
    }
  | { pickupNo: string; revision?: number; carrierCode?: string; waybillNo?: string; items?: Inspection[] };

export interface Result {
  ok: boolean;
  state?: string;
  revision?: number;
  /** 0 = nothing is left of the line, and it has left the lists. */
  validQuantity?: number;
  /** The waybill that it has drawn from a number range. */
  waybillNo?: string;
  /** The line that the command has split off. */
  newLine?: { deliveryNo: string; lineNo: number; state: string; validQuantity: number };
  error?: { code: string; title: string };
}
/** Results by the position of their target; null = not known yet. */
export type Results = (Result | null)[];

/** A second command on the rows for which the first has succeeded, at the revision that it made. */
export interface NextStep {
  command: string;
  more: Record<string, unknown>;
  /** Only the first so many targets go on to it. */
  upTo: number;
  results: Results;
}

/**
 * One command, or two after each other, on any number of rows. It is sent in parts of 500, each repeated under one key until all
 * its rows have final answers.
 */
export interface Job {
  id: string;
  family: Family;
  command: string;
  targets: Target[];
  more: Record<string, unknown>;
  next?: NextStep;
  status: 'sending' | 'pending' | 'done' | 'failed';
  results: Results;
  /** Requests that have been sent at least once: a later refusal does not tell the result of the first attempt. */
  asked: string[];
  /** Why a request was refused as a whole; no further ones are sent. */
  error?: { status: number; code: string; title: string };
  /** The user has seen the result. */
  isSeen?: boolean;
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

/** A tab may have stored its jobs before the console was updated: then `asked` was the number of the last part. */
type StoredJob = Omit<Job, 'asked'> & { asked?: string[] | number };
const asStored = ({ asked, ...job }: StoredJob): Job => ({
  ...job,
  asked: Array.isArray(asked) ? asked : Array.from({ length: asked === undefined ? 0 : asked + 1 }, (_each, at) => `${at}`),
});

let jobs: readonly Job[] = stored<StoredJob[]>(STORE, []).map(asStored);
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
/** Calls the listener for rows that have got their final answers, once for each. */
export function onSettled(listener: (part: Settled) => void): () => void {
  settled.add(listener);
  return () => settled.delete(listener);
}
export function tellSettled(part: Settled): void {
  if (part.targets.length === 0) return;
  for (const listener of settled) listener(part);
}

export const isOpen = ({ status }: Job) => status === 'sending' || status === 'pending';
export const hasFailed = ({ status, results, next }: Job) =>
  status === 'failed' || [...results, ...(next?.results ?? [])].some((result) => result?.ok === false && !isPending(result));

/** Open jobs and failures that nobody has seen are always kept; of the others only the newest. */
export function save(next: readonly Job[]): void {
  if (isForgotten) return;
  const isNeeded = (job: Job) => isOpen(job) || (!job.isSeen && hasFailed(job));
  jobs = next.filter((job, at) => at < MOST_KEPT || isNeeded(job));
  // If the storage is full, the job continues, but a reload would not know about it.
  if (!store(STORE, jobs) && !store(STORE, jobs.filter(isNeeded))) store(STORE, jobs.filter(isOpen));
  for (const listener of listeners) listener();
}
export const change = (id: string, part: Partial<Job>) => save(jobs.map((job) => (job.id === id ? { ...job, ...part } : job)));
export const dismiss = (id: string) => save(jobs.filter((job) => job.id !== id));

export const keyOf = (target: Target): string =>
  'pickupNo' in target ? target.pickupNo : `${target.deliveryNo}/${target.lineNo}`;

/** The row at the revision that a command has made, so that the next one cannot act on somebody's later step. */
export const asItIs = (target: Target, { revision }: Result): Target => ({
  ...('pickupNo' in target ? { pickupNo: target.pickupNo } : { deliveryNo: target.deliveryNo, lineNo: target.lineNo }),
  ...(revision === undefined ? {} : { revision }),
});

/** The waybills that a command has drawn, each once. */
export const drawnBy = (results: Results): string[] => [
  ...new Set(results.flatMap((result) => (result?.ok && result.waybillNo ? [result.waybillNo] : []))),
];

/** The lines that a command has split off. */
export const newLinesOf = (results: Results) =>
  results.flatMap((result) => (result?.ok && result.newLine ? [result.newLine] : []));

/** Ids of the rows of a part for which the command succeeded. */
export const doneIn = ({ targets, results }: Settled): ReadonlySet<string> =>
  new Set(targets.filter((_each, at) => results[at]?.ok).map(keyOf));

export const isPending = (result: Result | null | undefined): boolean => !result || result.error?.code === 'COMMAND_PENDING';

/** Ids of the rows of this family whose command is under way. */
export const underWay = (all: readonly Job[], family: Family): ReadonlySet<string> =>
  new Set(
    all
      .filter((job) => job.family === family && isOpen(job))
      .flatMap(({ targets, results, next }) =>
        targets.filter((_each, at) => {
          const isGoingOn = next && at < next.upTo && results[at]?.ok;
          return isPending(results[at]) || (isGoingOn && isPending(next.results[at]));
        }),
      )
      .map(keyOf),
  );
