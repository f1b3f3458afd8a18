import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { descendants } from '../../local/keeper/processes.ts';

const run = promisify(execFile);

/** util-linux's `prlimit` changes a limit of a running process. */
export const hasDisks = async (): Promise<boolean> =>
  process.platform === 'linux' &&
  (await run('prlimit', ['--version']).then(
    () => true,
    () => false,
  ));

/**
 * Fills the disk of a process and its children, or gives room again. By the limit of a file's size: every write to a file fails, for
 * this process alone and without a file system of its own. PostgreSQL, Go and Node ignore its signal (SIGXFSZ), and see an error.
 */
export async function setDisk(pid: number, full: boolean): Promise<void> {
  const pids = [pid, ...descendants(pid).map((each) => each.pid)];
  const limit = full ? '--fsize=0:' : '--fsize=unlimited:';
  await Promise.allSettled(pids.map((each) => run('prlimit', ['--pid', String(each), limit])));
}
