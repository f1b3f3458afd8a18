import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { Problem } from '../../domain/problems.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { END, type Job, type Part } from './pdf/job.ts';

/** Prints that one process makes at once: each is a process of its own, because 500 labels are two seconds of CPU. */
const AT_ONCE = 2;
const MOST_WAITING = 6;
/** Whoever reads more slowly has no printer behind it; its place is for others. */
const WITHIN_MS = 60_000;
const HEAP_MB = 192;
const program = fileURLToPath(new URL('./print-process.ts', import.meta.url));

export interface ToPrint {
  job: Job;
  parts: AsyncIterable<Part> | Iterable<Part>;
}

/** Makes a PDF of what `recorded` returns, which is called once there is a place, and not for a caller who has gone meanwhile. */
export type Press = (signal: AbortSignal, recorded: () => Promise<ToPrint>) => Promise<ReadableStream<Uint8Array>>;

/** Prints two at a time; some others wait, the rest are told to come back. */
export function createPress(log: Pick<Logger, 'error'>): Press {
  const limit = pLimit(AT_ONCE);
  const enter = () =>
    new Promise<() => void>((entered) => {
      void limit(() => new Promise<void>((left) => entered(left)));
    });
  const busy = () =>
    new Problem('UNAVAILABLE', '다른 인쇄를 만드는 중입니다. 잠시 뒤에 다시 인쇄해 주세요', {}, { 'retry-after': '5' });

  return async (signal, recorded) => {
    if (limit.pendingCount >= MOST_WAITING) throw busy();
    const leave = await enter();
    try {
      if (signal.aborted) throw busy();
      const bytes = bytesOf(await recorded(), { signal, leave, log });
      // Awaited before the answer begins: what fails at once is told as an error, not as a broken PDF.
      const first = await bytes.next();
      return ReadableStream.from(after(first, bytes));
    } catch (error) {
      leave();
      throw error;
    }
  };
}

/**
 * The first piece and the rest. No generator: one that has not been asked for anything yet takes no notice of a reader who leaves,
 * and the place would be held for a minute.
 */
function after(first: IteratorResult<Uint8Array, void>, rest: AsyncGenerator<Uint8Array, void>): AsyncIterable<Uint8Array> {
  let held: typeof first | null = first;
  const next = async () => {
    const result = held ?? (await rest.next());
    held = null;
    return result;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: () => rest.return() }) };
}

/** The PDF while it is made. It ends in an error unless it is whole: half a PDF may look like all of it. */
async function* bytesOf(
  { job, parts }: ToPrint,
  { signal, leave, log }: { signal: AbortSignal; leave: () => void; log: Pick<Logger, 'error'> },
): AsyncGenerator<Uint8Array, void> {
  // Not the parent's flags: those of a debugger or a test runner must not apply here. What it says when it fails may name a person.
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, '--disable-warning=ExperimentalWarning', program], {
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit').then(
    ([code]) => code as number | null,
    () => null,
  );
  // With the process, not with the reader: one who stands still asks for nothing, and would hold the place for as long as it likes.
  void exited.then(leave);
  giveWay(child);
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, WITHIN_MS);
  // Whoever hangs up before the first piece has no stream yet that could be canceled.
  signal.addEventListener('abort', stop, { once: true });
  try {
    const fed = pipeline(Readable.from(linesOf(job, parts)), child.stdin);
    // Its end says the same, and is what is awaited.
    fed.catch(stop);
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    const code = await exited;
    if (code === 0) return;
    log.error({ kind: job.kind, code, signal: child.signalCode }, 'a print was not made');
    throw new Problem('UNAVAILABLE', '인쇄물을 만들지 못했습니다. 다시 인쇄해 주세요');
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function* linesOf(job: Job, parts: ToPrint['parts']): AsyncGenerator<string> {
  yield `${JSON.stringify(job)}\n`;
  for await (const part of parts) yield `${JSON.stringify(part)}\n`;
  yield `${END}\n`;
}

/** Two prints take two cores; other requests come first. Where the system does not allow it, they share. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {}
}
