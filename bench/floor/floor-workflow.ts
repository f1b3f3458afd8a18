import { condition, defineSignal, defineUpdate, proxyLocalActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { FloorEntry, FloorMove } from './floor-record.ts';

/*
 * The minimum that does the same: an update, one local activity that writes the row, the state. No table of rules, no validator,
 * no queue, no memory of earlier requests, no texts for operators.
 */
const { record } = proxyLocalActivities<{ record(entry: FloorEntry): Promise<void> }>({ startToCloseTimeout: '4s' });

export async function floor(deliveryNo: string): Promise<void> {
  let state = 'ordered';
  let revision = 1;
  const move = async ({ requestId, to }: FloorMove) => {
    const next = revision + 1;
    await record({ deliveryNo, requestId, from: state, to, revision: next, at: new Date().toISOString() });
    state = to;
    revision = next;
    return { state, revision };
  };
  setHandler(defineUpdate<{ state: string; revision: number }, [FloorMove]>('move'), move);
  setHandler(defineSignal<[FloorMove]>('event'), async (message) => {
    await move(message);
  });
  await condition(() => workflowInfo().continueAsNewSuggested);
}
