import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { answeredRequest, expectSame, holdRows, recordsWaiting, requestOf, sweepNow } from '../../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import { claimedOn, claimOnEach, claimsOn, placeAndTake, postClaim, SHIPPED } from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '3600000' } });
  await stack.startWorker();
});
afterAll(() => stack.stop());

/** Holds the claim's row, so that its pickups cannot be written. */
async function holdClaim(claimNo: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from claims where claim_no = $1 for update', [claimNo]);
  return () => client.end();
}

const clock = async () => (await stack.db.query(sql<{ at: string }>`select clock_timestamp()::text as at`))[0]?.at ?? '';
/** An execution begun since then waits for the claim's row; what killed ones asked for waits there for some seconds, too. */
const isDriving = async (since: string) =>
  (
    await stack.db.query(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query ~ 'update claims' and query_start > ${since}::timestamptz`)
  ).length > 0;

test('the API killed between reservations and pickups until the request is given up: the claim is given back', async () => {
  const api = await stack.startApi({ SWEEP_INTERVAL_MS: '3600000' });
  const lines = (await placeAndTake(api, SHIPPED, [{}, { methodCode: '20' }])) as [PlacedLine, PlacedLine];
  const [body, key] = [claimOnEach(lines), unique('key')];
  const letLineGo = await holdRows(stack.databaseUrl, [lines[1]]);
  const sent = postClaim(api, body, key).catch(() => 'broken');
  await eventually(async () => (await claimedOn(stack, lines[0])) === 1);
  await recordsWaiting(stack, 1);
  const letClaimGo = await holdClaim(body.claimNo);
  await letLineGo();
  await eventually(async () => (await claimedOn(stack, lines[1])) === 1);
  // All is reserved, and the pickups wait for the claim's row.
  await recordsWaiting(stack, 1);
  await api.kill();
  expect(await sent).toBe('broken');

  for (const time of [2, 3]) {
    await sweepNow(stack, key);
    const since = await clock();
    const next = await stack.startApi();
    await eventually(() => isDriving(since));
    await next.kill();
    expect(await requestOf(stack, key)).toMatchObject({ attempts: time, answered_at: null });
  }
  await sweepNow(stack, key);
  const last = await stack.startApi();
  expect((await answeredRequest(stack, key)).answer).toMatchObject({ code: 'INTERNAL' });
  for (const line of lines) expect(await claimedOn(stack, line)).toBe(1);
  const another = claimOnEach(lines);
  const whole = { ...another, items: another.items.map((item) => ({ ...item, quantity: 2 })) };
  expect(await postClaim(last, whole)).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } });
  await letClaimGo();

  // As if the time had come. An execution that was killed may still write that it has begun, once the row is free.
  await eventually(async () => {
    await stack.db.query(sql`update claims set driven_at = now() - interval '2 hours' where status = 'reserving'`);
    return (await stack.db.query(sql`select 1 from claims where claim_no = ${body.claimNo}`)).length === 0;
  });
  for (const line of lines) {
    expect(Object.values(await claimsOn(stack, line))).toEqual([{ quantity: 1, status: 'released' }]);
    await expectSame(stack, line);
  }
  expect(await postClaim(last, whole)).toMatchObject({ status: 201 });
  for (const line of lines) expect(await claimedOn(stack, line)).toBe(2);

  // Told where operators look.
  expect((await last.get('/metrics', { token: null })).body).toContain('sweep_total{kind="claim"} 1');
  expect(readFileSync(last.logFile, 'utf8')).toContain('a claim that nobody opens any more was given back');
  await last.kill();
});
