import type { AssemblyPlan, PlanState } from '../../domain/assembly.ts';
import type { PlanEntry, PlanResult } from '../../workflows/messages/assembly-plan.ts';
import type { Query } from '../statement.ts';
import { movePlanStock } from './plan-stock.ts';
import { createRecorder, type Entry, type Locked, type Projection, type RecorderDeps } from './recorder.ts';

interface LockedPlan extends Locked {
  state: PlanState;
  completed_quantity: number | null;
}

const plans: Projection<AssemblyPlan, LockedPlan, Entry<AssemblyPlan>> = {
  history: 'assembly_plan_history',
  keys: ['assembly_plan_uid'],
  keyOf: ({ assemblyPlanUid }) => [assemblyPlanUid],
  lock: async (query, { assemblyPlanUid }, requestId) => {
    const rows = await query<LockedPlan>(
      `select p.state, p.completed_quantity, p.revision, r.sub, r.reason, r.trace_id
         from assembly_plans p left join requests r on r.id = $2 where p.assembly_plan_uid = $1 for update of p`,
      [assemblyPlanUid, requestId],
    );
    return rows[0];
  },
  writeRow,
};

/** The activity through which a plan's row and the stock it moves change; answers as PlanResult says. */
export function createRecordPlan(deps: RecorderDeps) {
  const recorder = createRecorder(deps, plans);
  return async function recordPlan({ plan, ...entry }: PlanEntry): Promise<PlanResult> {
    const { row, repeated, refused } = await recorder({ ...entry, row: plan });
    if (refused) return { refused };
    if (row) return { plan: row };
    if (!repeated) return {};
    const { state, revision, completedQuantity } = repeated;
    return { repeated: { state, revision, completedQuantity } };
  };
}

/** Writes the row as this plan says, outside of a command: what `rebuild` repairs with. */
export async function rewritePlan(query: Query, plan: AssemblyPlan): Promise<void> {
  const locked = await plans.lock(query, plan, '');
  if (!locked) return;
  await writeRow(query, { row: plan, from: plan.state, command: 'rebuild', requestId: '', actor: 'machine', at: '' }, locked);
}

async function writeRow(query: Query, entry: Entry<AssemblyPlan>, locked: LockedPlan): Promise<void> {
  const { row: plan, command, requestId, by, actor } = entry;
  await query(
    `update assembly_plans set state = $2, revision = $3, completed_quantity = $4, overdue_at = $5, finished_at = $6,
       started_at = coalesce(started_at, now()), updated_at = now() where assembly_plan_uid = $1`,
    [plan.assemblyPlanUid, plan.state, plan.revision, plan.completedQuantity, plan.overdueAt, plan.finishedAt],
  );
  await movePlanStock(query, plan, locked, command, { by: locked.sub ?? by ?? actor, requestId });
}
