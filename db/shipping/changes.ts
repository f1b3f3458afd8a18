import type { Db, Em } from '../database.ts';
import { build, json, type Query } from '../statement.ts';

/** The transaction of a change, and when it was asked for: PostgreSQL's text, which has more digits than a Date. */
export interface Change {
  em: Em;
  query: Query;
  askedAt: string;
}

/** What a change did. */
export interface Changed {
  placeNo: number;
  policyNo: number | null;
  answer: object;
}

/**
 * Makes a change of places or policies once per stored request, in one transaction with the note of who made it: a request that a
 * crash left unanswered finds its note and answers it again. `askedAt` is when the request was stored; what has been written by a
 * later request stays as it is, so that one executed late undoes nothing.
 */
export async function changeOnce(
  db: Db,
  request: { id: string; sub: string; body: unknown },
  change: (change: Change) => Promise<Changed>,
): Promise<object> {
  return db.unitOfWork(async (em, query) => {
    const known = await query(build.selectFrom('shipping_changes').select('answer').where('request_id', '=', request.id));
    if (known[0]) return known[0].answer;
    const stored = await query(
      build
        .selectFrom('requests')
        .select((eb) => eb.cast<string>('created_at', 'text').as('asked_at'))
        .where('id', '=', request.id),
    );
    if (!stored[0]) throw new Error(`request ${request.id} is not stored`);
    const { placeNo, policyNo, answer } = await change({ em, query, askedAt: stored[0].asked_at });
    await query(
      build.insertInto('shipping_changes').values({
        request_id: request.id,
        by: request.sub,
        place_no: placeNo,
        policy_no: policyNo,
        body: json(request.body as object),
        answer: json(answer),
      }),
    );
    return answer;
  });
}
