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
  },
});
