import { z } from '@hono/zod-openapi';
import { type Ask, commandAll, type Family, outcomesFrom, type Reply } from '../../commands/send.ts';
import { startPickups } from '../../commands/start.ts';
import { pickupsByNo } from '../../db/pickups/find.ts';
import type { PickupRow } from '../../db/pickups/row.ts';
import { pickupHistory } from '../../db/record/history.ts';
import type { Actor } from '../../domain/machine.ts';
import type { PickupCommand, PickupInput } from '../../domain/pickups/commands.ts';
import { type PickupState, pickupOutcome, pickupStateName, pickupStates } from '../../domain/pickups/pickup.ts';
import { type ProblemCode, problems } from '../../domain/problems.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { type PickupOutcome, pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import type { ApiDeps } from '../http/deps.ts';
import { lineError } from '../http/problem.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';

export const pickupStateSchema = z.enum(Object.keys(pickupStates) as PickupState[]);

export const pickupResultSchema = z
  .object({
    pickupNo: z.string(),
    ok: z.boolean(),
    state: pickupStateSchema.optional(),
    stateName: z.string().optional(),
    revision: z.int().optional(),
    kind: z.enum(['return', 'exchange']).optional(),
    exchangeDeliveryNo: z.string().nullable().optional(),
    error: z.object({ code: z.enum(Object.keys(problems) as ProblemCode[]), title: z.string() }).optional(),
  })
  .openapi('PickupResult', {
    example: {
      pickupNo: 'P261123000001',
      ok: true,
      state: 'instructed',
      stateName: '회수지시',
      revision: 2,
      kind: 'return',
      exchangeDeliveryNo: null,
    },
  });
/** What a command on pickups answers. */
export const pickupResponses = {
  200: jsonAnswer(
    z.object({ succeeded: z.int(), failed: z.int(), results: z.array(pickupResultSchema) }).openapi('PickupResults'),
    '회수마다의 결과',
  ),
  202: jsonAnswer(
    z.object({ accepted: z.int(), rejected: z.array(pickupResultSchema) }).openapi('PickupsAccepted'),
    '접수됨 (Prefer: respond-async)',
  ),
  ...problemResponses(400, 409, 413, 415, 503),
};

/** 1–500 pickups, each once. */
export const uniquePickups = <T extends z.ZodType<{ pickupNo: string }>>(pickup: T) =>
  z
    .array(pickup)
    .min(1)
    .max(500)
    .superRefine((pickups, context) => {
      const seen = new Set<string>();
      for (const [at, { pickupNo }] of pickups.entries()) {
        if (seen.has(pickupNo))
          context.addIssue({ code: 'custom', path: [at, 'pickupNo'], message: '같은 회수가 두 번 있습니다' });
        seen.add(pickupNo);
      }
    });

export type PickupResult = z.output<typeof pickupResultSchema>;

const pickups: Family<PickupRow, PickupOutcome> = {
  notFound: 'PICKUP_NOT_FOUND',
  finished: 'PICKUP_FINISHED',
  workflowId: (row) => pickupWorkflowId(row.pickup_no),
  shown: (row) => ({ state: row.state, revision: row.revision, kind: row.kind, exchangeDeliveryNo: row.exchange_delivery_no }),
  start: (deps, row) => startPickups(deps, [row]),
  reread: async ({ db }, row) => (await pickupsByNo(db.query, [row.pickup_no]))[0],
  outcomesOf: outcomesFrom(pickupHistory, pickupOutcome),
};

/** Sends one command to many pickups; returns a result for each, in order. */
export async function commandPickups(
  deps: ApiDeps,
  request: StoredRequest,
  command: PickupCommand,
  actor: Actor,
  asks: Ask<PickupRow, PickupInput>[],
): Promise<PickupResult[]> {
  const replies = await commandAll(deps, request, pickups, command, actor, asks);
  return asks.map(({ key }, at) => resultOf(key, replies[at] ?? { code: 'COMMAND_PENDING' }));
}

function resultOf(pickupNo: string, reply: Reply<PickupOutcome>): PickupResult {
  if ('code' in reply) return { pickupNo, ok: false, error: lineError(reply.code) };
  const { state, revision, kind, exchangeDeliveryNo } = reply;
  return { pickupNo, ok: true, state, stateName: pickupStateName(state, kind), revision, kind, exchangeDeliveryNo };
}
