import type { Db } from '../db/database.ts';
import type { Query } from '../db/statement.ts';
import type { Answer, StoredRequest } from './store.ts';

/**
 * Executes a stored request that is one transaction and nothing else: its answer is kept in that transaction, so whatever dies and
 * whoever repeats it, it is done once. A Problem thrown by `work` takes all of it back.
 */
export function once({ db }: { db: Db }, { id }: StoredRequest, work: (query: Query) => Promise<Answer>): Promise<Answer> {
  return db.transaction(async (query) => {
    const rows = await query<{ status: number | null; answer: unknown }>(
      'select status, answer from requests where id = $1 for update',
      [id],
    );
    const done = rows[0];
    if (done && done.status !== null) return { status: done.status, body: done.answer, final: true };
    const answer = await work(query);
    await query('update requests set status = $2, answer = $3, answered_at = now(), locked_until = null where id = $1', [
      id,
      answer.status,
      JSON.stringify(answer.body),
    ]);
    return answer;
  });
}
