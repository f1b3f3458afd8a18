import type { Db, Em } from '../db/database.ts';
import { lockAnswer } from '../db/requests/find.ts';
import { answerRequest } from '../db/requests/write.ts';
import type { Query } from '../db/statement.ts';
import type { Answer, StoredRequest } from './store.ts';

/**
 * Executes a stored request that is a single transaction. Its answer is stored in the same transaction, so it is done exactly once
 * despite crashes and repeats. A Problem thrown by `work` rolls everything back.
 */
export function once(
  { db }: { db: Pick<Db, 'transaction'> },
  { id }: StoredRequest,
  work: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  return db.transaction((query) => unlessAnswered(query, id, () => work(query)));
}

/** The same for facts kept as entities; changes that `work` makes to them are written at the end of the same transaction. */
export function onceInUnit(
  { db }: { db: Pick<Db, 'unitOfWork'> },
  { id }: StoredRequest,
  work: (em: Em, query: Query) => Promise<Answer>,
): Promise<Answer> {
  return db.unitOfWork((em, query) => unlessAnswered(query, id, () => work(em, query)));
}

async function unlessAnswered(query: Query, id: string, work: () => Promise<Answer>): Promise<Answer> {
  const done = await lockAnswer(query, id);
  if (done && done.status !== null) return { status: done.status, body: done.answer, final: true };
  const answer = await work();
  await answerRequest(query, id, answer);
  return answer;
}
