import { basename } from 'node:path';
import { identify, type ProcessIdentity, parentOf } from './processes.ts';

const POLL_MS = 500;
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ash']);
const RUNNERS = /\b(npm|npx|node|yarn|pnpm|bun)\b/;

/**
 * Calls back when npm, or the shell between npm and this process, is gone, because kill -9 of either sends no signal here. Does
 * nothing when this process was not started by npm.
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

/** The parent, and if that is a shell, the parent's parent too; empty when npm died before this check. */
function npmAndShell(): ProcessIdentity[] {
  const parent = identify(process.ppid);
  if (!parent || isReaper(parent)) return [];
  const program = basename(parent.command.split(' ')[0] ?? '').replace(/^-/, '');
  if (!SHELLS.has(program)) return [parent];
  const above = identify(parentOf(parent.pid) ?? 0);
  return above && !isReaper(above) ? [parent, above] : [];
}

/** The process that inherits orphans; in a container, npm itself may be process 1. */
function isReaper({ pid, command }: ProcessIdentity): boolean {
  return (pid === 1 && !RUNNERS.test(command)) || /^(\S*\/)?systemd\b/.test(command);
}

/** Compares the start time only, because npm changes its process title while it runs. */
function isStillThere({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}
