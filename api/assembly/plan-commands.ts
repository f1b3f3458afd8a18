import { commandAll, type Family, outcomesFrom } from '../../commands/send.ts';
import { startPlans } from '../../commands/start.ts';
import { findPlan, shortagesOf } from '../../db/assembly/find.ts';
import type { PlanRow } from '../../db/assembly/plan-row.ts';
import { planHistory } from '../../db/record/history.ts';
import { type PlanCommand, type PlanInput, planOutcome, planStatus } from '../../domain/assembly.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import { type PlanOutcome, planWorkflowId } from '../../workflows/messages/assembly-plan.ts';
import type { ApiDeps } from '../http/deps.ts';
import { okAnswer } from './wire.ts';

const plans: Family<PlanRow, PlanOutcome> = {
  notFound: 'ASSEMBLY_NOT_FOUND',
  finished: 'PLAN_FINISHED',
  workflowId: (row) => planWorkflowId(row.assembly_plan_uid),
  shown: (row) => ({ state: row.state, revision: row.revision, completedQuantity: row.completed_quantity }),
  start: (deps, row) => startPlans(deps, [row]),
  reread: ({ db }, row) => findPlan(db.query, row.assembly_plan_uid),
  outcomesOf: outcomesFrom(planHistory, planOutcome),
};

/** Sends one command to one plan. Throws the Problem that refuses it; a shortage names each missing material. */
export async function commandPlan(
  deps: ApiDeps,
  request: StoredRequest,
  command: PlanCommand,
  row: PlanRow,
  input: PlanInput,
): Promise<Answer> {
  const uid = row.assembly_plan_uid;
  const [reply] = await commandAll(deps, request, plans, command, 'admin', [{ key: String(uid), row, input }]);
  if (!reply || 'code' in reply) {
    const code = reply?.code ?? 'COMMAND_PENDING';
    throw code === 'MATERIAL_SHORTAGE' ? await shortage(deps, uid) : new Problem(code);
  }
  const made = reply.completedQuantity === null ? {} : { completed_quantity: String(reply.completedQuantity) };
  return okAnswer({ assembly_plan_uid: String(uid), plan_status: planStatus[reply.state], ...made });
}

async function shortage({ db }: ApiDeps, uid: number): Promise<Problem> {
  const found = await shortagesOf(db.query, uid);
  const shortage_list = found.map(({ shipping_product_id, product_name, required, available }) => ({
    shipping_product_id: String(shipping_product_id),
    product_name,
    required_quantity: String(required),
    available_quantity: String(available),
    shortage_quantity: String(required - available),
  }));
  const named = shortage_list.map((each) => `${each.shipping_product_id} ${each.shortage_quantity}개`).join(', ');
  return new Problem('MATERIAL_SHORTAGE', `가공재료가 모자랍니다: ${named}`, { response: { shortage_list } });
}
