import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { array, asyncProperty, assert as check, constantFrom, record } from 'fast-check';
import { sql } from 'kysely';
import { type Db, openDb } from '../../db/database.ts';
import { liftQuarantine, quarantine, quarantined } from '../../db/operations/quarantines.ts';
import { leave, leftFiles, takeAway } from '../../worker/quarantine/left-files.ts';
import { createDatabase } from '../support/database.ts';
import { unique } from '../support/scenes/orders.ts';

let db: Db;
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  db = openDb({ url: database.url });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const LONG_MS = 600_000;
const workers = ['A', 'B', 'C'] as const;
const stuckIn = (workflowId: string) => ({ workflowId, workflowType: 'loops', runId: 'run' });
const held = async (workflowId: string) => (await quarantined(db.query)).find((row) => row.workflow_id === workflowId);

describe('a worker lifts only the quarantine that it has put', () => {
  test('whatever workers find and take back, and whenever one runs out, it lasts while one has the workflow stuck', async () => {
    const steps = array(
      record({ what: constantFrom('stuck', 'returned', 'stuck', 'returned', 'expires'), by: constantFrom(...workers) }),
      {
        maxLength: 14,
      },
    );
    await check(
      asyncProperty(steps, async (asked) => {
        const workflowId = unique('loops');
        let putBy = new Set<string>();
        let times = 0;
        for (const { what, by } of asked) {
          if (what === 'stuck' && !putBy.has(by)) {
            await db.query(quarantine(stuckIn(workflowId), by, LONG_MS));
            putBy.add(by);
            times++;
          }
          // Also of one that has put none.
          if (what === 'returned') {
            await db.query(liftQuarantine(workflowId, by));
            if (putBy.delete(by)) times--;
          }
          if (what === 'expires') {
            await db.query(sql`update workflow_quarantines set until = now() where workflow_id = ${workflowId}`);
            putBy = new Set();
          }
          const row = await held(workflowId);
          // A worker that has died with its own behind is in the row until it ends; only what is held now is compared.
          expect([what, by, row !== undefined]).toEqual([what, by, putBy.size > 0]);
          if (row && !asked.some((step) => step.what === 'expires')) expect(row.times).toBe(times);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('one that has run out stays so, and its late return does not end the next one', async () => {
    const workflowId = unique('loops');
    await db.query(quarantine(stuckIn(workflowId), 'A', LONG_MS));
    await db.query(sql`update workflow_quarantines set until = now() - interval '1 minute' where workflow_id = ${workflowId}`);
    await db.query(quarantine(stuckIn(workflowId), 'B', LONG_MS));
    await db.query(liftQuarantine(workflowId, 'A'));
    expect(await held(workflowId)).toMatchObject({ times: 2 });
    await db.query(liftQuarantine(workflowId, 'B'));
    expect(await held(workflowId)).toBeUndefined();
  });

  test('the file that a worker has left stays when another of the same machine takes its own away', () => {
    const workflowId = unique('loops');
    const url = `postgres://none/${unique('db')}`;
    for (const by of ['A', 'B']) leave(url, stuckIn(workflowId), by, LONG_MS);
    takeAway(url, workflowId, 'A');
    expect(leftFiles(url)).toMatchObject([{ workflowId, by: 'B' }]);
    takeAway(url, workflowId, 'B');
    expect(leftFiles(url)).toEqual([]);
  });
});
