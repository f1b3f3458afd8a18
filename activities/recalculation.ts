import { CancelledFailure } from '@temporalio/activity';
import { type Recalculated, recalculatePage } from '../db/operations/recalculations.ts';
import type { ActivityDeps } from './deps.ts';
import { beating } from './heartbeat.ts';

const LINES = 1_000;
const PAGES = 20;

/** Some pages of a recalculation, each a transaction of its own that notes how far it has come. */
export function createRecalculatePages({ db }: Pick<ActivityDeps, 'db'>) {
  return function recalculatePages({ requestId }: { requestId: string }): Promise<Recalculated> {
    return beating(async (signal) => {
      for (let pages = 1; ; pages++) {
        const page = await db.transaction((query) => recalculatePage(query, requestId, LINES));
        if (!page.more || pages === PAGES) return page;
        if (signal.aborted) throw new CancelledFailure('the worker stops');
      }
    });
  };
}
