import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { sweepClaims } from '../../../api/pickups/claim-release.ts';
import { claimBody } from '../../../api/pickups/claim-schemas.ts';
import { linesOfOrder } from '../../../db/deliveries/find.ts';
import { noteClaim, sharesOf } from '../../../db/pickups/claim-intake.ts';
import { findClaim } from '../../../db/pickups/claims.ts';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { holdRows, recordsWaiting } from '../../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import { claimedOn, claimOnEach, placeAndTake, placedLine, postClaim, SHIPPED } from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  // One test waits until an execution has given up.
  stack = await startStack({ COMMAND_TIMEOUT_MS: '10000' });
});
afterAll(() => stack.stop());

/** A claim that was broken off after some of its lines were reserved, and whose request is gone. */
async function leftClaim(lines: PlacedLine[], reserved = lines) {
  const body = claimOnEach(lines);
  const asked = claimBody.parse(body);
  const rows = await linesOfOrder(stack.db.query, body.orderNo);
  const shares = asked.items.flatMap((item) => sharesOf(item, rows) ?? []);
  await noteClaim(stack.db.query, unique('gone'), asked, shares);
  const claim = await findClaim(stack.db.query, body.claimNo);
  for (const { deliveryNo, lineNo } of reserved)
    await stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo)).executeUpdate('reserve-claim', {
      args: [{ requestId: claim?.request_id, actor: 'machine', pickupNo: claim?.pickup_nos[deliveryNo], quantity: 1 }],
    });
  await age(body.claimNo);
  return body;
}
/** As if the time had come. */
const age = (claimNo: string) =>
  stack.db.query(sql`update claims set driven_at = now() - interval '1 hour' where claim_no = ${claimNo}`);
const statusOf = async (claimNo: string) => (await findClaim(stack.db.query, claimNo))?.status;
const twoLines = async () => (await placeAndTake(stack, SHIPPED, [{}, { methodCode: '20' }])) as [PlacedLine, PlacedLine];
const pickupsOf = (claimNo: string) => stack.db.query(sql`select 1 from pickups where claim_no = ${claimNo}`);

/** The same claim sent until it is open, as a shop does it. */
const opened = (body: Parameters<typeof postClaim>[1]) =>
  eventually(async () => {
    const { status, body: answer } = await postClaim(stack, body);
    if (status === 503) expect(answer.code).toBe('COMMAND_PENDING');
    return status < 300;
  });

describe('a claim that nobody opens any more', () => {
  test('is given back, with what it reserved: other claims and the same one are possible', async () => {
    const lines = await twoLines();
    const body = await leftClaim(lines, [lines[0]]);
    expect(await sweepClaims(stack.deps)).toBe(1);
    expect([await statusOf(body.claimNo), await claimedOn(stack, lines[0])]).toEqual([undefined, 0]);
    expect(await sweepClaims(stack.deps)).toBe(0);
    expect(await postClaim(stack, body)).toMatchObject({ status: 201 });
  });

  test('and that was being released, and several at once by two sweepers: each once', async () => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => placedLine(stack, SHIPPED)));
    const bodies = await Promise.all(lines.map((line) => leftClaim([line])));
    await stack.db.query(sql`update claims set status = 'releasing' where claim_no = ${bodies[0]?.claimNo ?? ''}`);
    const swept = await Promise.all([sweepClaims(stack.deps), sweepClaims(stack.deps)]);
    expect(swept.reduce((sum, each) => sum + each)).toBe(6);
    for (const line of lines) expect(await claimedOn(stack, line)).toBe(0);
  });
});

describe('one that is still being opened stays', () => {
  test('while its request has no answer', async () => {
    const line = await placedLine(stack, SHIPPED);
    const body = await leftClaim([line]);
    const claim = await findClaim(stack.db.query, body.claimNo);
    await stack.db.query(sql`insert into requests (id, sub, member_id, method, path, key, operation, params, body_hash, body, respond_async, trace_id, unended, locked_until, sweep_at)
      values (${claim?.request_id ?? ''}, 'shop', '', 'POST', '/', ${unique('key')}, 'claim', '{}', '', '{}', false, '', 0, now() + interval '1 hour', now() + interval '1 hour')`);
    expect(await sweepClaims(stack.deps)).toBe(0);
    await stack.db.query(
      sql`update requests set answered_at = now(), status = 500, answer = '{}' where id = ${claim?.request_id ?? ''}`,
    );
    expect(await sweepClaims(stack.deps)).toBe(1);
    expect(await claimedOn(stack, line)).toBe(0);
  });

  test('while a repeat is reserving: it is opened', async () => {
    const lines = await twoLines();
    const body = await leftClaim(lines, [lines[0]]);
    const letGo = await holdRows(stack.databaseUrl, [lines[1]]);
    const repeat = postClaim(stack, body);
    await recordsWaiting(stack, 1);
    expect(await sweepClaims(stack.deps)).toBe(0);
    await letGo();
    expect(await repeat).toMatchObject({ status: 200 });
    for (const line of lines) expect(await claimedOn(stack, line)).toBe(1);
  });
});

describe('the same claim sent again while it is given back', () => {
  test('is pending, then opened anew, with nothing held twice', async () => {
    const lines = await twoLines();
    const body = await leftClaim(lines);
    const letGo = await holdRows(stack.databaseUrl, [lines[1]]);
    const sweep = sweepClaims(stack.deps);
    await recordsWaiting(stack, 1);
    const repeat = postClaim(stack, body);
    await eventually(async () => (await claimedOn(stack, lines[0])) === 0);
    // Once the line is let go the repeat may find the claim given back already: it has to come before.
    expect((await repeat).body.code).toBe('COMMAND_PENDING');
    await letGo();
    expect(await sweep).toBe(1);
    await opened(body);
    for (const line of lines) expect(await claimedOn(stack, line)).toBe(1);
  });

  test('an execution that comes back after its claim was given back gives back what it reserved late', async () => {
    const lines = await twoLines();
    const body = await leftClaim(lines, [lines[0]]);
    const letGo = await holdRows(stack.databaseUrl, [lines[1]]);
    const late = postClaim(stack, body);
    await recordsWaiting(stack, 1);
    // As if it had been halted for so long; the claim is given back meanwhile, and gone.
    await stack.db.query(sql`delete from claims where claim_no = ${body.claimNo}`);
    await letGo();
    expect((await late).body.code).toBe('COMMAND_PENDING');
    for (const line of lines) expect(await claimedOn(stack, line)).toBe(0);
    await opened(body);
    for (const line of lines) expect(await claimedOn(stack, line)).toBe(1);
  });

  test('at any moment, many times: it ends open, and its piece is held once, by its pickup', async () => {
    const lines = await Promise.all(Array.from({ length: 24 }, () => placedLine(stack, SHIPPED)));
    for (let from = 0; from < lines.length; from += 6)
      await Promise.all(
        lines.slice(from, from + 6).map(async (line, at) => {
          const body = await leftClaim([line]);
          await Promise.all([
            ...Array.from({ length: 1 + (at % 3) }, () => postClaim(stack, body)),
            sweepClaims(stack.deps),
            age(body.claimNo).then(() => sweepClaims(stack.deps)),
          ]);
          await opened(body);
          await stack.db.query(sql`update claims set driven_at = now() - interval '1 hour'`);
          await sweepClaims(stack.deps);
          expect([await claimedOn(stack, line), (await pickupsOf(body.claimNo)).length]).toEqual([1, 1]);
          expect(await statusOf(body.claimNo)).toBe('open');
        }),
      );
  });
});
