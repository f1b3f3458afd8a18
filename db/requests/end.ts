import { sql } from 'kysely';
import { json, type Query, type Row } from '../statement.ts';

export type EndedRequest = Pick<Row<'requests'>, 'id' | 'operation' | 'trace_id'>;

/**
 * Answers at most `most` requests with a failure that nobody has answered in `days` days, and takes their content away, which may name
 * people: of an operation that no process knows, or still pending. One that is being executed is left to the next time; an execution
 * that comes back later all the same changes nothing. Returns them.
 */
export const endUnanswered = (query: Query, days: number, most: number, failure: { status: number }): Promise<EndedRequest[]> =>
  query(sql<EndedRequest>`
    update requests set status = ${failure.status}, answer = ${json(failure)}, answered_at = now(), locked_until = null,
           unended = 0, attempts = attempts + 1, params = '{}', body = 'null', reason = null, outcomes = null
     where id in (select id from requests where answered_at is null and created_at < now() - interval '1 day' * ${days}
                     and (locked_until is null or locked_until < now())
                   order by created_at limit ${most} for update skip locked)
    returning id, operation, trace_id`);
