import { basename } from 'node:path';
import { identify, type ProcessIdentity, parentOf } from './processes.ts';

const POLL_MS = 500;
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ash']);
const RUNNERS = /\b(npm|npx|node|yarn|pnpm|bun)\b/;

/**
 * Calls back when npm, or the shell between npm and this process, has gone: kill -9 of either tells nobody. Does nothing when
 * this process was not started by npm.
 */
export function onNpmGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watched = npmAndShell();
  const parent = process.ppid;
  const timer = setInterval(() => {
    const orphan = watched.length === 0 || process.ppid !== parent;
    if (!orphan && watched.every(isStillThere)) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
}

/** The parent, and when that is a shell, its parent too; empty when npm died before it could be looked at. */
function npmAndShell(): ProcessIdentity[] {
  const parent = identify(process.ppid);
  if (!parent || isReaper(parent)) return [];
  const program = basename(parent.command.split(' ')[0] ?? '').replace(/^-/, '');
  if (!SHELLS.has(program)) return [parent];
  const above = identify(parentOf(parent.pid) ?? 0);
  return above && !isReaper(above) ? [parent, above] : [];
}

/** Who inherits the children of the dead; in a container, npm itself may be process 1. */
function isReaper({ pid, command }: ProcessIdentity): boolean {
  return (pid === 1 && !RUNNERS.test(command)) || /^(\S*\/)?systemd\b/.test(command);
}

/** By start time alone: npm gives itself another title as it goes along. */
function isStillThere({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}
