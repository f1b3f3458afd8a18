import { write as fsWrite, writeSync as fsWriteSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** As much is kept of what cannot be written yet, then lines are lost. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const TRY_AGAIN_MS = 1_000;
/** A pipe whose reader is slow is full for a moment; at the end of a process so many tries are made, a moment apart. */
const LAST_TRIES = 50;
const MOMENT_MS = 10;

/** The calls of `node:fs`; a test hands in others. */
export interface Writing {
  write: (fd: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => void;
  writeSync: (fd: number, bytes: Buffer) => number;
}

export interface LogLines extends DestinationStream {
  /** Writes what waits, before it returns; gives up where that does not work. */
  flushSync: () => void;
}

/**
 * Writes log lines to a file descriptor, in order. A full disk or a reader that is gone must neither end a process nor keep it from
 * ending: pino's own destination throws when a write fails, and at exit tries again for ever. Here lines wait, up to a bound, and
 * are written when that works again; the number of lost ones is a line of its own. `sync`: each line is written before `write` returns.
 */
export function openLogLines(
  fd: number,
  { sync = false, writing = systemWriting }: { sync?: boolean; writing?: Writing } = {},
): LogLines {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  /** What the system has of it already is cut off. */
  let underway: Buffer | undefined;
  let isWriting = false;
  let timer: NodeJS.Timeout | undefined;

  const next = (): Buffer | undefined => {
    if (underway) return underway;
    if (waiting.length === 0) return undefined;
    underway = Buffer.from(waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    return underway;
  };
  const written = (bytes: number): void => {
    underway = underway && bytes < underway.length ? underway.subarray(bytes) : undefined;
    if (underway || lost === 0) return;
    waiting.unshift(`${JSON.stringify({ level: 50, time: Date.now(), pid: process.pid, lost, msg: 'log lines were lost' })}\n`);
    lost = 0;
  };
  const go = (): void => {
    const bytes = isWriting || timer ? undefined : next();
    if (!bytes) return;
    isWriting = true;
    writing.write(fd, bytes, (error, count) => {
      isWriting = false;
      if (!error) {
        written(count);
        return go();
      }
      timer = setTimeout(() => {
        timer = undefined;
        go();
      }, TRY_AGAIN_MS).unref();
    });
  };
  const flushSync = (): void => {
    // What is being written may be written twice, which is better than not at all.
    for (let tries = 0, bytes = next(); bytes && tries < LAST_TRIES; bytes = next()) {
      try {
        written(writing.writeSync(fd, bytes));
      } catch (error) {
        if (!isFull(error)) return;
        tries++;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT_MS);
      }
    }
  };
  process.once('exit', flushSync);

  return {
    write: (line) => {
      if (waitingBytes + line.length > MOST_WAITING_BYTES) {
        lost++;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (sync) flushSync();
      else go();
    },
    flushSync,
  };
}

const systemWriting: Writing = {
  write: (fd, bytes, done) => fsWrite(fd, bytes, done),
  writeSync: (fd, bytes) => fsWriteSync(fd, bytes),
};

/** Not broken, only not ready. */
const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
