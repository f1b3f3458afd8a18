import { sql } from 'kysely';
import { build, type Query, type Statement } from '../statement.ts';

/** The workflow whose code does not return. */
export interface StuckWorkflow {
  workflowId: string;
  workflowType: string;
  runId: string;
}

/** Keeps a workflow from every worker for so long; a second time counts. Forgets those that ended a month ago. */
export const quarantine = ({ workflowId, workflowType, runId }: StuckWorkflow, forMs: number): Statement<object> => sql`
  with over as (
    delete from workflow_quarantines where until < now() - interval '30 days' and workflow_id <> ${workflowId}
  )
  insert into workflow_quarantines (workflow_id, workflow_type, run_id, until)
  values (${workflowId}, ${workflowType}, ${runId}, now() + interval '1 ms' * ${forMs})
  on conflict (workflow_id) do update set workflow_type = excluded.workflow_type, run_id = excluded.run_id,
    times = workflow_quarantines.times + 1, last_at = now(), until = greatest(workflow_quarantines.until, excluded.until)`;

/** Takes the last `quarantine` back: the code has returned after all. */
export const liftQuarantine = (workflowId: string): Statement<object> =>
  sql`update workflow_quarantines set until = now(), times = times - 1 where workflow_id = ${workflowId}`;

/** The workflows that are kept from workers now, and for how many ms more. */
export const quarantined = (query: Query) =>
  query(
    build
      .selectFrom('workflow_quarantines')
      .select(['workflow_id', 'workflow_type', 'run_id', 'times'])
      .select(sql<number>`(extract(epoch from until - now()) * 1000)::float8`.as('left_ms'))
      .where(sql<boolean>`until > now()`),
  );
