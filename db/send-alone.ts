import pg from 'pg';
import { compile, type Statement } from './statement.ts';

/** Sends one statement on a connection of its own, within about `limitMs`; for a thread that has no pool, or a database of others. */
export async function sendAlone<Answer extends object>(
  url: string,
  statement: Statement<Answer>,
  limitMs: number,
): Promise<Answer[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: limitMs, query_timeout: limitMs });
  // A connection that breaks fails the statement below as well.
  client.on('error', () => {});
  await client.connect();
  try {
    const { sql, parameters } = compile(statement);
    return (await client.query<Answer>({ text: sql, values: [...parameters] })).rows;
  } finally {
    // A server that does not answer does not answer a farewell either.
    void client.end().catch(() => {});
  }
}
