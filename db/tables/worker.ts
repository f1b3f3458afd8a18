import { defineEntity, p } from '@mikro-orm/core';
import { now } from './columns.ts';

/** A worker that polls says so every few seconds; /readyz looks here. */
export const WorkerEntity = defineEntity({
  name: 'WorkerEntity',
  tableName: 'workers',
  properties: {
    id: p.text().primary(),
    taskQueue: p.text(),
    seenAt: now(),
  },
});
