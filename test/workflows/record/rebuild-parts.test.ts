import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { commandLine, listedLine, type PlacedLine, placeOrder, storedRow, take } from '../../support/scenes/orders.ts';
import { rebuilt } from '../../support/scenes/record.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** A line's row, but for when it was written. */
const row = async (line: PlacedLine) => ({ ...(await storedRow(stack, line)), updated_at: 0, started_at: 0, created_at: 0 });

test('npm run rebuild keeps a split: the line, its part and one that went back come from workflows and histories', async () => {
  const [line] = (await placeOrder(stack, [{ quantity: 5 }])) as [PlacedLine];
  const split = async (quantity: number): Promise<PlacedLine> => {
    const { newLine } = await commandLine(stack, 'split', line, { quantity });
    return { ...line, deliveryNo: newLine.deliveryNo, lineNo: newLine.lineNo };
  };
  const [part, back] = [await split(2), await split(1)];
  await take(stack, back, ['merge']);
  await take(stack, part, ['instruct']);
  const all = [line, part, back];
  const before = await Promise.all(all.map(row));
  expect(before).toMatchObject([
    { quantity: 3 },
    { quantity: 2, root_line_no: 1 },
    { quantity: 0, finished_at: expect.any(Date) },
  ]);
  const agree = async () => {
    expect(await Promise.all(all.map(row))).toEqual(before);
    expect(await rebuilt(stack)).toMatchObject({ repaired: 0, unrepaired: 0, printed: [] });
  };
  await agree();
  await stack.db.query(
    sql`update delivery_lines set quantity = 5, revision = 9, last_split = null where order_no = ${line.orderNo}`,
  );
  expect(await rebuilt(stack)).toMatchObject({ repaired: 3, unrepaired: 0 });
  await agree();
  await stack.db.query(sql`delete from delivery_lines where order_no = ${line.orderNo}`);
  expect(await rebuilt(stack)).toMatchObject({ repaired: 3, unrepaired: 0 });
  await agree();
  await take(stack, line, ['instruct']);
  await take(stack, part, ['merge']);
  expect(await listedLine(stack, line)).toMatchObject({ quantity: 5, validQuantity: 5, splitTo: [] });
});
