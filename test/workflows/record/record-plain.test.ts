import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Activities } from '../../../activities/index.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import { type PlacedLine, placeIn, unique } from '../../support/scenes/orders.ts';
import { countingRecordOf, decideStored, heldLine } from '../../support/scenes/record.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let record: Activities['record'];
let counted: { transactions: number };
beforeAll(async () => {
  stack = await startStack();
  ({ record, counted } = countingRecordOf(stack));
});
beforeEach(() => {
  counted.transactions = 0;
});
afterAll(() => stack.stop());

const held = (line: PlacedLine) => heldLine(stack, line);
const act = (line: PlacedLine, command: DeliveryCommand, requestId?: string, input?: DeliveryInput) =>
  decideStored(stack, record, line, command, requestId, input);

describe('a command that moves neither waybill nor stock is written by one statement', () => {
  test('row and history of each line, many at one moment', async () => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => placeIn(stack, 'ordered')));
    const acts = await Promise.all(lines.map((line) => act(line, 'instruct')));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual(lines.map(() => ({})));
    expect(counted.transactions).toBe(0);
    for (const [at, line] of lines.entries()) {
      expect(await held(line)).toEqual(acts[at]?.next);
      const { deliveryNo } = line;
      const rows = await stack.db.query(
        sql`select command, from_state, to_state, revision, by, snapshot from delivery_history where delivery_no = ${deliveryNo} order by id desc limit 1`,
      );
      const snapshot = acts[at]?.next;
      expect(rows).toEqual([
        { command: 'instruct', from_state: 'ordered', to_state: 'instructed', revision: 2, by: 'admin', snapshot },
      ]);
    }
  });

  test('one that was done before is answered as it was then', async () => {
    const [plain, other, leaving] = await Promise.all([
      placeIn(stack, 'ordered'),
      placeIn(stack, 'ordered'),
      placeIn(stack, 'released'),
    ]);
    const requestId = unique('R');
    const first = await act(other, 'instruct', requestId);
    await first.write();
    const [one, back] = [await act(plain, 'instruct'), await act(leaving, 'undo')];
    expect(await Promise.all([one.write(), first.write(), back.write()])).toEqual([{}, { line: first.next }, {}]);
    expect(await held(plain)).toEqual(one.next);
    expect(await held(other)).toEqual(first.next);
    expect(await held(leaving)).toEqual(back.next);
  });

  test('the same line twice at one moment: the second looks at what the first has written', async () => {
    const [one, two, line] = await Promise.all([1, 2, 3].map(() => placeIn(stack, 'ordered')));
    if (!one || !two || !line) throw new Error('no line');
    const requestId = unique('R');
    // While the first two are under way, the others wait for the statement that takes both.
    const [first, second, decided] = [
      await act(one, 'instruct'),
      await act(two, 'instruct'),
      await act(line, 'instruct', requestId),
    ];
    const later = await eventually(async () => {
      const again = await act(line, 'instruct', requestId);
      return again.next.instructedAt !== decided.next.instructedAt && again;
    });
    const written = await Promise.all([first.write(), second.write(), decided.write(), later.write()]);
    expect(written).toEqual([{}, {}, {}, { line: decided.next }]);
    expect(await held(line)).toEqual(decided.next);
  });

  test('a line that somebody holds waits alone', async () => {
    const [locked, free] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'ordered')];
    const [waiting, going] = [await act(locked, 'instruct'), await act(free, 'instruct')];
    let ended = false;
    let write: Promise<unknown> = Promise.resolve();
    await stack.db.transaction(async (query) => {
      await query(sql`select 1 from delivery_lines where delivery_no = ${locked.deliveryNo} for update`);
      write = waiting.write().then((result) => {
        ended = true;
        return result;
      });
      expect(await going.write()).toEqual({});
      expect(await held(free)).toEqual(going.next);
      expect(ended).toBe(false);
    });
    expect(await write).toEqual({});
    expect(await held(locked)).toEqual(waiting.next);
  });

  test('its row is looked up by index also while the table is small: the plan is kept when it has grown', async () => {
    await placeIn(stack, 'ordered');
    await stack.db.query(sql`analyze delivery_lines`);
    const plan = await stack.db.query(
      sql<{ 'QUERY PLAN': string }>`explain select from delivery_lines where delivery_no = 'D' and line_no = 1`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index');
  });
});
