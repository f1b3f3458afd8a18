import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { holdPickup, recordsWaiting } from '../../support/scenes/faults.ts';
import {
  claimsOn,
  commandPickup,
  orderLinesOf,
  pickupHistory,
  pickupIn,
  pickupOf,
  placedLine,
} from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const exchangeTo = { productId: 50_001, productName: '캠핑 의자', optionName: '베이지' };
const rivals = ['convert-to-exchange', 'complete', 'refuse', 'convert-to-return', 'complete'];
/** The rivals in another order each time, so that each of them comes first, and last. */
const orders = rivals.map((_, at) => [...rivals.slice(at), ...rivals.slice(0, at)]);
const inOrders = [...orders, ...orders.map((order) => order.toReversed())];

test.each(inOrders)(
  '%s, %s, %s, %s and %s at once: what is sent and settled is what the pickup was at its end',
  async (...names) => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'return');
    const letGo = await holdPickup(stack.databaseUrl, pickupNo);
    const sent = names.map((name) =>
      commandPickup(stack, name, pickupNo, name === 'convert-to-exchange' ? { items: [{ lineNo: 1, exchangeTo }] } : {}, {
        reason: '시험',
      }),
    );
    await recordsWaiting(stack, 1);
    await letGo();
    const results = await Promise.all(sent);

    const { state, kind, exchangeDeliveryNo, convertedFromReturn, convertedFromExchange } = await pickupOf(stack, pickupNo);
    const done = results.filter(({ ok }) => ok).length;
    const history = await pickupHistory(stack, pickupNo);
    expect(history.slice(0, 3)).toEqual(['claim', 'instruct', 'confirm']);
    expect(history).toHaveLength(3 + done);
    expect(['completed', 'refused']).toContain(state);
    expect({ convertedFromReturn, convertedFromExchange }).toEqual({
      convertedFromReturn: history.includes('convert-to-exchange'),
      convertedFromExchange: history.includes('convert-to-return'),
    });
    const isExchanged = state === 'completed' && kind === 'exchange';
    const status = state === 'refused' ? 'released' : isExchanged ? 'exchanged' : 'settled';
    await eventually(async () => (await claimsOn(stack, line))[pickupNo]?.status === status);
    const made = await stack.db.query(
      sql<{ delivery_no: string }>`select delivery_no from deliveries where pickup_no = ${pickupNo}`,
    );
    expect(made.map(({ delivery_no }) => delivery_no)).toEqual(isExchanged ? [exchangeDeliveryNo] : []);
    const lines = await orderLinesOf(stack, line);
    expect(lines.slice(1).map(({ product_id, quantity }) => [product_id, quantity])).toEqual(isExchanged ? [[50_001, 1]] : []);
  },
);
