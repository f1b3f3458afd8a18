import { ApplicationFailure, log } from '@temporalio/activity';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import pLimit from 'p-limit';
import { availableOf } from '../db/record/stock.ts';
import { planName } from '../domain/assembly.ts';
import type { Clearing, WaitingPlace } from '../workflows/messages/assembly-plan.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ActivityDeps } from './deps.ts';

const PAGE = 200;
const AT_ONCE = 16;

interface WaitingLine {
  delivery_no: string;
  line_no: number;
  ordered_at: string;
  fits: boolean;
}

/**
 * Ends the stockouts of a page of lines that wait for a product (출고대기 → 출고지시), oldest order first while stock lasts: no
 * line overtakes an older one, and those reported with `autoClear: false` are left alone. Answers where to go on; null = done.
 * Idempotent by plan and line.
 */
export function createClearStockouts({ db, client }: ActivityDeps) {
  const clear = async (assemblyPlanUid: number, { delivery_no, line_no }: WaitingLine): Promise<void> => {
    const by = planName(assemblyPlanUid);
    const message: DeliveryMessage = { requestId: `plan-${assemblyPlanUid}`, actor: 'machine', by };
    try {
      await client.workflow
        .getHandle(deliveryWorkflowId(delivery_no, line_no))
        .executeUpdate<Outcome, [DeliveryMessage]>('clear-stockout', {
          args: [message],
          updateId: `plan-${assemblyPlanUid}-clear`,
        });
    } catch (error) {
      // Somebody cleared or canceled it meanwhile, or it has ended: it wants nothing of this stock any more.
      const refused = error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure;
      if (!refused && !(error instanceof WorkflowNotFoundError)) throw error;
      log.info('a stockout was over already', { deliveryNo: delivery_no, lineNo: line_no });
    }
  };

  return async function clearStockouts({ assemblyPlanUid, shippingProductId, after }: Clearing): Promise<WaitingPlace | null> {
    const lines = await db.query<WaitingLine>(
      `select w.delivery_no, w.line_no, to_char(w.ordered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ordered_at,
              sum(w.valid_quantity) over (order by w.ordered_at, w.delivery_no, w.line_no) <= p.available as fits
         from (select ${availableOf('s')} as available from shipping_products s where s.shipping_product_id = $1) p,
              (select * from delivery_lines where product_id = $1 and state = 'awaitingShipment' and auto_clear
                  and ($2::timestamptz is null or (ordered_at, delivery_no, line_no) > ($2, $3, $4::int))
                order by ordered_at, delivery_no, line_no limit ${PAGE}) w
        order by w.ordered_at, w.delivery_no, w.line_no`,
      [shippingProductId, after?.orderedAt ?? null, after?.deliveryNo ?? null, after?.lineNo ?? null],
    );
    const fitting = lines.filter(({ fits }) => fits);
    const limit = pLimit(AT_ONCE);
    await Promise.all(fitting.map((line) => limit(() => clear(assemblyPlanUid, line))));
    const last = lines.at(-1);
    if (last === undefined || lines.length < PAGE || !last.fits) return null;
    return { orderedAt: last.ordered_at, deliveryNo: last.delivery_no, lineNo: last.line_no };
  };
}
