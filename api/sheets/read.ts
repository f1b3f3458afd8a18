import { Worker } from 'node:worker_threads';
import { Problem } from '../../domain/problems.ts';
import type { ReadRow, SheetMessage } from './read-thread.ts';

/** Memory limit of the reading thread; a malicious file ends the thread, not the API. */
const HEAP_MB = 160;
const WITHIN_MS = 30_000;

export interface SheetReader {
  titles: (titles: string[]) => Promise<void>;
  rows: (rows: ReadRow[]) => Promise<void>;
}

/**
 * Reads an uploaded .xlsx or .csv in its own thread and passes on its titles and rows, in order, piece by piece. Throws the SHEET_*
 * problem of a file that cannot be used.
 */
export async function readShipmentSheet(bytes: Uint8Array, reader: SheetReader): Promise<void> {
  // A copy, because transferring the bytes removes them here, and the upload may be read again.
  const copy = new Uint8Array(bytes);
  const worker = new Worker(new URL('./read-thread.ts', import.meta.url), {
    workerData: copy,
    transferList: [copy.buffer],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16 },
    // Not the parent's flags: those of a debugger or a test runner must not apply here.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {},
  });
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  finished.catch(() => {});
  let tail = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    tail = tail.then(work);
    tail.catch(reject);
  };
  worker.on('message', (message: SheetMessage) => {
    if ('titles' in message) inTurn(() => reader.titles(message.titles));
    else if ('rows' in message) inTurn(() => reader.rows(message.rows));
    else if ('end' in message) inTurn(async () => resolve());
    else reject(new Problem(message.problem));
  });
  worker.on('error', (error: Error & { code?: string }) =>
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Problem('SHEET_TOO_LARGE') : error),
  );
  worker.on('exit', () => inTurn(async () => reject(new Error('the reading thread ended without a word'))));
  const timer = setTimeout(() => reject(new Problem('SHEET_TOO_LARGE')), WITHIN_MS);
  try {
    await finished;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
    // The caller continues only after all work for this sheet has ended.
    await tail.catch(() => {});
  }
}
