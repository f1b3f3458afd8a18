import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandDeps } from '../commands/deps.ts';
import type { RequestKey } from '../db/requests/find.ts';
import { leaseRequests, putBack } from '../db/requests/lease.ts';
import { createAnswers, pending } from './answers.ts';
import { createExecution } from './execution.ts';
import { createTaking, toStored } from './taking.ts';

/** A stored POST or PUT that changes something, as passed to its operation. */
export interface StoredRequest {
  id: string;
  sub: string;
  operation: string;
  params: Record<string, string>;
  body: unknown;
  reason: string | null;
  respondAsync: boolean;
  /** X-Request-Id of the call that stored it, for log lines. */
  traceId: string;
  /** 1 = first execution; more = repeated by the client or the sweep, so check what is done already. */
  attempts: number;
  /** Executions begun since the last one that ended, with this one. */
  unended: number;
  /**
   * What callers were told of each part, null = pending. A repeat starts from it: what was told is final, and only the pending
   * parts are done. What this execution finds out is written into it.
   */
  outcomes: Outcomes;
}

/** By the part's name. */
export type Outcomes = Map<string, unknown>;

/** An operation's answer; `final: false` = something is still pending, to be finished by a repeat or the sweep. */
export interface Answer {
  status: number;
  body: unknown;
  final: boolean;
  /** Workflows and their history rows know every outcome, so a second execution gives the same answer. */
  recallable?: boolean;
}

/** Executes a request. `atHand` is data that only the first caller's process has; a repeat and the sweep run without it. */
export type Execute<AtHand> = (request: StoredRequest, atHand?: AtHand) => Promise<Answer>;

/** Code, and the name under which its requests are stored. */
export interface Operation<AtHand> {
  name: string;
  execute: Execute<AtHand>;
  /** For what may take longer than COMMAND_TIMEOUT_MS. */
  longestMs?: number | undefined;
}

export interface Requests {
  /** The id of a request that is to be stored. */
  newId: () => string;
  /** Makes the operation known to the sweep. Two routes may share a name only if they share the code. */
  register: <AtHand>(operation: Operation<AtHand>) => Operation<AtHand>;
  /** Stores the request and executes it; for a key used before, returns the first answer. Throws a Problem that ends it. */
  run: <AtHand>(operation: Operation<AtHand>, asked: Asked, atHand?: AtHand) => Promise<Answer>;
  sweep: () => Promise<number>;
  /** Resolves when every given answer is stored, and what an outage interrupted was tried once more. */
  answersStored: () => Promise<void>;
}

/** One POST or PUT, and who sends it. */
export interface Asked extends RequestKey {
  body: unknown;
  /** Also the id of the stored request, when it is new. */
  id: string;
  traceId: string;
  params?: Record<string, string> | undefined;
  reason?: string | null | undefined;
  respondAsync?: boolean | undefined;
}

/** Dependencies of the store. */
export interface RequestDeps extends Pick<CommandDeps, 'db' | 'log' | 'tracing'> {
  config: Pick<CommandDeps['config'], 'COMMAND_TIMEOUT_MS'> & { REQUEST_SWEEP_AFTER_MS: number };
  metrics: Pick<CommandDeps['metrics'], 'swept' | 'givenUp' | 'refused'>;
}

/** An executing request is locked for its time-out and this much more. */
const LOCK_MARGIN_MS = 5_000;
const SWEEP_BATCH = 16;

/**
 * The store of requests (docs/decisions/requests-decide-repeats.md): stores each before execution, and its answer afterwards. It
 * recognizes repeats (by sub, method, path and Idempotency-Key); its sweep executes unanswered requests again, under the same ids.
 */
export function createRequests({ db, config, log, metrics, tracing }: RequestDeps): Requests {
  const operations = new Map<string, Operation<never>>();
  const lockMs = config.COMMAND_TIMEOUT_MS + LOCK_MARGIN_MS;
  const answers = createAnswers(db, log);
  const take = createTaking({ db, config, log }, answers, lockMs);
  const execute = createExecution({ db, log, metrics, tracing }, answers, lockMs);
  /** Executes what the sweep has taken. For what may take longer than a lock, an upload, the others do not wait: it goes on by itself. */
  const sweepOne = (request: StoredRequest, { execute: work, longestMs }: Operation<never>): Promise<Answer> => {
    const executed = execute(request, () => work(request), longestMs);
    return longestMs === undefined ? executed : Promise.race([executed, sleep(lockMs, pending(), { ref: false })]);
  };

  return {
    newId: tracing.newRequestId,
    register: (operation) => {
      operations.set(operation.name, operation as Operation<never>);
      return operation;
    },
    run: (operation, asked, atHand) =>
      tracing.span({ name: 'request', facts: { operation: operation.name }, is: asked.id }, async () => {
        const found = await take(operation.name, asked);
        if ('status' in found) return found;
        // A second execution uses only what was stored: the data at hand may be outdated since the first time.
        const work = () => operation.execute(found, found.attempts === 1 ? atHand : undefined);
        return await execute(found, work, operation.longestMs);
      }),
    sweep: async () => {
      await answers.settleAll();
      const leased = (await leaseRequests(db.query, lockMs, SWEEP_BATCH)).map(toStored);
      const unknown = leased.filter(({ operation }) => !operations.has(operation));
      if (unknown.length > 0) {
        log.error({ operations: [...new Set(unknown.map(({ operation }) => operation))] }, 'requests of unknown operations');
        await putBack(db.query, unknown);
      }
      const swept = await Promise.all(
        leased.flatMap((request) => {
          const operation = operations.get(request.operation);
          return operation ? [sweepOne(request, operation)] : [];
        }),
      );
      metrics.swept.inc({ kind: 'request' }, swept.filter(({ final }) => final).length);
      return leased.length;
    },
    answersStored: async () => {
      await answers.allStored();
      await answers.settleAll();
    },
  };
}
