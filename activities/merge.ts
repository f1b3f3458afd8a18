import { ApplicationFailure } from '@temporalio/activity';
import { updateWorkflow } from '../commands/workflow-calls.ts';
import { findLine } from '../db/deliveries/find.ts';
import { lineHistory } from '../db/record/history.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome, type PartMerge } from '../workflows/messages/delivery.ts';
import type { ActivityDeps } from './deps.ts';

/** What a line answers that cannot take its part back, because of where it is. */
const elsewhere: (string | undefined)[] = ['LINE_FINISHED', 'TRANSITION_NOT_ALLOWED'];

/**
 * Gives a part back to its line (분할취소), by an update that is idempotent by the part's request. The line's record writes both rows
 * in one transaction, so a refusal means that nothing has changed, unless a crash lost the answer: then the part's history has it.
 */
export function createMergePart({ db, client }: Pick<ActivityDeps, 'db' | 'client'>) {
  return async function mergePart({ part, quantity, requestId, actor, by = actor }: PartMerge): Promise<void> {
    const refuse = (type: string) =>
      ApplicationFailure.create({ message: `${part.deliveryNo}/${part.lineNo} cannot go back`, type, nonRetryable: true });
    if (part.splitFrom === null) throw refuse('MERGE_NOT_POSSIBLE');
    const { deliveryNo, lineNo } = part.splitFrom;
    const ownId = `${requestId}-${part.deliveryNo}-${part.lineNo}`;
    const message: DeliveryMessage = { requestId: ownId, actor: 'machine', by, part, quantity, partRequestId: requestId };
    const answer = await updateWorkflow<Outcome>(client, deliveryWorkflowId(deliveryNo, lineNo), 'absorb', message, ownId);
    if (answer.kind === 'outcome') return;
    const done = await lineHistory.done(db.query, [part.deliveryNo, part.lineNo], requestId, 'merge');
    if (done?.snapshot) return;
    if (answer.kind === 'refused' && answer.code)
      throw refuse(elsewhere.includes(answer.code) ? 'MERGE_NOT_POSSIBLE' : answer.code);
    // Without a run but not finished: `rebuild` starts it again, and a retry finds it.
    if (answer.kind === 'ended' && (await findLine(db.query, deliveryNo, lineNo))?.finished_at)
      throw refuse('MERGE_NOT_POSSIBLE');
    throw answer.error;
  };
}
