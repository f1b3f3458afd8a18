import { allHandlersFinished, condition, patched, workflowInfo } from '@temporalio/workflow';
import type { Life } from './entity.ts';
import type { Asked } from './messages/entry.ts';

/** Whether the run's history is so long that it should go on in a new one; `after` = events, for tests. */
export const isCrowded = (after: number | undefined): boolean => {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (after !== undefined && historyLength >= after);
};

/** What happens to a row by the passing of time. */
export interface Clock {
  /** The instant of the next such thing; null = there is none. */
  due: () => string | null;
  /** Called in turn, and only when that instant has come by then. */
  whenDue: () => Promise<void>;
}

/**
 * Lives until the row is finished, and goes on in a new run when this one's history is long. No run ends while a handler is at
 * work, but this returns as soon as the row is finished: the caller waits for `allHandlersFinished` when it has done its own part.
 */
export async function untilFinished<Row extends { finishedAt: string | null }, M extends Asked, Outcome>(
  life: Life<Row, M, Outcome>,
  crowded: () => boolean,
  goOn: () => Promise<void>,
  { due, whenDue }: Clock = { due: () => null, whenDue: async () => {} },
): Promise<void> {
  const finished = () => life.row.finishedAt !== null;
  /** What was queued before it may have moved the instant: delivered again, a line's days begin anew. Earlier code did not look. */
  const inTime = async () => {
    const at = due();
    if (at === null) return;
    if (Date.parse(at) > Date.now() && patched('look-at-the-date')) return;
    await whenDue();
  };
  while (!finished()) {
    const at = due();
    const woken = () => finished() || crowded() || due() !== at;
    if (at === null) await condition(woken);
    else if (!(await condition(woken, Math.max(1, Date.parse(at) - Date.now())))) await life.inTurn(inTime);
    if (finished() || !crowded()) continue;
    await condition(allHandlersFinished);
    if (!finished()) await goOn();
  }
}
