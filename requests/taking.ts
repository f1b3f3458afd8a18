import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { together } from '../db/batching.ts';
import { isRefused, isUnwritten } from '../db/errors.ts';
import { findRequest, type RequestKey } from '../db/requests/find.ts';
import { takeRequest } from '../db/requests/lease.ts';
import { insertRequests, type NewRequest } from '../db/requests/write.ts';
import type { Row } from '../db/statement.ts';
import { Problem } from '../domain/problems.ts';
import type { Answers } from './answers.ts';
import { isSameBody } from './same-body.ts';
import type { Answer, Asked, Outcomes, RequestDeps, StoredRequest } from './store.ts';

export const RETRY_AFTER_SECONDS = '5';
/** Pauses in which another process may finish storing an answer that its caller has already. */
const STORED_ELSEWHERE_MS = [50, 100, 200];

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What PostgreSQL refuses is not tried again: there is nothing to execute. */
const unlessRefused = (error: unknown): void => {
  if (!isRefused(error)) throw error;
};

/** A row as it is executed. */
export const toStored = (row: Row<'requests'>): StoredRequest => ({
  id: row.id,
  sub: row.sub,
  operation: row.operation,
  params: row.params,
  body: row.body,
  reason: row.reason,
  respondAsync: row.respond_async,
  traceId: row.trace_id,
  attempts: row.attempts,
  unended: row.unended,
  outcomes: new Map(Object.entries(row.outcomes ?? {})),
});

/** Stores a new request, or finds what became of the one with its key: its answer, or the request to be executed again. */
export function createTaking({ db, config, log }: Pick<RequestDeps, 'db' | 'config' | 'log'>, answers: Answers, lockMs: number) {
  /** Whether it was new. */
  const insert = together(async (requests: NewRequest[]): Promise<boolean[]> => {
    const ids = await insertRequests(db.query, requests, { lockMs, sweepAfterMs: config.REQUEST_SWEEP_AFTER_MS });
    return requests.map(({ id }) => ids.has(id));
  });

  /** Handles a key that exists: returns its answer, or the request to be executed again, or throws a conflict. */
  const again = async (key: RequestKey, bodyHash: string, body: unknown): Promise<StoredRequest | Answer> => {
    const taken = await takeRequest(db.query, key, bodyHash, lockMs);
    if (taken) return toStored(taken);
    let row = await findRequest(db.query, key);
    if (row && row.body_hash !== bodyHash) {
      if (!isSameBody(row.body, body)) throw new Problem('IDEMPOTENCY_KEY_REUSED');
      return again(key, row.body_hash, body);
    }
    // The caller may have the answer while this or another process is still storing it.
    for (const ms of STORED_ELSEWHERE_MS) {
      if (row?.status !== null) break;
      await (answers.underway(row.id) ?? sleep(ms));
      row = await findRequest(db.query, key);
    }
    if (!row || row.status === null)
      throw new Problem('IDEMPOTENCY_KEY_BUSY', undefined, {}, { 'retry-after': RETRY_AFTER_SECONDS });
    return { status: row.status, body: row.answer, final: true };
  };

  return async (name: string, asked: Asked): Promise<StoredRequest | Answer> => {
    const { id, sub, member_id, method, path, key, traceId, params = {}, body, reason = null, respondAsync = false } = asked;
    const at = { sub, member_id, method, path, key };
    const bodyHash = hashOf(body ?? null);
    const texts = { params: JSON.stringify(params), body: JSON.stringify(body ?? null) };
    const request: NewRequest = {
      ...at,
      ...texts,
      id,
      operation: name,
      reason,
      body_hash: bodyHash,
      respond_async: respondAsync,
      trace_id: traceId,
    };
    let isNew = true;
    try {
      isNew = await insert(request);
      if (!isNew) return await again(at, bodyHash, body);
    } catch (error) {
      if (error instanceof Problem || isRefused(error)) throw error;
      log.warn({ reqId: traceId, requestId: id, err: error }, 'a request could not be stored');
      // Under a known key a request is stored already, and may be done.
      const isNothing = isNew && isUnwritten(error);
      // Only the acknowledgement may be lost: then another process executes it. What its caller is told comes true either way.
      if (isNew && !isNothing) answers.storeLater(id, () => insert(request).catch(unlessRefused));
      throw new Problem(isNothing ? 'UNAVAILABLE' : 'COMMAND_PENDING', undefined, {}, { 'retry-after': RETRY_AFTER_SECONDS });
    }
    const outcomes: Outcomes = new Map();
    return { id, sub, operation: name, params, body, reason, respondAsync, traceId, attempts: 1, unended: 1, outcomes };
  };
}
