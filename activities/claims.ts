import { ApplicationFailure } from '@temporalio/activity';
import { updateWorkflow } from '../commands/workflow-calls.ts';
import { toDeliveryLine } from '../db/deliveries/row.ts';
import { exchangeLines, exchangeOf, insertExchangeDelivery, lockOrder, originOf } from '../db/pickups/exchange.ts';
import type { DeliveryLine } from '../domain/deliveries/line.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ClaimSettlement } from '../workflows/messages/pickup.ts';
import type { ActivityDeps } from './deps.ts';

export interface Settlement {
  pickupNo: string;
  settlement: ClaimSettlement;
  deliveryNo: string;
  lineNos: number[];
}

/** Settles or releases a pickup's claims on its lines, each by an update that is idempotent by pickupNo. */
export function createSettleClaims({ client }: Pick<ActivityDeps, 'client'>) {
  return async function settleClaims({ pickupNo, settlement, deliveryNo, lineNos }: Settlement): Promise<void> {
    for (const lineNo of lineNos) {
      const message: DeliveryMessage = { requestId: `${pickupNo}-${settlement}`, actor: 'machine', by: pickupNo, pickupNo };
      const workflowId = deliveryWorkflowId(deliveryNo, lineNo);
      const answer = await updateWorkflow<Outcome>(client, workflowId, settlement, message, message.requestId);
      if (answer.kind === 'refused')
        throw ApplicationFailure.nonRetryable(`${settlement} refused by ${deliveryNo}/${lineNo}`, answer.code ?? 'INTERNAL');
      if (answer.kind === 'ended') throw answer.error;
    }
  };
}

export interface ExchangeDelivery {
  deliveryNo: string;
  lines: DeliveryLine[];
}

/**
 * Inserts the new delivery of an exchange in state `ordered`: the same receiver, place and method, the same products or those
 * requested instead. Only once per pickup: a second call returns what the first inserted.
 */
export function createInsertExchange({ db }: Pick<ActivityDeps, 'db'>) {
  return async function insertExchange({ pickupNo }: { pickupNo: string }): Promise<ExchangeDelivery> {
    return db.transaction(async (query) => {
      const origin = await originOf(query, pickupNo);
      if (!origin) throw ApplicationFailure.nonRetryable(`no pickup ${pickupNo}`, 'PICKUP_NOT_FOUND');
      await lockOrder(query, origin.order_no);
      const deliveryNo = (await exchangeOf(query, pickupNo)) ?? (await insertExchangeDelivery(query, pickupNo, origin));
      if (deliveryNo === undefined)
        throw ApplicationFailure.nonRetryable(`no delivery ${origin.original_delivery_no}`, 'DELIVERY_NOT_FOUND');
      return { deliveryNo, lines: (await exchangeLines(query, deliveryNo)).map(toDeliveryLine) };
    });
  };
}
