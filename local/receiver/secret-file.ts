import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The secret in a file that its owner alone reads, so that a restart still verifies; without a path in memory alone. */
export interface SecretFile {
  read: () => string | undefined;
  write: (secret: string) => void;
}

export function openSecretFile(path: string | undefined): SecretFile {
  let secret = path === undefined ? undefined : storedIn(path);
  return {
    read: () => secret,
    write: (given) => {
      if (path !== undefined) {
        mkdirSync(dirname(path), { recursive: true });
        // Renamed when complete: a process killed here must not leave half a secret.
        writeFileSync(`${path}.new`, given, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      }
      secret = given;
    },
  };
}

function storedIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
