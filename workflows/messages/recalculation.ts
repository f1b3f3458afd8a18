import { searchAttributes } from './names.ts';

export const RECALCULATION_WORKFLOW = 'recalculation';

/** The id of the request that asked for it. Its open row keeps a second one from beginning. */
export const recalculationWorkflowId = (requestId: string): string => `recalculation-${requestId}`;

export interface RecalculationStart {
  requestId: string;
  continueAsNewAfter?: number | undefined;
}

export const recalculationStartOptions = (requestId: string, continueAsNewAfter: number | undefined) => ({
  workflowId: recalculationWorkflowId(requestId),
  args: [{ requestId, continueAsNewAfter }] as [RecalculationStart],
  staticSummary: '발송기한 다시 계산',
  staticDetails: '아직 나가지 않은 주문내역의 발송기한을 지금의 달력으로 다시 계산합니다. 진행은 PostgreSQL에 있습니다.',
  attributes: { [searchAttributes.kind]: 'batch' },
});
