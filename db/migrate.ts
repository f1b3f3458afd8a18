import { databaseConfig } from '../config.ts';
import { openDb } from './orm.ts';

/** `npm run migrate`: brings the database to the newest migration; `npm run migrate -- down` takes the last one back. */
const { databaseUrl } = databaseConfig(process.env);
const db = openDb({ url: databaseUrl });
try {
  const done = process.argv[2] === 'down' ? await db.migrator.down() : await db.migrator.up();
  for (const { name } of done) console.log(`migrated ${name}`);
  if (done.length === 0) console.log('nothing to migrate');
} finally {
  await db.close();
}
