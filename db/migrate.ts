import { databaseConfig } from '../process/config/database.ts';
import { readConfig } from '../process/config/reading.ts';
import { openDb } from './database.ts';

/** `npm run migrate`: migrates the database to the newest version; `npm run migrate -- down` reverts the last migration. */
const { database } = readConfig({ database: databaseConfig });
const db = openDb({ url: database.DATABASE_URL });
try {
  const done = process.argv[2] === 'down' ? await db.migrator.down() : await db.migrator.up();
  for (const { name } of done) console.log(`migrated ${name}`);
  if (done.length === 0) console.log('nothing to migrate');
} catch (error) {
  console.error(`the migration failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await db.close();
}
