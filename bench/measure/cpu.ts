import { readdirSync, readFileSync } from 'node:fs';
import { descendants } from '../../local/keeper/processes.ts';

/** USER_HZ, the unit of CPU time in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time of one process in ms, with `tree` including its ended children; 0 where there is no /proc. */
function cpuOf(pid: number | string, tree: boolean): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime and stime, then cutime and cstime of children waited for.
    const ticks = fields.slice(11, tree ? 15 : 13).reduce((sum, field) => sum + Number(field), 0);
    return (ticks * 1000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** CPU time in ms used so far by a process and all its descendants, because PostgreSQL has a process per connection. */
export function cpuMs(pid: number): number {
  return [pid, ...descendants(pid).map((each) => each.pid)].reduce((sum, each) => sum + cpuOf(each, true), 0);
}

/** CPU time in ms of one process by the names of its threads: Node's own, V8's helpers, the SDK's native ones. */
export function threadCpu(pid: number): Map<string, number> {
  const byName = new Map<string, number>();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      const name = readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim();
      byName.set(name, (byName.get(name) ?? 0) + cpuOf(`${pid}/task/${task}`, false));
    } catch {
      // The thread has ended in the meantime.
    }
  }
  return byName;
}

/** Resident memory of one process in MB; 0 where there is no /proc. */
export function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The machine's busy time since boot, over all cores, to notice other load. */
export function machineCpu(): { busy: number; all: number } {
  try {
    const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
    const all = fields.reduce((sum, field) => sum + field, 0);
    const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
    return { busy: ((all - idle) * 1000) / TICKS_PER_SECOND, all: (all * 1000) / TICKS_PER_SECOND };
  } catch {
    return { busy: 0, all: 0 };
  }
}
