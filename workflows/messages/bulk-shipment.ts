import { searchAttributes } from './names.ts';

export const BULK_WORKFLOW = 'bulkShipment';
export const bulkWorkflowId = (jobId: string): string => `bulk-${jobId}`;

export interface BulkStart {
  jobId: string;
  continueAsNewAfter?: number | undefined;
}

export const bulkStartOptions = (jobId: string, continueAsNewAfter: number | undefined) => ({
  workflowId: bulkWorkflowId(jobId),
  args: [{ jobId, continueAsNewAfter }] as [BulkStart],
  staticSummary: `출고완료 일괄 ${jobId}`,
  staticDetails: '검증된 행을 묶음으로 나누어 출고완료합니다. 행과 결과는 PostgreSQL에 있습니다.',
  attributes: { [searchAttributes.kind]: 'bulk' },
});

/** The job's progress after a chunk. */
export interface ChunkResult {
  /** There may be rows left to ship. */
  more: boolean;
  /** The job was canceled: no further chunk. */
  canceled: boolean;
  processed: number;
  valid: number;
}
