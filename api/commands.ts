import { createHash } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import pLimit from 'p-limit';
import type { DeliveryLineRow } from '../db/delivery-line.row.ts';
import {
  type DeliveryCommand,
  type DeliveryInput,
  type DeliveryLine,
  type DeliveryState,
  deliveryStates,
  validQuantity,
} from '../domain/delivery.ts';
import type { Actor } from '../domain/machine.ts';
import { isProblemCode, type ProblemCode } from '../domain/problems.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome, SUBMIT_SIGNAL } from '../workflows/messages.ts';
import type { ApiDeps } from './deps.ts';
import { lineError } from './problem.ts';
import type { StoredRequest } from './requests.ts';
import { startLines } from './starts.ts';

/** One line to be commanded: its row, if there is one, and what is asked of it. */
export interface Target {
  deliveryNo: string;
  lineNo: number | null;
  row: DeliveryLineRow | undefined;
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

const IN_FLIGHT = 64;

/** Short and never a client's text; the command is part of it because one id answers the same under another name. */
export const updateIdOf = (requestId: string, command: string) =>
  createHash('sha256').update(`${requestId} ${command}`).digest('base64url').slice(0, 22);

const done = ({ deliveryNo, lineNo }: Target, { state, revision, validQuantity }: Outcome): LineResult => ({
  deliveryNo,
  lineNo,
  ok: true,
  state,
  stateName: deliveryStates[state],
  revision,
  validQuantity,
});

const refused = ({ deliveryNo, lineNo }: Target, code: ProblemCode): LineResult => ({
  deliveryNo,
  lineNo,
  ok: false,
  error: lineError(code),
});

const resultOf = (target: Target, outcome: LineOutcome) =>
  'code' in outcome ? refused(target, outcome.code) : done(target, outcome);

/**
 * Sends one command to many lines, each by an update under the request's own id, and answers one result per target in order.
 * Whatever is not answered within COMMAND_TIMEOUT_MS is COMMAND_PENDING; with `respondAsync` it only signals.
 */
export async function commandLines(
  deps: ApiDeps,
  request: StoredRequest,
  command: DeliveryCommand,
  actor: Actor,
  targets: Target[],
): Promise<LineResult[]> {
  const known = request.attempts > 1 ? await outcomesOf(deps, request.id, command) : new Map<string, LineOutcome>();
  const limit = pLimit(IN_FLIGHT);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), deps.config.COMMAND_TIMEOUT_MS);
  const one = async (target: Target): Promise<LineResult> => {
    if (!target.row) return refused(target, 'LINE_NOT_FOUND');
    const before = known.get(`${target.deliveryNo}/${target.lineNo}`);
    if (before) return resultOf(target, before);
    if (target.row.finished_at !== null) return refused(target, 'LINE_FINISHED');
    if (abort.signal.aborted) return refused(target, 'COMMAND_PENDING');
    const message: DeliveryMessage = { requestId: request.id, actor, ...target.input };
    const outcome = await send(deps, request, command, target.row, message, abort.signal);
    return resultOf(target, outcome);
  };
  try {
    const results = await Promise.all(targets.map((target) => limit(() => one(target))));
    for (const { ok, error } of results) deps.metrics.commands.inc({ command, outcome: ok ? 'ok' : (error?.code ?? 'INTERNAL') });
    return results;
  } finally {
    clearTimeout(timer);
  }
}

async function send(
  deps: ApiDeps,
  request: StoredRequest,
  command: DeliveryCommand,
  row: DeliveryLineRow,
  message: DeliveryMessage,
  signal: AbortSignal,
): Promise<LineOutcome> {
  const { temporal, log } = deps;
  const workflowId = deliveryWorkflowId(row.delivery_no, row.line_no);
  try {
    return await temporal.withAbortSignal(signal, async () => {
      if (row.started_at === null) await startLines(deps, [row]);
      const handle = temporal.workflow.getHandle(workflowId);
      if (request.respondAsync) {
        await handle.signal(SUBMIT_SIGNAL, { command, ...message });
        return { state: row.state, revision: row.revision, validQuantity: row.valid_quantity };
      }
      return await handle.executeUpdate<Outcome, [DeliveryMessage]>(command, {
        args: [message],
        updateId: updateIdOf(request.id, command),
      });
    });
  } catch (error) {
    if (
      error instanceof WorkflowUpdateFailedError &&
      error.cause instanceof ApplicationFailure &&
      isProblemCode(error.cause.type)
    )
      return { code: error.cause.type };
    if (error instanceof WorkflowNotFoundError) return { code: await endedOrPending(deps, row) };
    if (!signal.aborted) log.warn({ workflowId, command, requestId: request.id, err: error }, 'a command got no answer');
    return { code: 'COMMAND_PENDING' };
  }
}

/** The run has ended: the row says whether the line is finished. A row that is not has lost its run, which `rebuild` restores. */
async function endedOrPending({ db, log }: ApiDeps, row: DeliveryLineRow): Promise<ProblemCode> {
  const rows = await db.query<{ finished_at: Date | null }>(
    'select finished_at from delivery_lines where delivery_no = $1 and line_no = $2',
    [row.delivery_no, row.line_no],
  );
  if (rows[0]?.finished_at) return 'LINE_FINISHED';
  log.error(
    { deliveryNo: row.delivery_no, lineNo: row.line_no },
    'a line that is not finished has no running workflow: npm run rebuild',
  );
  return 'COMMAND_PENDING';
}

type LineOutcome = Outcome | { code: ProblemCode };

/** What this request has done already, by line: a repeat after a crash must not ask a line that has moved on. */
async function outcomesOf({ db }: ApiDeps, requestId: string, command: string): Promise<Map<string, LineOutcome>> {
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
  const outcomes = new Map<string, LineOutcome>();
  for (const { delivery_no, line_no, refused, snapshot } of rows) {
    const key = `${delivery_no}/${line_no}`;
    if (refused) outcomes.set(key, { code: refused });
    else if (snapshot)
      outcomes.set(key, { state: snapshot.state, revision: snapshot.revision, validQuantity: validQuantity(snapshot) });
  }
  return outcomes;
}
