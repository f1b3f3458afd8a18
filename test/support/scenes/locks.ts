import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import { eventually } from '../stack.ts';

/** Locks rows as another transaction would; the answer lets go of them. */
export async function hold({ db }: { db: Db }, lock: RawBuilder<unknown>): Promise<() => Promise<void>> {
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = db.transaction(async (query) => {
    await query(lock);
    held.resolve();
    await letGo.promise;
  });
  await Promise.race([held.promise, done]);
  return () => {
    letGo.resolve();
    return done;
  };
}

/** Cuts the connection of the statement that waits for a lock. */
export const cutWaiting = ({ db }: { db: Db }) =>
  eventually(async () => {
    const cut = await db.query(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`);
    return cut.length > 0;
  });
