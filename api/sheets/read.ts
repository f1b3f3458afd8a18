import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../domain/problems.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import type { ReadRow, SheetMessage } from './read-bytes.ts';

/** Memory limit of the reading process; a malicious file ends it, not the API. */
const HEAP_MB = 192;
const WITHIN_MS = 60_000;
const program = fileURLToPath(new URL('./read-process.ts', import.meta.url));

export interface SheetReader {
  titles: (titles: string[]) => Promise<void>;
  rows: (rows: ReadRow[]) => Promise<void>;
}

/** Two sheets being read take two cores; other requests come first. Where the system does not allow it, they share. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {}
}

/**
 * Reads an uploaded .xlsx or .csv in a process of its own and passes on its titles and rows, in order, piece by piece; `sheet` names
 * the one that is meant. Throws the SHEET_* or CSV_* problem of a file that cannot be used.
 */
export async function readShipmentSheet(bytes: Uint8Array, sheet: string | undefined, reader: SheetReader): Promise<void> {
  const child = fork(program, sheet === undefined ? [] : [sheet], {
    // Not the parent's flags: those of a debugger or a test runner must not apply here.
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'],
    env: childEnvironment(),
    serialization: 'advanced',
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  });
  giveWay(child.pid);
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  let tail: Promise<unknown> = Promise.resolve();
  const work = async (message: SheetMessage) => {
    if ('titles' in message) await reader.titles(message.titles);
    else if ('rows' in message) await reader.rows(message.rows);
    else if ('end' in message) resolve();
    else reject(new Problem(message.problem, message.detail, message.more));
    if (child.connected) child.send('next');
  };
  child.on('message', (message: SheetMessage) => {
    tail = work(message).catch(reject);
  });
  child.on('error', reject);
  // It ended without a word: its memory was not enough. What it has sent before is worked on first.
  child.on('exit', () => void tail.then(() => reject(new Problem('SHEET_TOO_LARGE'))));
  child.stdin?.on('error', () => {});
  child.stdin?.end(bytes);
  const timer = setTimeout(() => reject(new Problem('SHEET_TOO_LARGE')), WITHIN_MS);
  try {
    await finished;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    // The caller continues only after all work for this sheet has ended.
    await tail;
  }
}
