import { describe, expect, test } from '@jest/globals';
import { build, compile, type Tables } from '../../db/statement.ts';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { FrozenTerms } from '../../domain/shipping/bundle-fee.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Any = {
  [T in keyof Tables]: { [C in keyof Tables[T]]: 0 extends 1 & Tables[T][C] ? [T, C] : never }[keyof Tables[T]];
}[keyof Tables];

describe('statements typed from the entities', () => {
  test('know every column as PostgreSQL gives it', () => {
    const known: true[] = [
      true satisfies Same<Any, never>,
      // The key of two columns is no column of its own.
      true satisfies Same<Extract<keyof Tables['delivery_lines'], `order_line${string}`>, never>,
      true satisfies Same<Tables['delivery_lines']['state'], DeliveryState>,
      true satisfies Same<Tables['delivery_lines']['product_id'], number>,
      true satisfies Same<Tables['delivery_lines']['order_no'], string>,
      true satisfies Same<Tables['delivery_lines']['shipped_at'], Date | null>,
      true satisfies Same<Tables['delivery_lines']['valid_quantity']['__select__'], number>,
      true satisfies Same<Tables['deliveries']['fee_terms'], FrozenTerms | null>,
      true satisfies Same<Tables['deliveries']['pickup_no'], string | null>,
      true satisfies Same<Tables['shipping_policies']['place_no'], number>,
      true satisfies Same<Tables['pickup_items']['fault'], 'buyer' | 'seller' | null>,
      true satisfies Same<Tables['orders']['receiver_address1'], string>,
    ];
    expect(known).not.toContain(false);
  });

  test('need no column with a default, and no misspelt word compiles', () => {
    const statement = build.insertInto('workers').values({ id: 'a', task_queue: 'b' });
    expect(compile(statement)).toMatchObject({
      sql: 'insert into "workers" ("id", "task_queue") values ($1, $2)',
      parameters: ['a', 'b'],
    });
    // @ts-expect-error a table that is not there
    build.selectFrom('worker');
    // @ts-expect-error a column that is not there
    build.selectFrom('workers').select('task_que');
    // @ts-expect-error a state that is not there
    build.selectFrom('delivery_lines').where('state', '=', 'shiped');
    // @ts-expect-error a column without a default
    build.insertInto('workers').values({ id: 'a' });
  });
});
