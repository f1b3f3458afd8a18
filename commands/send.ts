import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Ended } from '../db/record/history.ts';
import type { Query } from '../db/statement.ts';
import type { Actor } from '../domain/machine.ts';
import { isProblemCode, type ProblemCode } from '../domain/problems.ts';
import { SUBMIT_SIGNAL } from '../workflows/messages/names.ts';
import type { CommandDeps, CommandRequest } from './deps.ts';
import { type TimeLimit, timeLimit } from './time-limit.ts';
import { signalWorkflow, updateWorkflow } from './workflow-calls.ts';

const IN_FLIGHT = 64;

/** The columns about its workflow that every projected row has. */
export interface WorkflowRow {
  started_at: Date | null;
  finished_at: Date | null;
}

/** One kind of workflow that takes commands, as the API sees it. */
export interface Family<Row extends WorkflowRow, Outcome> {
  notFound: ProblemCode;
  finished: ProblemCode;
  workflowId: (row: Row) => string;
  /** The outcome for the sender of a signal: the row as it is now. */
  shown: (row: Row) => Outcome;
  start: (deps: CommandDeps, row: Row) => Promise<void>;
  reread: (deps: CommandDeps, row: Row) => Promise<WorkflowRow | undefined>;
  /** What this request has done already, by `key`, even if the rows have changed since. */
  outcomesOf: (deps: CommandDeps, requestId: string, command: string) => Promise<Map<string, Reply<Outcome>>>;
}

/** One target of a command: its row, if it exists, and the input. */
export interface Ask<Row, Input> {
  key: string;
  row: Row | undefined;
  input: Input;
}

export type Reply<Outcome> = Outcome | { code: ProblemCode };

/** `outcomesOf` from the history of the rows. */
export const outcomesFrom =
  <Life, Outcome>(
    history: { ofRequest: (query: Query, requestId: string, command: string) => Promise<Map<string, Ended<Life>>> },
    outcomeOf: (row: Life) => Outcome,
  ) =>
  async ({ db }: CommandDeps, requestId: string, command: string): Promise<Map<string, Reply<Outcome>>> => {
    const ended = await history.ofRequest(db.query, requestId, command);
    return new Map(
      [...ended].flatMap(([key, { refused, snapshot }]): [string, Reply<Outcome>][] => {
        if (refused) return [[key, { code: refused }]];
        return snapshot ? [[key, outcomeOf(snapshot)]] : [];
      }),
    );
  };

const isPending = (reply: object) => 'code' in reply && reply.code === 'COMMAND_PENDING';
const isRefusal = (reply: object) => 'code' in reply && !isPending(reply);
/** The name of a part of a request in its outcomes. */
export const partOf = (command: string, key: string) => `${command} ${key}`;

/** Short, and without text from a client. The command is part of it: the same id for another command would get the first answer. */
export const updateIdOf = (requestId: string, command: string) =>
  createHash('sha256').update(`${requestId} ${command}`).digest('base64url').slice(0, 22);

/**
 * Sends one command to many workflows, each by an update under the request's own id, and returns one reply per target, in order.
 * Replies that do not arrive within COMMAND_TIMEOUT_MS are COMMAND_PENDING; with `respondAsync` it only signals.
 */
export async function commandAll<Row extends WorkflowRow, Input, Outcome extends object>(
  deps: CommandDeps,
  request: CommandRequest,
  family: Family<Row, Outcome>,
  command: string,
  actor: Actor,
  asks: Ask<Row, Input>[],
): Promise<Reply<Outcome>[]> {
  const isRepeat = request.attempts > 1;
  const limit = pLimit(IN_FLIGHT);
  const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
  const one = async ({ key, row, input }: Ask<Row, Input>): Promise<Reply<Outcome>> => {
    // What a caller was told of a part is final, whatever has become possible since.
    const told = request.outcomes.get(partOf(command, key)) as Reply<Outcome> | null | undefined;
    if (told) return told;
    if (!row) return { code: family.notFound };
    // A repeat is always sent: after a crash the row may be ahead of its workflow, and this command brings the workflow there.
    if (row.finished_at !== null && !isRepeat) return { code: family.finished };
    if (time.isOver()) return { code: 'COMMAND_PENDING' };
    return send(deps, request, family, command, row, { requestId: request.id, actor, ...input }, time, asks.length === 1);
  };
  const keyAt = (at: number) => asks[at]?.key ?? '';
  const isNews = (_reply: Reply<Outcome>, at: number) => !request.outcomes.get(partOf(command, keyAt(at)));
  /** For a repeat: a workflow that moved on or ended refuses what this request did before; then the stored outcome is the answer. */
  const insteadOfRefusals = async (replies: Reply<Outcome>[]) => {
    const before = await family.outcomesOf(deps, request.id, command);
    return replies.map((reply, at) => (isNews(reply, at) && isRefusal(reply) ? (before.get(keyAt(at)) ?? reply) : reply));
  };
  try {
    const asked = await Promise.all(asks.map((ask) => limit(() => one(ask))));
    const replies = isRepeat && asked.filter(isNews).some(isRefusal) ? await insteadOfRefusals(asked) : asked;
    for (const reply of replies.filter(isNews))
      deps.metrics.commands.inc({ command, outcome: 'code' in reply ? String(reply.code) : 'ok' });
    for (const [at, reply] of replies.entries())
      request.outcomes.set(partOf(command, keyAt(at)), isPending(reply) ? null : reply);
    return replies;
  } finally {
    time.clear();
  }
}

async function send<Row extends WorkflowRow, Outcome extends object>(
  deps: CommandDeps,
  request: CommandRequest,
  family: Family<Row, Outcome>,
  command: string,
  row: Row,
  message: object,
  time: TimeLimit,
  isSingle: boolean,
): Promise<Reply<Outcome>> {
  const { temporal, log } = deps;
  const workflowId = family.workflowId(row);
  const unanswered = (error: unknown): Reply<Outcome> => {
    if (!time.isOver())
      log.warn({ reqId: request.traceId, requestId: request.id, workflowId, command, err: error }, 'a command got no answer');
    return { code: 'COMMAND_PENDING' };
  };
  const sentAt = performance.now();
  const sent = time.run(temporal, async () => {
    if (row.started_at === null) await family.start(deps, row);
    return request.respondAsync
      ? await signalWorkflow(temporal, workflowId, SUBMIT_SIGNAL, { command, ...message })
      : await updateWorkflow<Outcome>(temporal, workflowId, command, message, updateIdOf(request.id, command));
  });
  const answer = await sent.catch((error: unknown) => ({ kind: 'none' as const, error }));
  if (isSingle && (answer.kind === 'outcome' || answer.kind === 'sent')) deps.pace.observe(performance.now() - sentAt);
  switch (answer.kind) {
    case 'outcome':
      return answer.outcome;
    case 'sent':
      return family.shown(row);
    case 'refused':
      return isProblemCode(answer.code) ? { code: answer.code } : unanswered(answer.error);
    case 'ended':
      if ((await family.reread(deps, row))?.finished_at) return { code: family.finished };
      log.error({ reqId: request.traceId, workflowId }, 'a row that is not finished has no running workflow: npm run rebuild');
      return { code: 'COMMAND_PENDING' };
    case 'none':
      return unanswered(answer.error);
    default:
      return answer satisfies never;
  }
}
