import type { Db, Em } from '../db/database.ts';
import { build, json, type Query } from '../db/statement.ts';
import type { Answer, StoredRequest } from './store.ts';

/** `once` for plain facts that are entities. */
export function onceInUnit(
  { db }: { db: Pick<Db, 'unitOfWork'> },
  { id }: StoredRequest,
  work: (em: Em, query: Query) => Promise<Answer>,
): Promise<Answer> {
  return db.unitOfWork(async (em, query) => {
    const [done] = await query(build.selectFrom('requests').select(['status', 'answer']).where('id', '=', id).forUpdate());
    if (done && done.status !== null) return { status: done.status, body: done.answer, final: true };
    const answer = await work(em, query);
    await em.flush();
    await query(
      build
        .updateTable('requests')
        .set((eb) => ({ status: answer.status, answer: json(answer.body), answered_at: eb.fn('now'), locked_until: null }))
        .where('id', '=', id),
    );
    return answer;
  });
}
