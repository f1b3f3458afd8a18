import { expressionBuilder, sql } from 'kysely';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import type { Condition } from '../lists.ts';
import type { Tables } from '../statement.ts';

/** Conditions name columns without a table, so they can be used wherever delivery_lines is the innermost table. */
export const line = expressionBuilder<Tables, 'delivery_lines'>();

/**
 * docs/sources/requirements.md#delivery-6: valid quantity only, no 주문취소, 반품취소, 반품완료. Literals, to match the predicates of
 * the partial indexes.
 */
export const isListed: Condition = line.and([line('valid_quantity', '>', sql.lit(0)), line('state', '<>', sql.lit('canceled'))]);

/** Has still to leave; in literals too. */
export const isUnshipped: Condition = line(
  'state',
  'in',
  unshippedStates.map((state) => sql.lit(state)),
);

/** Waits for stock; a part that has gone back to its line keeps its state, and waits for nothing. */
export const isWaiting: Condition = line.and([
  line('state', '=', sql.lit('awaitingShipment')),
  line('valid_quantity', '>', sql.lit(0)),
]);
