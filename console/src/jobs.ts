import { ApiError, errorOf, send } from './api.ts';
import { sentenceOf } from './sentences.ts';

export type Family = 'delivery-lines' | 'pickups';
/** A line (`deliveryNo/lineNo`) or a pickup (`pickupNo`), as it goes into the body of a command. */
export type Target =
  | { deliveryNo: string; lineNo: number; revision?: number; carrierCode?: string; waybillNo?: string }
  | { pickupNo: string; revision?: number; carrierCode?: string; waybillNo?: string; items?: object[] };

export interface Result {
  ok: boolean;
  state?: string;
  revision?: number;
  error?: { code: string; title: string };
}

/** One command on up to 500 rows. It is sent under one key until every row has its final answer. */
export interface Job {
  id: string;
  family: Family;
  command: string;
  targets: Target[];
  more: Record<string, unknown>;
  status: 'sending' | 'pending' | 'done' | 'failed';
  results: Result[];
  /** Why the whole was refused. */
  error?: { status: number; code: string; title: string };
  at: number;
}

const STORE = 'console.jobs';
const MOST_KEPT = 5;
export const MOST_TARGETS = 500;

const load = (): Job[] => {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '[]');
  } catch {
    return [];
  }
};
let jobs: readonly Job[] = load();
const listeners = new Set<() => void>();
const settled = new Set<(job: Job) => void>();

export const getJobs = (): readonly Job[] => jobs;
export function onJobs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
/** Told once of every job that has its answers, so that lists can follow. */
export function onSettled(listener: (job: Job) => void): () => void {
  settled.add(listener);
  return () => settled.delete(listener);
}

function save(next: readonly Job[]): void {
  jobs = next.slice(0, MOST_KEPT);
  sessionStorage.setItem(STORE, JSON.stringify(jobs));
  for (const listener of listeners) listener();
}
const change = (id: string, part: Partial<Job>) => save(jobs.map((job) => (job.id === id ? { ...job, ...part } : job)));
export const dismiss = (id: string) => save(jobs.filter((job) => job.id !== id));

export const keyOf = (target: Target): string =>
  'pickupNo' in target ? target.pickupNo : `${target.deliveryNo}/${target.lineNo}`;

export const isPending = (result: Result | undefined): boolean =>
  result === undefined || result.error?.code === 'COMMAND_PENDING';

/** Sends a command; more rows than one request takes are several jobs. */
export function command(family: Family, name: string, targets: Target[], more: Record<string, unknown> = {}): void {
  for (let at = 0; at < targets.length; at += MOST_TARGETS) {
    const part = targets.slice(at, at + MOST_TARGETS);
    const id = crypto.randomUUID();
    save([{ id, family, command: name, targets: part, more, status: 'sending', results: [], at: Date.now() }, ...jobs]);
    void settle(id);
  }
}

/** What a reload has interrupted is asked again, under its own key. */
export function resumeJobs(): void {
  for (const { id, status } of jobs) if (status === 'sending' || status === 'pending') void settle(id);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats one request under its key until it is final: nothing is done twice, and nothing is left unknown. */
async function settle(id: string): Promise<void> {
  for (let wait = 400; ; wait = Math.min(wait * 2, 5_000)) {
    const job = jobs.find((each) => each.id === id);
    if (job === undefined) return;
    const outcome = await ask(job).catch((error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    });
    if (Array.isArray(outcome)) {
      const isFinal = !outcome.some(isPending);
      change(id, { results: outcome, status: isFinal ? 'done' : 'pending' });
      if (isFinal) return announce(id);
    } else if (
      outcome.status === 0 ||
      outcome.code === 'COMMAND_PENDING' ||
      outcome.code === 'IDEMPOTENCY_KEY_BUSY' ||
      (outcome.status >= 500 && outcome.code !== 'UNAVAILABLE' && outcome.code !== 'INTERNAL')
    )
      change(id, { status: 'pending' });
    else {
      const { status, code } = outcome;
      change(id, { status: 'failed', error: { status, code, title: sentenceOf(outcome) } });
      return announce(id);
    }
    await pause(wait);
  }
}

function announce(id: string): void {
  const job = jobs.find((each) => each.id === id);
  if (job) for (const listener of settled) listener(job);
}

async function ask({ id, family, command: name, targets, more }: Job): Promise<Result[]> {
  const response = await send(`/api/bo/v1/${family}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({ [family === 'pickups' ? 'pickups' : 'lines']: targets, ...more }),
  });
  const body: unknown = await response.json().catch(() => null);
  const results = typeof body === 'object' && body !== null ? Reflect.get(body, 'results') : undefined;
  if (response.ok && Array.isArray(results)) return results;
  throw errorOf(response, body);
}
