import { z } from '@hono/zod-openapi';
import { commandAll, type Family, outcomesFrom, type Reply } from '../../commands/send.ts';
import { startLines, startParts } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { type CommandedLine, findLine } from '../../db/deliveries/find.ts';
import { lineHistory } from '../../db/record/history.ts';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import { deliveryStates, lineOutcome } from '../../domain/deliveries/line.ts';
import { drawsWaybill } from '../../domain/deliveries/rules.ts';
import type { Actor } from '../../domain/machine.ts';
import { problems } from '../../domain/problems.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { deliveryWorkflowId, type Outcome } from '../../workflows/messages/delivery.ts';
import type { ApiDeps } from '../http/deps.ts';
import { lineError } from '../http/problem.ts';
import { stateSchema } from './line-row.ts';

/** One line of a command: its row, if it exists, and the input. */
export interface Target {
  deliveryNo: string;
  lineNo: number | null;
  row: CommandedLine | undefined;
  input: DeliveryInput;
}

/** The key of a line within its command. */
export const keyOfLine = (deliveryNo: string, lineNo: number | null) => `${deliveryNo}/${lineNo}`;

const newLineSchema = z
  .object({ deliveryNo: z.string(), lineNo: z.int(), state: stateSchema, validQuantity: z.int() })
  .openapi('NewLine', { description: '이 명령으로 나뉜 줄' });

/** How much of a split line was taken from which of its parts. */
export const partSchema = z.object({ deliveryNo: z.string(), lineNo: z.int(), quantity: z.int() }).openapi('PartQuantity');

export const resultSchema = z
  .object({
    deliveryNo: z.string(),
    lineNo: z.int().nullable(),
    ok: z.boolean(),
    state: stateSchema.optional(),
    stateName: z.string().optional(),
    revision: z.int().optional(),
    validQuantity: z.int().optional(),
    newLine: newLineSchema.optional(),
    carrierCode: z.string().optional().openapi({ description: '운송장 대역에서 번호를 쓴 출고완료의 택배사' }),
    waybillNo: z.string().optional().openapi({ description: '그 번호' }),
    error: z.object({ code: z.enum(Object.keys(problems) as (keyof typeof problems)[]), title: z.string() }).optional(),
  })
  .openapi('LineResult', {
    example: { deliveryNo: 'D261123000001', lineNo: 1, ok: true, state: 'shipped', stateName: '출고완료', revision: 4 },
  });

export type LineResult = z.output<typeof resultSchema>;

const wholeRow = ({ db }: Pick<ApiDeps, 'db'>, { delivery_no, line_no }: CommandedLine) =>
  findLine(db.query, delivery_no, line_no);

const lines: Family<CommandedLine, Outcome> = {
  notFound: 'LINE_NOT_FOUND',
  finished: 'LINE_FINISHED',
  workflowId: (row) => deliveryWorkflowId(row.delivery_no, row.line_no),
  shown: (row) => ({ state: row.state, revision: row.revision, validQuantity: row.valid_quantity }),
  start: async (deps, row) => {
    const whole = await wholeRow(deps, row);
    if (whole) await startLines(deps, [whole]);
  },
  reread: wholeRow,
  outcomesOf: outcomesFrom(lineHistory, lineOutcome),
};

/** Sends one command to many lines; a result per target, in order. */
export async function commandLines(
  deps: ApiDeps,
  request: StoredRequest,
  command: DeliveryCommand,
  actor: Actor,
  targets: Target[],
): Promise<LineResult[]> {
  const asks = targets.map(({ deliveryNo, lineNo, row, input }) => ({ key: keyOfLine(deliveryNo, lineNo), row, input }));
  const replies = await commandAll(deps, request, lines, command, actor, asks);
  void startNewLines(deps, request, replies);
  const drawn = targets.some(({ input }) => drawsWaybill(input)) ? await drawnBy(deps, request, command) : undefined;
  return targets.map(({ deliveryNo, lineNo, input }, at) => {
    const result = resultOf(deliveryNo, lineNo, replies[at] ?? { code: 'COMMAND_PENDING' });
    return result.ok && drawsWaybill(input) ? { ...result, ...drawn?.get(keyOfLine(deliveryNo, lineNo)) } : result;
  });
}

/** The waybills that this request's lines have left with, as they were written. */
async function drawnBy({ db }: ApiDeps, { id }: StoredRequest, command: DeliveryCommand) {
  const done = await lineHistory.ofRequest(db.query, id, command);
  return new Map(
    [...done].flatMap(([key, { snapshot }]) => {
      const { carrierCode, waybillNo } = snapshot ?? { carrierCode: null, waybillNo: null };
      return carrierCode === null || waybillNo === null ? [] : [[key, { carrierCode, waybillNo }] as const];
    }),
  );
}

function resultOf(deliveryNo: string, lineNo: number | null, reply: Reply<Outcome>): LineResult {
  if ('code' in reply) return { deliveryNo, lineNo, ok: false, error: lineError(reply.code) };
  const { state, revision, validQuantity, newLine } = reply;
  return { deliveryNo, lineNo, ok: true, state, stateName: deliveryStates[state], revision, validQuantity, newLine };
}

/**
 * Starts the workflows of what was split off, as those of an order's lines. Nobody waits for it: a command to a part that has none yet
 * starts it, and if Temporal is away or the process ends now, the sweep does.
 */
async function startNewLines(deps: ApiDeps, request: StoredRequest, replies: Reply<Outcome>[]): Promise<void> {
  const parts = replies.flatMap((reply) => ('newLine' in reply && reply.newLine ? [reply.newLine] : []));
  if (parts.length === 0) return;
  const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
  try {
    await time.run(deps.temporal, () => startParts(deps, parts));
  } catch (error) {
    deps.log.warn({ reqId: request.traceId, requestId: request.id, err: error }, 'parts of lines wait for their workflows');
  } finally {
    time.clear();
  }
}
