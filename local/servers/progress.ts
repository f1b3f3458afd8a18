import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16_384;

/** Prints one progress line, with the seconds since this process began. */
export function progress(text: string): void {
  console.log(`[${(performance.now() / 1000).toFixed(1).padStart(5)}초] ${text}`);
}

/** Reports how long a piece of work took, once it is done. */
export async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  progress(`${name} 시작`);
  const began = performance.now();
  const result = await work();
  progress(`${name} 준비됨 (${((performance.now() - began) / 1000).toFixed(1)}초)`);
  return result;
}

/** The last lines of a log file, to be shown when its process has died; empty when there is no such file. */
export function lastLines(file: string, count: number): string[] {
  try {
    const log = openSync(file, 'r');
    try {
      const { size } = fstatSync(log);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(log, tail, 0, tail.length, size - tail.length);
      return tail.toString('utf8').trimEnd().split('\n').slice(-count);
    } finally {
      closeSync(log);
    }
  } catch {
    return [];
  }
}
