import type { Db, Em } from '../db/database.ts';
import { lockAnswer } from '../db/requests/find.ts';
import { answerRequest } from '../db/requests/write.ts';
import type { Query } from '../db/statement.ts';
import type { Answer, StoredRequest } from './store.ts';

/**
 * Executes a stored request that is one transaction and nothing else: its answer is kept in that transaction, so whatever dies and
 * whoever repeats it, it is done once. A Problem thrown by `work` takes all of it back.
 */
export function once(
  { db }: { db: Pick<Db, 'transaction'> },
  { id }: StoredRequest,
  work: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  return db.transaction((query) => unlessAnswered(query, id, () => work(query)));
}

/** The same for plain facts that are entities: what `work` changes of them is written before the answer. */
export function onceInUnit(
  { db }: { db: Pick<Db, 'unitOfWork'> },
  { id }: StoredRequest,
  work: (em: Em, query: Query) => Promise<Answer>,
): Promise<Answer> {
  return db.unitOfWork((em, query) =>
    unlessAnswered(query, id, async () => {
      const answer = await work(em, query);
      await em.flush();
      return answer;
    }),
  );
}

async function unlessAnswered(query: Query, id: string, work: () => Promise<Answer>): Promise<Answer> {
  const done = await lockAnswer(query, id);
  if (done && done.status !== null) return { status: done.status, body: done.answer, final: true };
  const answer = await work();
  await answerRequest(query, id, answer);
  return answer;
}
