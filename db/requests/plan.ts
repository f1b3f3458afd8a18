import { sql } from 'kysely';
import type { SpreadPlan } from '../../domain/deliveries/spread.ts';
import { build, json, type Query, type Row } from '../statement.ts';

/** How a request's quantities are spread over parts; null = it asks the lines themselves. */
export async function findPlan(query: Query, requestId: string): Promise<SpreadPlan | null> {
  return (await query(build.selectFrom('requests').select('plan').where('id', '=', requestId)))[0]?.plan ?? null;
}

/** Keeps the plan of the next round before it is begun; false when another execution has gone on. */
export async function keepPlan(query: Query, requestId: string, plan: SpreadPlan): Promise<boolean> {
  const kept = await query(sql<Pick<Row<'requests'>, 'id'>>`
    update requests set plan = ${json(plan)}
     where id = ${requestId} and coalesce((plan ->> 'round')::int, -1) < ${plan.round} returning id`);
  return kept.length > 0;
}
