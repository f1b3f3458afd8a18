import { Context } from '@temporalio/activity';
import { markOverdue } from '../db/deliveries/overdue.ts';
import { addToRun } from '../db/operations/batch-runs.ts';
import { koreanDay } from '../domain/korea.ts';
import type { BatchRun, PageDone } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';

const LINES = 1_000;

/**
 * One page of lines that have not left by their day, marked by one statement, in one transaction with its count in the run's row, so that
 * a crash loses or repeats neither. A page that did not succeed (it may have taken too long) is tried again at half its size.
 */
export function createOverduePage({ db, onOverdue }: Pick<ActivityDeps, 'db' | 'onOverdue'>) {
  return async function overduePage(run: BatchRun): Promise<PageDone> {
    const most = Math.max(1, Math.floor(LINES / 2 ** (Context.current().info.attempt - 1)));
    const page = await db.transaction(async (query) => {
      const marked = await markOverdue(query, koreanDay(new Date()), most);
      const counts = await addToRun(query, run, { examined: marked, succeeded: marked, failed: 0, skipped: 0 });
      return { marked, counts };
    });
    onOverdue(page.marked);
    return { counts: page.counts, more: page.marked === most };
  };
}
