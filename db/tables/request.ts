import { defineEntity, p } from '@mikro-orm/core';
import type { SpreadPlan } from '../../domain/deliveries/spread.ts';
import { now } from './columns.ts';

/** Every POST and PUT that changes something, stored before execution and answered after; used for keys, texts and the sweep. */
export const RequestEntity = defineEntity({
  name: 'RequestEntity',
  tableName: 'requests',
  properties: {
    id: p.text().primary(),
    sub: p.text(),
    /** The caller's member_id; empty = the shop. */
    memberId: p.text().default(''),
    method: p.text(),
    path: p.text(),
    key: p.text(),
    /** The API operation that executes it, with its path parameters. */
    operation: p.text(),
    params: p.json<Record<string, string>>(),
    bodyHash: p.text(),
    body: p.json<unknown>(),
    reason: p.text().nullable(),
    respondAsync: p.boolean().default(false),
    /** X-Request-Id, for the activity's log lines. */
    traceId: p.text(),
    status: p.integer().nullable(),
    answer: p.json<unknown>().columnType('json').nullable(),
    /** What callers were told of each part, while the request as a whole has no final answer; null = pending. */
    outcomes: p.json<Record<string, unknown>>().columnType('json').nullable(),
    /** How its quantities are spread over parts of lines, as far as it has been carried out. */
    plan: p.json<SpreadPlan>().nullable(),
    attempts: p.integer().default(1),
    /** Executions begun since the last one that ended: a process that dies leaves its own behind. */
    unended: p.integer().default(0),
    createdAt: now(),
    lockedUntil: p.datetime().nullable(),
    /** When the sweep may execute it again. */
    sweepAt: p.datetime(),
    answeredAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'requests_unanswered', properties: ['sweepAt'], where: 'answered_at is null' },
    { name: 'requests_suspected', properties: ['sweepAt'], where: 'answered_at is null and unended >= 2' },
    { name: 'requests_answered', properties: ['answeredAt'], where: 'answered_at is not null' },
  ],
  uniques: [{ name: 'requests_caller_key', properties: ['sub', 'memberId', 'method', 'path', 'key'] }],
});
