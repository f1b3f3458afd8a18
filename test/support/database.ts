import { randomInt, randomUUID } from 'node:crypto';
import pg from 'pg';
import { TEMPLATE, testServers } from './servers.ts';

/** Delivery, pickup and plan numbers start somewhere else in every database: their workflows share one Temporal, and ids must differ. */
export const spreadNumbers = (url: string): Promise<void> =>
  withDb(url, async (query) => {
    for (const sequence of ['delivery_no_seq', 'pickup_no_seq', 'assembly_plan_uid_seq'])
      await query('select setval($1, $2)', [sequence, randomInt(1_000_000, 900_000_000_000)]);
  });

/** A migrated database of its own on the PostgreSQL that all test files share. */
export async function createDatabase(): Promise<{ name: string; url: string; drop: () => Promise<void> }> {
  const { databaseUrl } = testServers();
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const url = databaseUrl.replace(TEMPLATE, name);
  const server = databaseUrl.replace(TEMPLATE, 'postgres');
  // By files half the CPU of the default, which logs every page: 23–53 instead of 52–123 ms.
  await withDb(server, (query) => query(`create database ${name} template ${TEMPLATE} strategy file_copy`));
  await spreadNumbers(url);
  return {
    name,
    url,
    drop: async () => {
      await withDb(server, (query) => query(`drop database ${name} with (force)`));
    },
  };
}

/** By one plain connection: the door of a process (db/database.ts) takes longer to make than these statements do. */
async function withDb<T>(
  url: string,
  work: (query: (text: string, values?: unknown[]) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work((text, values) => client.query(text, values));
  } finally {
    await client.end();
  }
}
