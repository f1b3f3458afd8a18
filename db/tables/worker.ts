import { defineEntity, p } from '@mikro-orm/core';
import { now } from './columns.ts';

/** A polling worker updates its row every few seconds; /readyz reads it. */
export const WorkerEntity = defineEntity({
  name: 'WorkerEntity',
  tableName: 'workers',
  properties: {
    id: p.text().primary(),
    taskQueue: p.text(),
    seenAt: now(),
    /** What this worker could not ensure on Temporal yet. */
    missing: p.array().defaultRaw("'{}'"),
  },
});

/** A workflow whose code has not returned on a worker: until then its tasks fail at once, on every worker. */
export const WorkflowQuarantineEntity = defineEntity({
  name: 'WorkflowQuarantineEntity',
  tableName: 'workflow_quarantines',
  properties: {
    workflowId: p.text().primary(),
    workflowType: p.text(),
    runId: p.text(),
    /** How often; a call that returned late does not count. */
    times: p.integer().defaultRaw('1'),
    firstAt: now(),
    lastAt: now(),
    until: p.datetime(),
    /** The workers on which it has not returned since the quarantine began; each lifts only its own. */
    putBy: p.array().defaultRaw("'{}'"),
  },
});
