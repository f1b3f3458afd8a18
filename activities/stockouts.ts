import { log } from '@temporalio/activity';
import pLimit from 'p-limit';
import { updateWorkflow } from '../commands/workflow-calls.ts';
import { waitingLines } from '../db/assembly/waiting-lines.ts';
import { planName } from '../domain/assembly.ts';
import type { Clearing, WaitingPlace } from '../workflows/messages/assembly-plan.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ActivityDeps } from './deps.ts';

const PAGE = 200;
const AT_ONCE = 16;

/**
 * Ends the stockouts of a page of lines that wait for a product (출고대기 → 출고지시), oldest order first, while stock lasts. No line
 * overtakes an older one, and lines reported with `autoClear: false` are skipped. Of a product that is not for orders
 * (docs/decisions/products-for-orders.md) none is cleared. Returns where to continue; null = done.
 * Idempotent by plan and line.
 */
export function createClearStockouts({ db, client, startParts }: Pick<ActivityDeps, 'db' | 'client' | 'startParts'>) {
  const clear = async (assemblyPlanUid: number, deliveryNo: string, lineNo: number): Promise<void> => {
    const requestId = `plan-${assemblyPlanUid}`;
    const message: DeliveryMessage = { requestId, actor: 'machine', by: planName(assemblyPlanUid) };
    const workflowId = deliveryWorkflowId(deliveryNo, lineNo);
    const answer = await updateWorkflow<Outcome>(client, workflowId, 'clear-stockout', message, `${requestId}-clear`);
    // It was cleared or canceled meanwhile, or has ended, so it needs nothing of this stock any more.
    if (answer.kind !== 'outcome') log.info('a stockout was over already', { deliveryNo, lineNo });
  };

  return async function clearStockouts({ assemblyPlanUid, shippingProductId, after }: Clearing): Promise<WaitingPlace | null> {
    const lines = await waitingLines(db.query, shippingProductId, after, PAGE);
    const fitting = lines.filter(({ fits }) => fits);
    const born = fitting.filter(({ started_at }) => started_at === null);
    if (born.length > 0) await startParts(born.map((line) => ({ deliveryNo: line.delivery_no, lineNo: line.line_no })));
    const limit = pLimit(AT_ONCE);
    await Promise.all(fitting.map((line) => limit(() => clear(assemblyPlanUid, line.delivery_no, line.line_no))));
    const last = lines.at(-1);
    if (last === undefined || lines.length < PAGE || !last.fits) return null;
    return { orderedAt: last.ordered_at, deliveryNo: last.delivery_no, lineNo: last.line_no };
  };
}
