import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

type Request = Row<'requests'>;

/** Requests with the same values are repeats of each other. */
export type RequestKey = Pick<Request, 'sub' | 'method' | 'path' | 'key'>;

/** The request with this key. */
export async function findRequest(query: Query, { sub, method, path, key }: RequestKey): Promise<Request | undefined> {
  const rows = await query(sql<Request>`
    select * from requests where sub = ${sub} and method = ${method} and path = ${path} and key = ${key}`);
  return rows[0];
}

/** The answer of a request; the row is locked until the transaction ends, so that nobody else executes it. */
export async function lockAnswer(query: Query, id: string): Promise<Pick<Request, 'status' | 'answer'> | undefined> {
  const rows = await query(sql<Pick<Request, 'status' | 'answer'>>`
    select status, answer from requests where id = ${id} for update`);
  return rows[0];
}
