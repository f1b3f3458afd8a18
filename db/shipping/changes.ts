import { raw } from '@mikro-orm/core';
import type { Db, Em } from '../database.ts';
import { lockRequest } from '../requests/find.ts';
import { build, json, type Query } from '../statement.ts';

/** The transaction of a change, and when it was requested, as text because PostgreSQL has more digits than a Date. */
export interface Change {
  em: Em;
  query: Query;
  askedAt: string;
}

/** When a row was written, and when its request was stored. MikroORM accepts such expressions in `assign`, but not in `create`. */
export const written = (askedAt: string) => ({ askedAt: raw('?::timestamptz', [askedAt]), updatedAt: raw('now()') });

/** The result of a change. */
export interface Changed {
  placeNo: number | null;
  policyNo: number | null;
  dispatchPolicyNo?: number;
  answer: object;
}

/**
 * Makes a change of places, policies or the calendar once per stored request, in one transaction with a row that says who made it. A
 * request that a crash left unanswered finds that row and gives the same answer. `askedAt` is when the request was stored; what a later
 * request has written stays, so that a request executed late undoes nothing.
 */
export async function changeOnce(
  db: Db,
  request: { id: string; sub: string; body: unknown },
  change: (change: Change) => Promise<Changed>,
): Promise<object> {
  return db.unitOfWork(async (em, query) => {
    const stored = await lockRequest(query, request.id);
    if (!stored) throw new Error(`request ${request.id} is not stored`);
    const known = await query(build.selectFrom('shipping_changes').select('answer').where('request_id', '=', request.id));
    if (known[0]) return known[0].answer;
    const { placeNo, policyNo, dispatchPolicyNo = null, answer } = await change({ em, query, askedAt: stored.askedAt });
    await query(
      build.insertInto('shipping_changes').values({
        request_id: request.id,
        by: request.sub,
        place_no: placeNo,
        policy_no: policyNo,
        dispatch_policy_no: dispatchPolicyNo,
        body: json(request.body as object),
        answer: json(answer),
      }),
    );
    return answer;
  });
}
