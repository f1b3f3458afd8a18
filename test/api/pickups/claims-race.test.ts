import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { holdRows, recordsWaiting } from '../../support/scenes/faults.ts';
import { command, type PlacedLine, placeOrder, receiver, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import {
  type ClaimItem,
  claimBody,
  claimedOn,
  claimOnEach,
  claimsOn,
  openClaim,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Lines of one order, one piece each, all shipped; one call per step. */
async function shippedLines(n: number): Promise<PlacedLine[]> {
  const lines = await placeOrder(stack, Array(n).fill({ quantity: 1 }));
  for (const name of SHIPPED) {
    const asked = lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, carrierCode: '04', waybillNo: uniqueWaybill() }));
    expect((await command(stack, name, asked)).body).toMatchObject({ failed: 0 });
  }
  return lines;
}
const ask = (line: PlacedLine, items: ClaimItem[] = [{ lineNo: line.lineNo, quantity: 1 }]) =>
  claimBody('return', line.orderNo, items);
const pickupNosOf = async (claimNo: string) =>
  (await stack.db.query(sql<{ pickup_no: string }>`select pickup_no from pickups where claim_no = ${claimNo}`)).map(
    ({ pickup_no }) => pickup_no,
  );

describe('two claims racing for the last unit', () => {
  test('many times: one 201, one 409 NOT_CLAIMABLE, and the piece is held once', async () => {
    const lines = await shippedLines(40);
    for (let from = 0; from < lines.length; from += 10)
      await Promise.all(
        lines.slice(from, from + 10).map(async (line) => {
          const answers = await Promise.all([claimOnEach([line]), claimOnEach([line])].map((body) => postClaim(stack, body)));
          answers.sort((a, b) => a.status - b.status);
          expect(answers).toMatchObject([{ status: 201 }, { status: 409, body: { code: 'NOT_CLAIMABLE' } }]);
          expect(await claimsOn(stack, line)).toEqual({
            [answers[0]?.body.pickups[0].pickupNo]: { quantity: 1, status: 'reserved' },
          });
        }),
      );
  });

  test('a claim, its repeats and a rival for one of its lines, many times: nothing is held that no pickup has', async () => {
    const lines = await shippedLines(60);
    for (let from = 0; from < lines.length; from += 6)
      await Promise.all(
        [0, 2, 4].map(async (at) => {
          const [mine, contested] = lines.slice(from + at, from + at + 2) as [PlacedLine, PlacedLine];
          const [both, rival] = [claimOnEach([mine, contested]), claimOnEach([contested])];
          const answers = await Promise.all([both, rival, both, both, both].map((body) => postClaim(stack, body)));
          const statuses = answers.map(({ status }) => status);
          // 503 COMMAND_PENDING: another execution gave the claim back meanwhile; the sweep finds how it ends.
          for (const status of statuses) expect([200, 201, 409, 503]).toContain(status);
          expect(statuses.filter((status) => status === 201)).toHaveLength(1);
          const won = statuses[1] !== 201;
          await eventually(async () => {
            await stack.requests.sweep();
            await stack.db.query(sql`update requests set sweep_at = now() where answered_at is null`);
            const open = await stack.db.query(sql`select 1 from requests where answered_at is null`);
            return open.length === 0;
          });
          const [pickupNo] = await pickupNosOf(won ? both.claimNo : rival.claimNo);
          expect(await pickupNosOf(won ? rival.claimNo : both.claimNo)).toEqual([]);
          expect(await claimedOn(stack, mine)).toBe(won ? 1 : 0);
          expect(await claimsOn(stack, contested)).toMatchObject({ [pickupNo ?? '']: { quantity: 1, status: 'reserved' } });
          expect(await claimedOn(stack, contested)).toBe(1);
        }),
      );
  });
});

describe('a claim refused on one line releases the others', () => {
  test('what it held is claimable again at once, and its claimNo is free again', async () => {
    const [free, other, contested] = (await shippedLines(3)) as [PlacedLine, PlacedLine, PlacedLine];
    // The rival's reservation waits for the row, so that the row still shows a piece left when the claim is judged early.
    const letGo = await holdRows(stack.databaseUrl, [contested]);
    const rival = postClaim(stack, claimOnEach([contested]));
    await recordsWaiting(stack, 1);
    const body = claimOnEach([free, contested, other]);
    const answer = postClaim(stack, body);
    await eventually(async () => (await claimedOn(stack, free)) === 1 && (await claimedOn(stack, other)) === 1);
    await letGo();
    expect(await rival).toMatchObject({ status: 201 });
    expect(await answer).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } });

    for (const line of [free, other])
      expect(Object.values(await claimsOn(stack, line))).toEqual([{ quantity: 1, status: 'released' }]);
    expect(await stack.db.query(sql`select 1 from claims where claim_no = ${body.claimNo}`)).toEqual([]);
    const smaller = { ...claimOnEach([free, other]), claimNo: body.claimNo };
    const accepted = await postClaim(stack, smaller);
    expect(accepted).toMatchObject({ status: 201, body: { claimNo: body.claimNo } });
    for (const { pickupNo } of accepted.body.pickups) await takePickup(stack, pickupNo, ['instruct', 'confirm', 'complete']);
    for (const line of [free, other]) expect(await claimedOn(stack, line, 'settled')).toBe(1);
  });
});

describe('a claim against what else may happen to its line', () => {
  test('처리취소 of 출고완료 and a claim at once, many times: one of them, never both', async () => {
    const lines = await shippedLines(15);
    await Promise.all(
      lines.map(async (line) => {
        const { deliveryNo, lineNo } = line;
        const [claimed, undone] = await Promise.all([
          postClaim(stack, claimOnEach([line])),
          command(stack, 'undo', [{ deliveryNo, lineNo }], { reason: '시험' }),
        ]);
        const [result] = undone.body.results;
        if (claimed.status === 201) expect(result).toMatchObject({ ok: false, error: { code: 'CLAIM_OPEN' } });
        else expect([claimed.body.code, result.state]).toEqual(['NOT_CLAIMABLE', 'released']);
        expect(await claimedOn(stack, line)).toBe(claimed.status === 201 ? 1 : 0);
      }),
    );
  });

  test('a withdrawal and the next claim of the same piece', async () => {
    const [line] = await placeAndTake(stack, SHIPPED, [{ quantity: 1 }]);
    if (!line) throw new Error('no line');
    for (let round = 0; round < 5; round++) {
      const pickupNo = await openClaim(stack, 'return', line);
      await takePickup(stack, pickupNo, ['withdraw']);
      expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'withdrawn' });
    }
    expect(await claimedOn(stack, line, 'released')).toBe(5);
    expect(await claimedOn(stack, line)).toBe(0);
  });
});

describe('the same claimNo', () => {
  test('and body again 200 with the same answer, also when the pickup has moved on; another body 409 CLAIM_EXISTS', async () => {
    const line = await placedLine(stack);
    const body = ask(line);
    const first = await postClaim(stack, body);
    expect(first.status).toBe(201);
    const again = () => postClaim(stack, body);
    expect(await again()).toMatchObject({ status: 200, body: first.body });
    await takePickup(stack, first.body.pickups[0].pickupNo, ['instruct', 'confirm', 'complete']);
    expect((await again()).body).toEqual(first.body);
    const others = [
      { ...body, items: [{ ...body.items[0], quantity: 2 }] },
      { ...body, kind: 'exchange' },
      { ...body, pickupFrom: receiver },
      { ...ask(await placedLine(stack)), claimNo: body.claimNo },
    ];
    for (const other of others)
      expect(await postClaim(stack, other)).toMatchObject({ status: 409, body: { code: 'CLAIM_EXISTS' } });
    expect(await claimedOn(stack, line, 'settled')).toBe(1);
    expect(await claimedOn(stack, line)).toBe(0);
  });

  test('under the same Idempotency-Key: the first answer as it was, 201', async () => {
    const line = await placedLine(stack);
    const [body, key] = [ask(line), unique('key')];
    const first = await postClaim(stack, body, key);
    expect(await postClaim(stack, body, key)).toMatchObject({ status: 201, body: first.body });
    const other = await postClaim(stack, { ...body, kind: 'exchange' }, key);
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await claimedOn(stack, line)).toBe(1);
  });

  test('sent five times at once: one claim, one 201, the others its answer', async () => {
    for (let round = 0; round < 5; round++) {
      const line = await placedLine(stack);
      const body = ask(line, [{ lineNo: 1, quantity: 2 }]);
      const answers = await Promise.all(Array.from({ length: 5 }, () => postClaim(stack, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
      for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
      expect(await claimedOn(stack, line)).toBe(2);
    }
  });
});
