import type { Logger } from 'pino';
import { noteName } from '../../db/operations/callers.ts';
import type { Query } from '../../db/statement.ts';
import { cleanText } from '../../domain/text.ts';

interface SignedIn {
  sub: string;
  name: unknown;
  memberId: number | null;
}

const MOST = 10_000;
const MOST_LETTERS = 100;

/**
 * Keeps the names in tokens, so that history can show people. It is told whenever a token has been verified, at most once a minute
 * a token, and writes only what this process has not seen; nobody waits for it. What could not be written is tried again with the
 * next verification. A 고객사's token has no part in history, and its `sub` may be another person's here; a machine has no name.
 */
export function createCallerNames({
  query,
  log,
  machine,
}: {
  query: Query;
  log: Pick<Logger, 'warn'>;
  machine: string;
}): (who: SignedIn) => void {
  const known = new Map<string, string>();
  return ({ sub, name: claimed, memberId }) => {
    const name = typeof claimed === 'string' ? [...cleanText(claimed).trim()].slice(0, MOST_LETTERS).join('') : '';
    if (name === '' || memberId !== null || sub === machine || known.get(sub) === name) return;
    known.delete(sub);
    for (const oldest of known.keys()) {
      if (known.size < MOST) break;
      known.delete(oldest);
    }
    known.set(sub, name);
    noteName(query, sub, name).catch((error: unknown) => {
      if (known.get(sub) === name) known.delete(sub);
      log.warn({ err: error, sub }, 'the name of a caller could not be kept');
    });
  };
}
