import { startPostgres } from '../servers/postgres.ts';
import { prepareOwn } from '../servers/servers.ts';
import type { Context } from './context.ts';
import { STORE_CONNECTIONS, VISIBILITY_CONNECTIONS } from './temporal-config.ts';

/** Of one API or worker, with its default pool and what it opens beside. */
const OURS_CONNECTIONS = 25;
/** For migrations, people and tests. */
const SPARE_CONNECTIONS = 60;

/** Starts PostgreSQL as a supervised part, with room for everybody's connections, and migrates our database; returns its URL. */
export async function startDatabase({ keeper, supervisor, settings, topology, logOf }: Context, more: string[]): Promise<string> {
  const { apis, workers, histories, matchings } = topology;
  const theirs = (2 + histories + matchings) * (STORE_CONNECTIONS + VISIBILITY_CONNECTIONS);
  const connections = theirs + (apis + workers) * OURS_CONNECTIONS + SPARE_CONNECTIONS;
  const logFile = logOf('postgres');
  let url = '';
  await supervisor.supervise({
    name: 'postgres',
    kind: 'postgres',
    logFile,
    start: async () => {
      const place = { dataDir: settings.files.postgres, port: settings.PG_PORT, logFile };
      const running = await startPostgres(keeper, { ...place, settings: [`max_connections=${connections}`, ...more] });
      url = running.url;
      return running.child;
    },
  });
  await prepareOwn(keeper, settings, url);
  return url;
}
