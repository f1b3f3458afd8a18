import type { Schemas } from '../../../api/api.ts';

export const WORK_BATCHES = '/api/bo/v1/work-batches';
/** What a change of a batch changes. */
export const batchReads = [WORK_BATCHES, '/api/bo/v1/delivery-lines'];

export type WorkBatch = Schemas['WorkBatch'];
export type WholeWorkBatch = Schemas['WholeWorkBatch'];
export type BatchResults = Schemas['WorkBatchResults'];

/** In their order; an operator goes one on, or back. */
export const batchStates = ['created', 'picking', 'verifying', 'completed'] as const satisfies WorkBatch['state'][];

export const ownerOf = ({ owner, ownerName }: Pick<WorkBatch, 'owner' | 'ownerName'>): string => ownerName ?? owner;

/** The lines of a batch in the list of all lines. */
export const batchLinesHref = (no: number): string => `/lines/all?workBatch=${no}`;
