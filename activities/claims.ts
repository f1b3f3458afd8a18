import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { type DeliveryLineRow, toDeliveryLine } from '../db/deliveries/row.ts';
import type { Query } from '../db/statement.ts';
import type { DeliveryLine } from '../domain/deliveries/line.ts';
import { numberOf } from '../domain/korea.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ClaimSettlement } from '../workflows/messages/pickup.ts';
import type { ActivityDeps } from './deps.ts';

export interface Settlement {
  pickupNo: string;
  settlement: ClaimSettlement;
  deliveryNo: string;
  lineNos: number[];
}

/** Tells the lines of a pickup what became of their claims, each by an update that is idempotent by pickupNo. */
export function createSettleClaims({ client }: ActivityDeps) {
  return async function settleClaims({ pickupNo, settlement, deliveryNo, lineNos }: Settlement): Promise<void> {
    for (const lineNo of lineNos) {
      const message: DeliveryMessage = { requestId: `${pickupNo}-${settlement}`, actor: 'machine', by: pickupNo, pickupNo };
      try {
        await client.workflow
          .getHandle(deliveryWorkflowId(deliveryNo, lineNo))
          .executeUpdate<Outcome, [DeliveryMessage]>(settlement, { args: [message], updateId: message.requestId });
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
          throw ApplicationFailure.nonRetryable(
            `${settlement} refused by ${deliveryNo}/${lineNo}`,
            error.cause.type ?? 'INTERNAL',
          );
        throw error;
      }
    }
  };
}

export interface ExchangeDelivery {
  deliveryNo: string;
  lines: DeliveryLine[];
}

/**
 * Inserts the new delivery of an exchange: the same receiver, place and method, the same products or those asked for instead,
 * at `ordered`. Once per pickup: a second call answers what the first inserted.
 */
export function createInsertExchange({ db }: ActivityDeps) {
  return async function insertExchange({ pickupNo }: { pickupNo: string }): Promise<ExchangeDelivery> {
    return db.transaction(async (query) => {
      const pickups = await query<{ order_no: string; original_delivery_no: string }>(
        'select order_no, original_delivery_no from pickups where pickup_no = $1',
        [pickupNo],
      );
      const pickup = pickups[0];
      if (!pickup) throw ApplicationFailure.nonRetryable(`no pickup ${pickupNo}`, 'PICKUP_NOT_FOUND');
      // The order's row is the lock under which its next line numbers are given.
      await query('select 1 from orders where order_no = $1 for update', [pickup.order_no]);
      const known = await query<{ delivery_no: string }>('select delivery_no from deliveries where pickup_no = $1', [pickupNo]);
      const deliveryNo = known[0]?.delivery_no ?? (await insert(query, pickupNo, pickup.order_no, pickup.original_delivery_no));
      const rows = await query<DeliveryLineRow>('select * from delivery_lines where delivery_no = $1 order by line_no', [
        deliveryNo,
      ]);
      return { deliveryNo, lines: rows.map(toDeliveryLine) };
    });
  };
}

async function insert(query: Query, pickupNo: string, orderNo: string, originalDeliveryNo: string): Promise<string> {
  const sequences = await query<{ n: number }>(`select nextval('delivery_no_seq') as n`);
  const deliveryNo = numberOf('D', sequences[0]?.n ?? 0, new Date());
  const made = await query(
    `insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, pickup_no, fee_terms)
     select $3, order_no, 'exchange', place_no, method_code, now(), $1, fee_terms from deliveries where delivery_no = $2 returning delivery_no`,
    [pickupNo, originalDeliveryNo, deliveryNo],
  );
  if (made.length === 0) throw ApplicationFailure.nonRetryable(`no delivery ${originalDeliveryNo}`, 'DELIVERY_NOT_FOUND');
  await query(
    `insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no, method_code, policy_no)
     select o.order_no, (select max(line_no) from order_lines where order_no = $2) + row_number() over (order by i.line_no), $3,
            coalesce(i.exchange_product_id, i.product_id), coalesce(i.exchange_product_name, i.product_name),
            case when i.exchange_product_id is null then i.option_name else i.exchange_option_name end,
            i.quantity, o.unit_price, o.place_no, o.method_code, o.policy_no
       from pickup_items i join order_lines o on o.order_no = $2 and o.line_no = i.line_no where i.pickup_no = $1`,
    [pickupNo, orderNo, deliveryNo],
  );
  await query(
    `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity)
     select l.delivery_no, l.line_no, l.order_no, 'exchange', l.product_id, l.place_no, l.method_code, d.ordered_at, 'ordered', 1, l.quantity
       from order_lines l join deliveries d on d.delivery_no = l.delivery_no where l.delivery_no = $1`,
    [deliveryNo],
  );
  await query(
    `insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, request_id)
     select delivery_no, line_no, now(), $2, 'order', null, state, revision, 'exchange-' || $2 from delivery_lines where delivery_no = $1`,
    [deliveryNo, pickupNo],
  );
  return deliveryNo;
}
