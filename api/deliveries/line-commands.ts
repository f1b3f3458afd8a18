import { commandAll, type Family, type Reply } from '../../commands/send.ts';
import { startLines } from '../../commands/start.ts';
import type { DeliveryLineRow } from '../../db/deliveries/row.ts';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import { type DeliveryLine, type DeliveryState, deliveryStates, validQuantity } from '../../domain/deliveries/line.ts';
import type { Actor } from '../../domain/machine.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { deliveryWorkflowId, type Outcome } from '../../workflows/messages/delivery.ts';
import type { ApiDeps } from '../http/deps.ts';
import { lineError } from '../http/problem.ts';

/** What a command needs of its line's row. */
export type CommandedLine = Pick<
  DeliveryLineRow,
  'delivery_no' | 'line_no' | 'state' | 'revision' | 'valid_quantity' | 'started_at' | 'finished_at'
>;

/** One line to be commanded: its row, if there is one, and what is asked of it. */
export interface Target {
  deliveryNo: string;
  lineNo: number | null;
  row: CommandedLine | undefined;
  input: DeliveryInput;
}

export interface LineResult {
  deliveryNo: string;
  lineNo: number | null;
  ok: boolean;
  state?: DeliveryState;
  stateName?: string;
  revision?: number;
  validQuantity?: number;
  error?: { code: ProblemCode; title: string };
}

const wholeRows = ({ db }: Pick<ApiDeps, 'db'>, { delivery_no, line_no }: CommandedLine) =>
  db.query<DeliveryLineRow>('select * from delivery_lines where delivery_no = $1 and line_no = $2', [delivery_no, line_no]);

const lines: Family<CommandedLine, Outcome> = {
  notFound: 'LINE_NOT_FOUND',
  finished: 'LINE_FINISHED',
  workflowId: (row) => deliveryWorkflowId(row.delivery_no, row.line_no),
  shown: (row) => ({ state: row.state, revision: row.revision, validQuantity: row.valid_quantity }),
  start: async (deps, row) => startLines(deps, await wholeRows(deps, row)),
  reread: async (deps, row) => (await wholeRows(deps, row))[0],
  outcomesOf: async ({ db }, requestId, command) => {
    const rows = await db.query<{
      delivery_no: string;
      line_no: number;
      refused: ProblemCode | null;
      snapshot: DeliveryLine | null;
    }>(
      `select delivery_no, line_no, refused, snapshot from delivery_history
        where request_id = $1 and command = $2 and voided_at is null`,
      [requestId, command],
    );
    return new Map(
      rows.flatMap(({ delivery_no, line_no, refused, snapshot }): [string, Reply<Outcome>][] => {
        const key = `${delivery_no}/${line_no}`;
        if (refused) return [[key, { code: refused }]];
        if (!snapshot) return [];
        return [[key, { state: snapshot.state, revision: snapshot.revision, validQuantity: validQuantity(snapshot) }]];
      }),
    );
  },
};

/** Sends one command to many lines; a result per target, in order. */
export async function commandLines(
  deps: ApiDeps,
  request: StoredRequest,
  command: DeliveryCommand,
  actor: Actor,
  targets: Target[],
): Promise<LineResult[]> {
  const asks = targets.map(({ deliveryNo, lineNo, row, input }) => ({ key: `${deliveryNo}/${lineNo}`, row, input }));
  const replies = await commandAll(deps, request, lines, command, actor, asks);
  return targets.map(({ deliveryNo, lineNo }, at) => resultOf(deliveryNo, lineNo, replies[at] ?? { code: 'COMMAND_PENDING' }));
}

function resultOf(deliveryNo: string, lineNo: number | null, reply: Reply<Outcome>): LineResult {
  if ('code' in reply) return { deliveryNo, lineNo, ok: false, error: lineError(reply.code) };
  const { state, revision, validQuantity } = reply;
  return { deliveryNo, lineNo, ok: true, state, stateName: deliveryStates[state], revision, validQuantity };
}
