import { sql } from 'kysely';
import { build, type Query, type Statement } from '../statement.ts';

/** The workflow whose code does not return. */
export interface StuckWorkflow {
  workflowId: string;
  workflowType: string;
  runId: string;
}

/**
 * Keeps a workflow from every worker for so long, because it does not return on the worker `by`; a second time counts. Who put a
 * quarantine that has run out has no part in the next. Forgets those that ended a month ago.
 */
export const quarantine = (
  { workflowId, workflowType, runId }: StuckWorkflow,
  by: string,
  forMs: number,
): Statement<object> => sql`
  with over as (
    delete from workflow_quarantines where until < now() - interval '30 days' and workflow_id <> ${workflowId}
  )
  insert into workflow_quarantines (workflow_id, workflow_type, run_id, until, put_by)
  values (${workflowId}, ${workflowType}, ${runId}, now() + interval '1 ms' * ${forMs}, array[${by}::text])
  on conflict (workflow_id) do update set workflow_type = excluded.workflow_type, run_id = excluded.run_id,
    times = workflow_quarantines.times + 1, last_at = now(), until = greatest(workflow_quarantines.until, excluded.until),
    put_by = case when workflow_quarantines.until > now() then array_remove(workflow_quarantines.put_by, ${by}) else '{}' end
      || excluded.put_by`;

/** Takes back what the worker `by` has put: the code has returned there after all. It stays kept while another has it stuck. */
export const liftQuarantine = (workflowId: string, by: string): Statement<object> => sql`
  update workflow_quarantines set times = times - 1, put_by = array_remove(put_by, ${by}),
         until = case when array_remove(put_by, ${by}) = '{}' then least(until, now()) else until end
   where workflow_id = ${workflowId} and ${by} = any(put_by)`;

/** The workflows that are kept from workers now, and for how many ms more. */
export const quarantined = (query: Query) =>
  query(
    build
      .selectFrom('workflow_quarantines')
      .select(['workflow_id', 'workflow_type', 'run_id', 'times'])
      .select(sql<number>`(extract(epoch from until - now()) * 1000)::float8`.as('left_ms'))
      .where(sql<boolean>`until > now()`),
  );
