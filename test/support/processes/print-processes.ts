import { execFileSync } from 'node:child_process';

/** Whether it has not ended; one that nobody collects is no more. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

/** The processes that make PDFs for this API, by their numbers; those that have ended and are not collected yet are none. */
export function printProcesses(parent: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,state=,args='], { encoding: 'utf8' }).split('\n');
  return rows.flatMap((row) => {
    const [, pid, ppid, state] = /^\s*(\d+)\s+(\d+)\s+(\S)/.exec(row) ?? [];
    const is = Number(ppid) === parent && state !== 'Z' && row.includes('print-process.ts');
    return is ? [Number(pid)] : [];
  });
}
