import type { Db } from '../database.ts';
import type { Query } from '../statement.ts';

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
  change: (query: Query, askedAt: string) => Promise<Changed>,
): Promise<object> {
  return db.transaction(async (query) => {
    const known = await query<{ answer: object }>('select answer from shipping_changes where request_id = $1', [request.id]);
    if (known[0]) return known[0].answer;
    const stored = await query<{ asked_at: string }>('select created_at::text as asked_at from requests where id = $1', [
      request.id,
    ]);
    if (!stored[0]) throw new Error(`request ${request.id} is not stored`);
    const { placeNo, policyNo, answer } = await change(query, stored[0].asked_at);
    await query(
      'insert into shipping_changes (request_id, by, place_no, policy_no, body, answer) values ($1, $2, $3, $4, $5, $6)',
      [request.id, request.sub, placeNo, policyNo, JSON.stringify(request.body), JSON.stringify(answer)],
    );
    return answer;
  });
}
