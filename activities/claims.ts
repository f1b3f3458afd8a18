import { ApplicationFailure } from '@temporalio/activity';
import { queryWorkflow, updateWorkflow } from '../commands/workflow-calls.ts';
import { deliveriesByNo, findLine } from '../db/deliveries/find.ts';
import { toDeliveryLine } from '../db/deliveries/row.ts';
import { exchangeLines, exchangeOf, insertExchangeDelivery, lockOrder, originOf } from '../db/pickups/exchange.ts';
import type { Query } from '../db/statement.ts';
import type { DeliveryLine } from '../domain/deliveries/line.ts';
import { deliveryMachine } from '../domain/deliveries/machine.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import { STATE_QUERY } from '../workflows/messages/names.ts';
import type { ClaimSettlement } from '../workflows/messages/pickup.ts';
import type { ActivityDeps } from './deps.ts';

type Deps = Pick<ActivityDeps, 'db' | 'client' | 'log' | 'onClaimRefused'>;

export interface Settlement {
  pickupNo: string;
  settlement: ClaimSettlement;
  deliveryNo: string;
  lineNos: number[];
}

/** The status of a claim that has been settled or released. */
const ended = { 'settle-return': 'settled', 'settle-exchange': 'exchanged', 'release-claim': 'released' } as const;

/**
 * Settles or releases a pickup's claims on its lines, each by an update that is idempotent by pickupNo. Whatever can refuse comes
 * first: the origin of an exchange and all lines, as their workflows are, are asked before the first line is touched. A refusal then
 * means that the pickup and a line disagree: the pickup's command is refused with the line's code, and nothing has changed. Should a
 * line refuse when another has been done all the same, the rest is tried again until it is whole. Both are logged and counted.
 */
export function createSettleClaims({ db, client, log, onClaimRefused }: Deps) {
  return async function settleClaims({ pickupNo, settlement, deliveryNo, lineNos }: Settlement): Promise<void> {
    const { judge, change } = deliveryMachine.commands[settlement];
    const rowOf = async (lineNo: number) => {
      const row = await findLine(db.query, deliveryNo, lineNo);
      if (!row) throw new Error(`no row for ${deliveryNo}/${lineNo}: run npm run rebuild`);
      return toDeliveryLine(row);
    };
    if (settlement === 'settle-exchange') await askOrigin(db.query, pickupNo);
    const lines = await Promise.all(
      lineNos.map(async (lineNo) => ({ lineNo, line: await liveLine(client, await rowOf(lineNo)) })),
    );
    let isBegun = lines.some(({ line }) => line.claims[pickupNo]?.status === ended[settlement]);
    const refuse = (lineNo: number, code: string) => {
      onClaimRefused(settlement, code);
      log.error(
        { pickupNo, deliveryNo, lineNo, settlement, code, isBegun },
        'a line and a pickup disagree about a claim: refused',
      );
      const nonRetryable = !isBegun;
      return ApplicationFailure.create({ message: `${settlement} refused by ${deliveryNo}/${lineNo}`, type: code, nonRetryable });
    };
    for (const { lineNo, line } of lines) {
      const code = judge?.(line, { pickupNo });
      if (code) throw refuse(lineNo, code);
    }
    for (const { lineNo } of lines) {
      const message: DeliveryMessage = { requestId: `${pickupNo}-${settlement}`, actor: 'machine', by: pickupNo, pickupNo };
      const workflowId = deliveryWorkflowId(deliveryNo, lineNo);
      const answer = await updateWorkflow<Outcome>(client, workflowId, settlement, message, message.requestId);
      if (answer.kind === 'refused') throw refuse(lineNo, answer.code ?? 'INTERNAL');
      if (answer.kind === 'ended') {
        const line = await rowOf(lineNo);
        // Without a run but not finished: `rebuild` starts it again, and a retry finds it.
        if (line.finishedAt === null) throw answer.error;
        // This claim was the line's last step, and a crash lost its answer.
        if (judge?.(line, { pickupNo }) || change?.(line, { pickupNo }, '') !== null) throw refuse(lineNo, 'LINE_FINISHED');
      }
      isBegun = true;
    }
  };
}

/** The line as its workflow has it; as its row where the workflow has ended. A row may be ahead of its workflow after a crash. */
async function liveLine(client: Deps['client'], row: DeliveryLine): Promise<DeliveryLine> {
  if (row.finishedAt !== null) return row;
  return (await queryWorkflow<DeliveryLine>(client, deliveryWorkflowId(row.deliveryNo, row.lineNo), STATE_QUERY)) ?? row;
}

/** Refuses what `insertExchange` would refuse. */
async function askOrigin(query: Query, pickupNo: string) {
  const origin = await originOf(query, pickupNo);
  if (!origin) throw ApplicationFailure.nonRetryable(`no pickup ${pickupNo}`, 'PICKUP_NOT_FOUND');
  if ((await deliveriesByNo(query, [origin.original_delivery_no])).length === 0)
    throw ApplicationFailure.nonRetryable(`no delivery ${origin.original_delivery_no}`, 'DELIVERY_NOT_FOUND');
  return origin;
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
      const origin = await askOrigin(query, pickupNo);
      await lockOrder(query, origin.order_no);
      const deliveryNo = (await exchangeOf(query, pickupNo)) ?? (await insertExchangeDelivery(query, pickupNo, origin));
      if (deliveryNo === undefined)
        throw ApplicationFailure.nonRetryable(`no delivery ${origin.original_delivery_no}`, 'DELIVERY_NOT_FOUND');
      return { deliveryNo, lines: (await exchangeLines(query, deliveryNo)).map(toDeliveryLine) };
    });
  };
}
