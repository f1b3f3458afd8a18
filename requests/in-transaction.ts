import type { Db, Em } from '../db/database.ts';
import { lockRequest } from '../db/requests/find.ts';
import { answerRequest } from '../db/requests/write.ts';
import type { Query } from '../db/statement.ts';
import type { Answer, StoredRequest } from './store.ts';

/** A request in its transaction: when it was stored, as text because PostgreSQL has more digits than a Date. */
export interface AskedAt {
  askedAt: string;
}

/**
 * Executes a stored request that is a single transaction. Its answer is stored in the same transaction, so it is done exactly once
 * despite crashes and repeats. A Problem thrown by `work` rolls everything back. A change of facts compares `askedAt` with that of
 * the facts, so that a request executed late never overwrites a newer one (SUPERSEDED).
 */
export function once(
  { db }: { db: Pick<Db, 'transaction'> },
  { id }: StoredRequest,
  work: (query: Query, asked: AskedAt) => Promise<Answer>,
): Promise<Answer> {
  return db.transaction((query) => unlessAnswered(query, id, (asked) => work(query, asked)));
}

/** The same for facts kept as entities; changes that `work` makes to them are written at the end of the same transaction. */
export function onceInUnit(
  { db }: { db: Pick<Db, 'unitOfWork'> },
  { id }: StoredRequest,
  work: (em: Em, query: Query, asked: AskedAt) => Promise<Answer>,
): Promise<Answer> {
  return db.unitOfWork((em, query) => unlessAnswered(query, id, (asked) => work(em, query, asked)));
}

async function unlessAnswered(query: Query, id: string, work: (asked: AskedAt) => Promise<Answer>): Promise<Answer> {
  const request = await lockRequest(query, id);
  if (!request) throw new Error(`request ${id} is not stored`);
  if (request.status !== null) return { status: request.status, body: request.answer, final: true };
  const answer = await work(request);
  await answerRequest(query, id, answer);
  return answer;
}
