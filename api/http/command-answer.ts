import { Problem, type ProblemCode } from '../../domain/problems.ts';
import type { Answer } from '../../requests/store.ts';

/** The answer of a command: 200 with a result for each, 202 for signals, 503 when none of them answered. */
export function answerOf(results: { ok: boolean; error?: { code: ProblemCode } | undefined }[], respondAsync: boolean): Answer {
  const pending = results.filter(({ error }) => error?.code === 'COMMAND_PENDING').length;
  const succeeded = results.filter(({ ok }) => ok).length;
  if (pending > 0 && pending === results.length) throw new Problem('COMMAND_PENDING', undefined, { results });
  if (respondAsync)
    return { status: 202, body: { accepted: succeeded, rejected: results.filter(({ ok }) => !ok) }, final: pending === 0 };
  const failed = results.length - succeeded;
  return { status: 200, body: { succeeded, failed, results }, final: pending === 0, recallable: failed === 0 };
}
