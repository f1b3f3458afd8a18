import { continueAsNew, proxyActivities, setCurrentDetails, setWorkflowOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { RecalculationStart } from './messages/recalculation.ts';
import { pinned } from './pinned.ts';
import { isCrowded } from './until-finished.ts';

const { recalculatePages } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/**
 * Reckons the deadlines (발송기한) of lines that have still to leave anew, pages at a time. The job's row says how far it has come, so
 * pages may be asked for again, late, or on another worker; the workflow's history holds counts only.
 */
export async function recalculation(start: RecalculationStart): Promise<void> {
  const { requestId, continueAsNewAfter } = start;
  for (;;) {
    const { more, examined, changed } = await recalculatePages({ requestId });
    setCurrentDetails(`${examined}건 확인, ${changed}건 변경`);
    if (!more) return;
    if (isCrowded(continueAsNewAfter)) await continueAsNew<typeof recalculation>(start);
  }
}

setWorkflowOptions(pinned, recalculation);
