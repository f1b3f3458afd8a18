import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

type Request = Row<'requests'>;

/** Requests with the same values are repeats of each other. */
export type RequestKey = Pick<Request, 'sub' | 'member_id' | 'method' | 'path' | 'key'>;

/** A request's row by its key. */
export const hasKey = ({ sub, member_id, method, path, key }: RequestKey) =>
  sql`sub = ${sub} and member_id = ${member_id} and method = ${method} and path = ${path} and key = ${key}`;

/** The request with this key. */
export async function findRequest(query: Query, key: RequestKey): Promise<Request | undefined> {
  return (await query(sql<Request>`select * from requests where ${hasKey(key)}`))[0];
}

/** The answer of a request; undefined = it has none yet. */
export async function findAnswer(query: Query, id: string): Promise<{ status: number; body: unknown } | undefined> {
  const rows = await query(sql<{ status: number; body: unknown }>`
    select status, answer as body from requests where id = ${id} and answered_at is not null`);
  return rows[0];
}

/** When the request was stored, as text: PostgreSQL has more digits than a Date. */
export async function askedAtOf(query: Query, id: string): Promise<string> {
  const [row] = await query(sql<{ at: string }>`select created_at::text as at from requests where id = ${id}`);
  if (!row) throw new Error(`request ${id} is not stored`);
  return row.at;
}

/** When the request was stored. */
export async function storedAtOf(query: Query, id: string): Promise<Date> {
  const [row] = await query(sql<{ at: Date }>`select created_at as at from requests where id = ${id}`);
  if (!row) throw new Error(`request ${id} is not stored`);
  return row.at;
}

/** A request that is being executed in a transaction; `askedAt` as text, because PostgreSQL has more digits than a Date. */
export type LockedRequest = Pick<Request, 'status' | 'answer'> & { askedAt: string };

/** The request, whose row is locked until the transaction ends, so that nobody else executes it. */
export async function lockRequest(query: Query, id: string): Promise<LockedRequest | undefined> {
  const rows = await query(sql<LockedRequest>`
    select status, answer, created_at::text as "askedAt" from requests where id = ${id} for update`);
  return rows[0];
}
