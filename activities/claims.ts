import { ApplicationFailure } from '@temporalio/activity';
import { updateWorkflow } from '../commands/workflow-calls.ts';
import { findLine } from '../db/deliveries/find.ts';
import { toDeliveryLine } from '../db/deliveries/row.ts';
import { exchangeLines, exchangeOf, insertExchangeDelivery, lockOrder, originOf } from '../db/pickups/exchange.ts';
import type { DeliveryLine } from '../domain/deliveries/line.ts';
import { deliveryMachine } from '../domain/deliveries/machine.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ClaimSettlement } from '../workflows/messages/pickup.ts';
import type { ActivityDeps } from './deps.ts';

type Deps = Pick<ActivityDeps, 'db' | 'client' | 'log' | 'onClaimRefused'>;

export interface Settlement {
  pickupNo: string;
  settlement: ClaimSettlement;
  deliveryNo: string;
  lineNos: number[];
}

/**
 * Settles or releases a pickup's claims on its lines, each by an update that is idempotent by pickupNo. All rows are asked before the
 * first line is touched, so that a claim which cannot be settled or released as a whole stays as it is. A refusal means that the
 * pickup and a line disagree: the pickup's command is refused with the line's code, and it is logged and counted.
 */
export function createSettleClaims({ db, client, log, onClaimRefused }: Deps) {
  return async function settleClaims({ pickupNo, settlement, deliveryNo, lineNos }: Settlement): Promise<void> {
    const { judge, change } = deliveryMachine.commands[settlement];
    const refuse = (lineNo: number, code: string) => {
      onClaimRefused(settlement, code);
      log.error({ pickupNo, deliveryNo, lineNo, settlement, code }, 'a line and a pickup disagree about a claim: refused');
      return ApplicationFailure.nonRetryable(`${settlement} refused by ${deliveryNo}/${lineNo}`, code);
    };
    const lineOf = async (lineNo: number) => {
      const row = await findLine(db.query, deliveryNo, lineNo);
      if (!row) throw new Error(`no row for ${deliveryNo}/${lineNo}: run npm run rebuild`);
      return toDeliveryLine(row);
    };
    for (const lineNo of lineNos) {
      const code = judge?.(await lineOf(lineNo), { pickupNo });
      if (code) throw refuse(lineNo, code);
    }
    for (const lineNo of lineNos) {
      const message: DeliveryMessage = { requestId: `${pickupNo}-${settlement}`, actor: 'machine', by: pickupNo, pickupNo };
      const workflowId = deliveryWorkflowId(deliveryNo, lineNo);
      const answer = await updateWorkflow<Outcome>(client, workflowId, settlement, message, message.requestId);
      if (answer.kind === 'refused') throw refuse(lineNo, answer.code ?? 'INTERNAL');
      if (answer.kind !== 'ended') continue;
      const line = await lineOf(lineNo);
      // Without a run but not finished: `rebuild` starts it again, and a retry finds it.
      if (line.finishedAt === null) throw answer.error;
      // This claim was the line's last step, and a crash lost its answer.
      if (judge?.(line, { pickupNo }) || change?.(line, { pickupNo }, '') !== null) throw refuse(lineNo, 'LINE_FINISHED');
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
