import { type RawBuilder, sql } from 'kysely';
import type { Query, Row } from '../statement.ts';
import { hasKey, type RequestKey } from './find.ts';

type Request = Row<'requests'>;

/** One execution of a request. Only the latest may write how it ended: an older one may come back long after a newer began. */
export type Execution = Pick<Request, 'id' | 'attempts'>;

/** Begins another execution. */
const begun = (lockMs: number) =>
  sql`attempts = attempts + 1, unended = unended + 1, locked_until = now() + interval '1 ms' * ${lockMs}`;
const isFree = sql`answered_at is null and (locked_until is null or locked_until < now())`;

/** Locks an unanswered request with this body, which nobody is executing, for another execution. */
export async function takeRequest(query: Query, key: RequestKey, bodyHash: string, lockMs: number): Promise<Request | undefined> {
  const rows = await query(sql<Request>`
    update requests set ${begun(lockMs)} where ${hasKey(key)} and body_hash = ${bodyHash} and ${isFree} returning *`);
  return rows[0];
}

const lease = (query: Query, lockMs: number, most: number, which: RawBuilder<unknown>): Promise<Request[]> =>
  query(sql<Request>`
    update requests set ${begun(lockMs)}
     where id in (select id from requests where ${isFree} and sweep_at < now() and ${which}
                   order by sweep_at limit ${most} for update skip locked)
    returning *`);

/**
 * Locks the requests that the sweep executes next. One that two executions have not come back from may be what ends processes: it
 * comes alone, when nothing else is due, so that the others neither wait for it nor die with it.
 */
export async function leaseRequests(query: Query, lockMs: number, most: number): Promise<Request[]> {
  const leased = await lease(query, lockMs, most, sql`unended < 2`);
  return leased.length > 0 ? leased : lease(query, lockMs, 1, sql`unended >= 2`);
}

/**
 * Puts back requests that this process cannot execute; another process may know how. It counts as nothing, so the counts are as before
 * the lease; the pauses grow with the request's age.
 */
export async function putBack(query: Query, leased: Execution[]): Promise<void> {
  await query(sql`
    update requests r set locked_until = null, attempts = r.attempts - 1, unended = r.unended - 1,
           sweep_at = now() + least(greatest((now() - r.created_at) / 4, interval '10 seconds'), interval '10 minutes')
      from unnest(${leased.map(({ id }) => id)}::text[], ${leased.map(({ attempts }) => attempts)}::integer[]) as l (id, attempts)
     where r.id = l.id and r.attempts = l.attempts and r.answered_at is null`);
}

/** Keeps a request that is still being executed locked; false when it is no longer this execution's. */
export async function extendLock(query: Query, { id, attempts }: Execution, lockMs: number): Promise<boolean> {
  const extended = await query(sql<Pick<Request, 'id'>>`update requests set locked_until = now() + interval '1 ms' * ${lockMs}
     where id = ${id} and attempts = ${attempts} and answered_at is null returning id`);
  return extended.length > 0;
}
