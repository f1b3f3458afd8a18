import { Context } from '@temporalio/activity';
import { addToRun } from '../db/operations/batch-runs.ts';
import { erasePeople } from '../db/orders/erase.ts';
import { dropBodies } from '../db/tracking/bodies.ts';
import type { BatchCounts, BatchRun } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';

const CALLBACKS = 1_000;
const ORDERS = 100;

export interface ErasedSoFar {
  /** Of the whole run. */
  counts: BatchCounts;
  more: boolean;
}

/**
 * One page of callbacks' bodies and one of orders' people. Each is one transaction with its counts in the run's row, so that a crash
 * loses or repeats neither. A page that did not succeed (it may have taken too long) is tried again at half its size.
 */
export function createErasePage({ db, terms, onErased }: Pick<ActivityDeps, 'db' | 'terms' | 'onErased'>) {
  return async function erasePage(run: BatchRun): Promise<ErasedSoFar> {
    const halvings = Context.current().info.attempt - 1;
    const sized = (most: number) => Math.max(1, Math.floor(most / 2 ** halvings));

    const callbacks = sized(CALLBACKS);
    const { dropped, ...afterBodies } = await db.transaction(async (query) => {
      const count = await dropBodies(query, terms.trackingBodyDays, callbacks);
      const counts = await addToRun(query, run, { examined: count, succeeded: count, failed: 0, skipped: 0 });
      return { dropped: count, counts };
    });
    onErased('callback', dropped);
    const { personalDataDays } = terms;
    if (personalDataDays === null) return { ...afterBodies, more: dropped === callbacks };

    const orders = sized(ORDERS);
    const { looked, erased, open, counts } = await db.transaction(async (query) => {
      const page = await erasePeople(query, personalDataDays, orders);
      const counted = { examined: page.looked, succeeded: page.erased, failed: 0, skipped: page.looked - page.erased };
      return { ...page, counts: await addToRun(query, run, counted) };
    });
    onErased('order', erased);
    // What is in use is left to the next night: a page of nothing else must not be asked for again and again.
    const moreOrders = looked === orders && erased + open > 0;
    return { counts, more: dropped === callbacks || moreOrders };
  };
}
