import { sql } from 'kysely';
import { type AssemblyPlan, planOutcome } from '../../domain/assembly.ts';
import type { PlanEntry, PlanOutcome, PlanResult } from '../../workflows/messages/assembly-plan.ts';
import type { Query, Row } from '../statement.ts';
import { setPlan } from './columns.ts';
import { planHistory } from './history.ts';
import { movePlanStock } from './plan-stock.ts';
import { type Asker, createRecorder, type Projection, type RecorderDeps, type RowEntry } from './recorder.ts';

type LockedPlan = Pick<Row<'assembly_plans'>, 'state' | 'revision'> & Asker;

const plans: Projection<AssemblyPlan, PlanOutcome, [number], LockedPlan, RowEntry<AssemblyPlan>> = {
  history: planHistory,
  keyOf: ({ assemblyPlanUid }) => [assemblyPlanUid],
  outcomeOf: planOutcome,
  lock: async (query, { assemblyPlanUid }, requestId) => {
    const rows = await query(sql<LockedPlan>`
      select p.state, p.revision, r.sub, r.reason, r.trace_id
        from assembly_plans p left join requests r on r.id = ${requestId}
       where p.assembly_plan_uid = ${assemblyPlanUid} for update of p`);
    return rows[0];
  },
  writeRow,
};

/** The activity through which a plan's row and its stock change; its answer is a PlanResult. */
export function createRecordPlan(deps: RecorderDeps) {
  const recorder = createRecorder(deps, plans);
  return async function recordPlan({ plan, ...entry }: PlanEntry): Promise<PlanResult> {
    const { row, ...result } = await recorder({ ...entry, row: plan });
    return row ? { plan: row } : result;
  };
}

/** Writes this plan into its row without a command; used by `rebuild` for repairs. */
export async function rewritePlan(query: Query, plan: AssemblyPlan): Promise<void> {
  const locked = await plans.lock(query, plan, '');
  if (!locked) return;
  await writeRow(query, { row: plan, from: plan.state, command: 'rebuild', requestId: '', actor: 'machine', at: '' }, locked);
}

async function writeRow(query: Query, entry: RowEntry<AssemblyPlan>, locked: LockedPlan): Promise<void> {
  const { row: plan, command, requestId, by, actor } = entry;
  await query(sql`update assembly_plans p
      set ${setPlan((field) => plan[field])}, started_at = coalesce(p.started_at, now()), updated_at = now()
    where p.assembly_plan_uid = ${plan.assemblyPlanUid}`);
  await movePlanStock(query, plan, locked, command, { by: locked.sub ?? by ?? actor, requestId });
}
