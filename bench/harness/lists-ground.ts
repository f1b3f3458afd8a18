import { sql } from 'kysely';
import type { Bench } from './bench.ts';
import { createHttp, type Http } from './http.ts';
import { loadMillion } from './million.ts';
import { benchToken, type RunningApi, settle, startApi } from './programs.ts';

/** Loads the rows of the lists unless an earlier part of this run has, and works on an API that serves them. */
export async function onListsGround(
  { servers, report, sizes }: Bench,
  work: (api: RunningApi, http: Http) => Promise<void>,
): Promise<void> {
  const count = async () => {
    const [counted] = await servers.db.lists.query(sql<{ rows: number }>`select count(*) as rows from delivery_lines`);
    return counted?.rows ?? 0;
  };
  if ((await count()) === 0) {
    const from = performance.now();
    await loadMillion(servers.urlOf('lists'), sizes.rows);
    report.say(`${await count()} rows loaded in ${Math.round((performance.now() - from) / 1000)} s`);
    await settle([servers.pids.postgres], 5_000);
  }
  const api = await startApi(servers, 'lists');
  const http = createHttp(api.url, await benchToken(), 4);
  try {
    await work(api, http);
  } finally {
    http.close();
    await api.child.stop();
  }
}
