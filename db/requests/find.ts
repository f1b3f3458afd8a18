import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

type Request = Row<'requests'>;

/** What makes a request a repeat of another. */
export type RequestKey = Pick<Request, 'sub' | 'method' | 'path' | 'key'>;

/** The request that has this key. */
export async function findRequest(query: Query, { sub, method, path, key }: RequestKey): Promise<Request | undefined> {
  const rows = await query(sql<Request>`
    select * from requests where sub = ${sub} and method = ${method} and path = ${path} and key = ${key}`);
  return rows[0];
}

/** What a request was answered; nobody else executes it until the transaction ends. */
export async function lockAnswer(query: Query, id: string): Promise<Pick<Request, 'status' | 'answer'> | undefined> {
  const rows = await query(sql<Pick<Request, 'status' | 'answer'>>`
    select status, answer from requests where id = ${id} for update`);
  return rows[0];
}
