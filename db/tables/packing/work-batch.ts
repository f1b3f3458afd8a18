import { defineEntity, p } from '@mikro-orm/core';
import { type DropReason, dropReasons, workBatchStates } from '../../../domain/packing/work-batch.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from '../columns.ts';

/** A batch of work (작업차수). */
export const WorkBatchEntity = defineEntity({
  name: 'WorkBatchEntity',
  tableName: 'work_batches',
  properties: {
    workBatchNo: identity().primary(),
    state: oneOf(namesOf(workBatchStates)).default('created'),
    /** Whose work it is now; when that was asked for. */
    owner: p.text(),
    ownerAskedAt: p.datetime(),
    stateAskedAt: p.datetime(),
    /** Null: its lines leave from several places, or from none. */
    placeNo: p.bigint('number').nullable(),
    createdBy: p.text(),
    createdAt: now(),
    completedAt: p.datetime().nullable(),
    updatedAt: now(),
  },
  checks: [
    isOneOf('work_batches_state_check', 'state', namesOf(workBatchStates)),
    { name: 'work_batches_completed', expression: "(state = 'completed') = (completed_at is not null)" },
  ],
  indexes: [
    { name: 'work_batches_state', properties: ['state', 'workBatchNo'] },
    { name: 'work_batches_owner', properties: ['owner', 'workBatchNo'] },
    { name: 'work_batches_place', properties: ['placeNo', 'workBatchNo'] },
    { name: 'work_batches_open', properties: ['workBatchNo'], where: "state <> 'completed'" },
  ],
});

/** A line of a batch. How it stands there is read from the line itself while it is open. */
export const WorkBatchLineEntity = defineEntity({
  name: 'WorkBatchLineEntity',
  tableName: 'work_batch_lines',
  properties: {
    workBatchNo: references(p.bigint('number').primary(), 'work_batch_lines.work_batch_no', () => WorkBatchEntity),
    deliveryNo: p.text().primary(),
    lineNo: p.integer().primary(),
    /** A line is in one open batch at most. */
    isOpen: p.boolean().defaultRaw('true'),
    /** Why it went without being shipped: it was taken out, or it stood so when the batch was completed. */
    droppedAs: oneOf<DropReason>(namesOf(dropReasons)).nullable(),
  },
  checks: [
    isOneOf('work_batch_lines_dropped_as_check', 'droppedAs', namesOf(dropReasons), 'dropped_as'),
    { name: 'work_batch_lines_dropped', expression: 'not is_open or dropped_as is null' },
  ],
  indexes: [{ name: 'work_batch_lines_line', properties: ['deliveryNo', 'lineNo', 'workBatchNo'] }],
  uniques: [{ name: 'work_batch_lines_open', properties: ['deliveryNo', 'lineNo'], where: 'is_open' }],
});
